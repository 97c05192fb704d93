//! Where time comes from. Everything else takes a [`Clock`], so that tests move time instead of sleeping.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How far two clocks may differ, the tenant's and ours or those of two replicas.
pub const SKEW: Duration = Duration::MINUTE;

/// A source of the current time (UTC), and of time that only passes.
#[derive(Clone)]
pub struct Clock {
    shown: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    /// How long this process has run. Nobody can set that.
    running: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// What the clock showed when it was made: names the process whose running time a [`Mark`] holds.
    process: OffsetDateTime,
}

/// A moment, by the clock and by the running time of the process that marked it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// What the clock showed.
    pub at: OffsetDateTime,
    process: OffsetDateTime,
    running: Duration,
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    pub fn system() -> Self {
        let began = Instant::now();
        Self::of(OffsetDateTime::now_utc, move || began.elapsed().try_into().unwrap_or(Duration::MAX))
    }

    /// A clock that shows whatever `read` returns, and knows no other time.
    pub fn from_fn(read: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self::of(read, || Duration::ZERO)
    }

    /// A clock that shows whatever `shown` returns, in a process that has run for as long as `running` says.
    pub fn of(
        shown: impl Fn() -> OffsetDateTime + Send + Sync + 'static,
        running: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        let process = shown();
        Self { shown: Arc::new(shown), running: Arc::new(running), process }
    }

    /// What the clock shows now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.shown)()
    }

    /// Whether no more than `time` has passed since an instant. One that lies ahead, by more than clocks differ, was read
    /// before the clock was set back: nobody knows how long ago it was, so it counts as long ago.
    #[must_use]
    pub fn is_within(&self, time: Duration, since: OffsetDateTime) -> bool {
        let age = self.now() - since;
        -SKEW <= age && age < time
    }

    /// This moment.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { at: self.now(), process: self.process, running: (self.running)() }
    }

    /// What is left of `time` after a moment. More of it is gone by the clock or, in the process that marked the moment, by
    /// its running time: so a clock that is set, forward or back, gives nobody more. Another process (after a restart, or
    /// another replica) has the clock alone: there, one that is set back gives as much as it is set back by.
    #[must_use]
    pub fn left(&self, time: Duration, since: &Mark) -> Duration {
        let by_clock = self.now() - since.at;
        if by_clock < -SKEW {
            return Duration::ZERO;
        }
        let known_here = since.process == self.process;
        let by_running = if known_here { (self.running)() - since.running } else { Duration::ZERO };
        let gone = by_clock.max(by_running).max(Duration::ZERO);
        (time - gone).max(Duration::ZERO)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
