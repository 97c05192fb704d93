//! Whose turn it is on a connection, and until when the client has to have done its part.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::head::Head;

/// A request's head comes whole within this time from its first byte, and the first one from the connection's beginning:
/// it is a few packets, and who drips it keeps others out.
pub(super) const HEAD: Duration = Duration::from_secs(10);
/// An answer is taken, and the next request begun, within this time. Longer, so that a proxy can keep its connections
/// for the next person; not much longer, for each of them holds a place.
pub(super) const IDLE: Duration = Duration::from_secs(60);

/// Shared by a connection's two sides: the stream, which sees bytes, and the service, which sees requests.
#[derive(Clone)]
pub(super) struct Turn(Arc<Mutex<Step>>);

enum Step {
    /// The client's: it has begun a request, or is new.
    Asking { until: Instant, head: Head },
    /// Ours: a page has a deadline of its own.
    Ours,
    /// The client's: it takes the answer, and may ask again.
    Idle { until: Instant },
}

impl Step {
    fn asking() -> Self {
        Self::Asking { until: Instant::now() + HEAD, head: Head::default() }
    }
}

impl Turn {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Step::asking())))
    }

    /// Bytes have come; an error is a reason to listen no longer.
    pub(super) fn came(&self, bytes: &[u8]) -> io::Result<()> {
        let mut step = self.step();
        if let (Step::Idle { .. }, false) = (&*step, bytes.is_empty()) {
            *step = Step::asking();
        }
        match &mut *step {
            Step::Asking { head, .. } => head.read(bytes),
            Step::Ours | Step::Idle { .. } => Ok(()),
        }
    }

    /// A request's head is whole.
    pub(super) fn asked(&self) {
        *self.step() = Step::Ours;
    }

    /// Its answer is made.
    pub(super) fn answered(&self) {
        *self.step() = Step::Idle { until: Instant::now() + IDLE };
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        matches!(*self.step(), Step::Idle { .. })
    }

    /// When patience with the client ends; `None` while it is our turn.
    pub(super) fn until(&self) -> Option<Instant> {
        match *self.step() {
            Step::Asking { until, .. } | Step::Idle { until } => Some(until),
            Step::Ours => None,
        }
    }

    fn step(&self) -> MutexGuard<'_, Step> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
