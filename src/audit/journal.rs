//! The journal: the line of each operation that has not ended, stored before the tenant is asked. When its time is over
//! and nobody has told its end, whichever process comes first tells that line.
//!
//! The store has no search, so an intent stands under the period in which its time ends and a number in that period.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime};

use super::Line;
use crate::clock::SKEW;
use crate::store::{Error, Key, RecordKind, Store};

/// Intents whose time ends together are numbered together.
const PERIOD: Duration = Duration::seconds(30);
/// How long an intent waits for a process that tells it: a long weekend without any.
const WAITS_FOR: Duration = Duration::days(3);
/// How long one process tells the intents of a period while others leave them alone.
const TELLING: Duration = Duration::MINUTE;

/// The place of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    period: i64,
    number: u64,
}

pub(super) struct Journal {
    store: Store,
    /// Everything before this period is told.
    told_before: AtomicI64,
}

impl Journal {
    pub(super) fn new(store: Store) -> Self {
        Self { store, told_before: AtomicI64::new(0) }
    }

    /// Keeps the line that is told if nothing else is within `time`.
    pub(super) async fn keep(&self, line: &Line, time: Duration) -> Result<Intent, Error> {
        let period = period_of(self.store.now() + time);
        let number = self.store.increment(self.count_key(period), time + WAITS_FOR).await?.count;
        let intent = Intent { period, number };
        self.store.put(self.key(intent), line, time + WAITS_FOR).await?;
        Ok(intent)
    }

    /// Forgets an intent, because its end was told.
    pub(super) async fn forget(&self, intent: Intent) -> Result<(), Error> {
        self.store.remove(self.key(intent)).await
    }

    /// The same after something that has happened whatever the store does.
    pub(super) async fn forget_or_warn(&self, intent: Intent) {
        if let Err(error) = self.forget(intent).await {
            tracing::warn!(%error, "ended operation stays in the journal");
        }
    }

    /// The ended periods that this process has not gone through yet.
    pub(super) fn ended(&self) -> impl Iterator<Item = i64> + use<> {
        let now = self.store.now();
        let first = period_of(now - WAITS_FOR).max(self.told_before.load(Ordering::SeqCst));
        // Another replica's clock may be behind ours.
        first..period_of(now - SKEW)
    }

    /// The intents of a period, unless another process tells or has told them.
    pub(super) async fn of(&self, period: i64) -> Result<Option<Vec<(Intent, Line)>>, Error> {
        let numbers = self.store.count(self.count_key(period)).await?.count;
        if numbers == 0 || self.store.get::<()>(self.mark(period, "told")).await?.is_some() {
            return Ok(Some(Vec::new()));
        }
        if !self.store.insert(self.mark(period, "telling"), &(), TELLING).await? {
            return Ok(None);
        }
        let mut intents = Vec::new();
        for number in 1..=numbers {
            let intent = Intent { period, number };
            intents.extend(self.store.get(self.key(intent)).await?.map(|line| (intent, line)));
        }
        if intents.is_empty() {
            self.store.put(self.mark(period, "told"), &(), WAITS_FOR).await?;
        }
        Ok(Some(intents))
    }

    /// Goes on behind this period.
    pub(super) fn finish(&self, period: i64) {
        self.told_before.store(period + 1, Ordering::SeqCst);
    }

    fn key(&self, Intent { period, number }: Intent) -> Key {
        self.store.key_of(RecordKind::Operation, &[&period.to_string(), &number.to_string()])
    }

    fn mark(&self, period: i64, mark: &str) -> Key {
        self.store.key_of(RecordKind::Operation, &[&period.to_string(), mark])
    }

    fn count_key(&self, period: i64) -> Key {
        self.store.key_of(RecordKind::Counter, &["operations", &period.to_string()])
    }
}

fn period_of(time: OffsetDateTime) -> i64 {
    time.unix_timestamp().div_euclid(PERIOD.whole_seconds())
}
