//! The state that all virtual people share: tenant, portal, pace and record.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use emulated_tenant::Tenant;
use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};
use url::Url;

use crate::record::Record;

pub(crate) struct World {
    pub(crate) tenant: Tenant,
    pub(crate) portal: Url,
    pub(crate) record: Record,
    pub(crate) began: Instant,
    /// True while the tenant is well, and no request still waits because of an earlier fault.
    pub(crate) calm: AtomicBool,
    /// True once the portal's shutdown is requested.
    pub(crate) over: AtomicBool,
    pace: Mutex<Interval>,
}

impl World {
    pub(crate) fn new(tenant: Tenant, portal: Url, rate: f64) -> anyhow::Result<Arc<Self>> {
        anyhow::ensure!(rate > 0.0, "--rate must be more than 0");
        let mut pace = interval(Duration::from_secs_f64(1.0 / rate));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (record, began) = (Record::default(), Instant::now());
        let (calm, over) = (AtomicBool::new(true), AtomicBool::new(false));
        Ok(Arc::new(Self { tenant, portal, record, began, calm, over, pace: Mutex::new(pace) }))
    }

    /// Waits until the next request may be sent.
    pub(crate) async fn wait_for_pace(&self) {
        self.pace.lock().await.tick().await;
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::SeqCst)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}
