//! The attempts to come. The store has no search, so one stands under the period of its time and a number in it.

use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{KEPT_FOR, Recipient};
use crate::clock::SKEW;
use crate::store::{Error, Key, RecordKind, Store};

/// Attempts whose time comes together are numbered together.
const PERIOD: Duration = Duration::MINUTE;
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::HOUR;

/// An attempt to come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Slot {
    pub(crate) change: String,
    pub(crate) recipient: Recipient,
    /// The attempts before it.
    pub(crate) attempt: u32,
}

/// The work of a time to come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Due {
    /// To send a message.
    Attempt(Slot),
    /// To tell of the change with this id, if nobody has said what became of it.
    Intent(String),
}

/// The attempts to come, and how far this process has gone through them.
pub(crate) struct Schedule {
    store: Store,
    /// Everything before this period was tried.
    tried_before: AtomicI64,
}

impl Schedule {
    pub(super) fn new(store: Store) -> Self {
        Self { store, tried_before: AtomicI64::new(0) }
    }

    /// Schedules something after a pause.
    pub(super) async fn add(&self, due: &Due, pause: Duration) -> Result<(), Error> {
        let period = period_of(self.store.now() + pause);
        let number = self.store.increment(self.count_key(period), pause + KEPT_FOR).await?.count;
        self.store.put(self.key(period, number), due, pause + KEPT_FOR).await
    }

    /// The past periods that this process has not gone through yet.
    pub(crate) fn past(&self) -> impl Iterator<Item = i64> + use<> {
        let now = self.store.now();
        let first = period_of(now - KEPT_FOR).max(self.tried_before.load(Ordering::SeqCst));
        // Another replica's clock may be behind ours.
        first..period_of(now - SKEW)
    }

    /// The work that is due in a period.
    pub(crate) async fn of(&self, period: i64) -> Result<Vec<Due>, Error> {
        let mut due = Vec::new();
        for number in 1..=self.store.count(self.count_key(period)).await?.count {
            due.extend(self.store.get(self.key(period, number)).await?);
        }
        Ok(due)
    }

    /// Goes on behind this period.
    pub(crate) fn finish(&self, period: i64) {
        self.tried_before.store(period + 1, Ordering::SeqCst);
    }

    fn key(&self, period: i64, number: u64) -> Key {
        self.store.key_of(RecordKind::Outbox, &["slot", &period.to_string(), &number.to_string()])
    }

    fn count_key(&self, period: i64) -> Key {
        self.store.key_of(RecordKind::Counter, &["notices", &period.to_string()])
    }
}

/// One minute, two, four and so on.
pub(super) fn pause_after(attempts: u32) -> Duration {
    Duration::MINUTE.saturating_mul(1 << attempts.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

fn period_of(time: OffsetDateTime) -> i64 {
    time.unix_timestamp().div_euclid(PERIOD.whole_seconds())
}
