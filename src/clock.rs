//! Where time comes from. Everything else takes a [`Clock`], so that tests move time instead of sleeping.

use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

/// How far two clocks may differ, the tenant's and ours or those of two replicas.
pub const SKEW: Duration = Duration::MINUTE;

/// A source of the current time (UTC).
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// The machine's own clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    pub fn system() -> Self {
        Self(Arc::new(OffsetDateTime::now_utc))
    }

    /// A clock that shows whatever `read` returns.
    pub fn from_fn(read: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// What the clock shows now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }

    /// Whether no more than `time` has passed since an instant. One that lies ahead, by more than clocks differ, was read
    /// before the clock was set back: nobody knows how long ago it was, so it counts as long ago.
    #[must_use]
    pub fn is_within(&self, time: Duration, since: OffsetDateTime) -> bool {
        let age = self.now() - since;
        -SKEW <= age && age < time
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
