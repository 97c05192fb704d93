//! The tenant's time: the system's, a test's own, or one that stands still until it is moved.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

/// Says what time it is. Clones share one instant, so that a test can drive the portal and the tenant together.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Function(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>),
    Manual(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    /// The time of this machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the tenant reads the time")]
    pub fn system() -> Self {
        Self::from_fn(Arc::new(OffsetDateTime::now_utc))
    }

    /// Stands still at `at` until it is moved.
    #[must_use]
    pub fn manual(at: OffsetDateTime) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(at))))
    }

    /// Asks a function each time, which may be the clock of another program.
    #[must_use]
    pub fn from_fn(now: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>) -> Self {
        Self(Source::Function(now))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::Function(now) => now(),
            Source::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a manual clock forward; the others go by themselves and stay as they are.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    /// Puts a manual clock to an instant; the others stay as they are.
    pub fn set(&self, at: OffsetDateTime) {
        if let Source::Manual(instant) = &self.0 {
            *instant.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Clock({})", self.now())
    }
}
