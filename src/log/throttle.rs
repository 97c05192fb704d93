//! Keeps a flood from filling the disk with its own description.

use std::mem;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

const INTERVAL: Duration = Duration::SECOND;

/// Lets a line be logged once a second at most.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Unlogged>);

#[derive(Debug, Default)]
struct Unlogged {
    count: u64,
    logged_at: Option<OffsetDateTime>,
}

impl Throttle {
    /// Counts an occurrence. Returns the number since the last line, if one may be logged now.
    pub(crate) fn count(&self, now: OffsetDateTime) -> Option<u64> {
        let mut unlogged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        unlogged.count += 1;
        // Also when the clock was set back.
        if unlogged.logged_at.is_some_and(|at| (now - at).abs() < INTERVAL) {
            return None;
        }
        unlogged.logged_at = Some(now);
        Some(mem::take(&mut unlogged.count))
    }
}
