//! The tenant's clock: the system's, a function, or a manual one that stands still until a test moves it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

/// A source of time. Clones of a manual clock share its instant, so a test can move portal and tenant together.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Function(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>),
    Manual(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the tenant reads the time")]
    pub fn system() -> Self {
        Self::from_fn(Arc::new(OffsetDateTime::now_utc))
    }

    /// A clock that stands at `at` until [`Clock::advance`] or [`Clock::set`] moves it.
    #[must_use]
    pub fn manual(at: OffsetDateTime) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(at))))
    }

    /// A clock that calls a function each time, for example another program's clock.
    #[must_use]
    pub fn from_fn(now: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>) -> Self {
        Self(Source::Function(now))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::Function(now) => now(),
            Source::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a manual clock forward; has no effect on other clocks.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    /// Sets a manual clock; has no effect on other clocks.
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
