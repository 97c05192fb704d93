//! A portal with everything around it that can fail.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use emulated_tenant::{Clock, Options, Tenant};
use reqwest::Client;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::fault::Fault;
use crate::portal::Portal;
use crate::receivers::Receivers;
use crate::redis::Redis;
use crate::relay::Relay;
use crate::world::World;

/// Requests a second. Each scene has its own, and they share the machine.
const RATE: f64 = 5.0;

/// A running portal of one fault.
pub(crate) struct Scene {
    pub(crate) portal: Portal,
    pub(crate) world: Arc<World>,
    pub(crate) receivers: Receivers,
    /// Asks at the address for operators.
    pub(crate) operator: Client,
    pub(crate) redis: Option<Redis>,
    /// By how many seconds the tenant's clock is ahead.
    pub(crate) clocks_apart: Arc<AtomicU64>,
    relay: Option<Relay>,
    /// Of the file of sessions. The mutex only lets threads share the scene.
    lock: Option<Mutex<Connection>>,
    directory: TempDir,
}

impl Scene {
    /// Starts everything that this fault needs, all of it well.
    pub(crate) async fn set(fault: Fault, binary: &Path) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let clocks_apart = Arc::<AtomicU64>::default();
        let (ahead, system) = (clocks_apart.clone(), Clock::system());
        let now = move || system.now() + Duration::from_secs(ahead.load(Ordering::SeqCst));
        let clock = Clock::from_fn(Arc::new(now));
        let tenant = Tenant::start(Options { clock, ..Options::default() }).await?;
        let receivers = Receivers::open(&tenant).await?;
        let redis = if fault.is_of_sqlite() { None } else { Some(Redis::start(directory.path())?) };
        let relay = match (&redis, fault) {
            (Some(redis), Fault::RedisSlow) => Some(Relay::open(redis.address.clone()).await?),
            _ => None,
        };
        let store = match (&relay, &redis) {
            (Some(relay), _) => format!("redis://{}", relay.address),
            (None, Some(redis)) => redis.url(),
            (None, None) => format!("sqlite:{}", file(&directory)),
        };
        let settings: Vec<_> = receivers.settings().into_iter().chain(fault.settings()).collect();
        let portal = Portal::start(binary, &store, &tenant, &settings).await?;
        let world = World::new(tenant, portal.url.clone(), RATE)?;
        let operator = Client::builder().no_proxy().build()?;
        let lock = None;
        Ok(Self { portal, world, receivers, operator, redis, clocks_apart, relay, lock, directory })
    }

    pub(crate) fn redis(&self) -> Result<&Redis> {
        self.redis.as_ref().context("a portal without Redis")
    }

    pub(crate) fn relay(&self) -> Result<&Relay> {
        self.relay.as_ref().context("a portal without a relay")
    }

    /// Locks the file of sessions, as a program does that writes to it and does not end.
    pub(crate) fn lock_file(&mut self) -> Result<()> {
        let connection = Connection::open(file(&self.directory))?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        self.lock = Some(Mutex::new(connection));
        Ok(())
    }
}

fn file(directory: &TempDir) -> String {
    directory.path().join("store.db").display().to_string()
}
