//! The state of a connection: whether client or portal has to act next, and the client's time limit.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::head::HeadScanner;

/// From a request's first byte to the end of its head; for the first request, from the connection's start. A head is a few
/// packets, and a client that drips it keeps others out.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// From a response to the next request's first byte. Long enough for a proxy to reuse its connections, and no longer,
/// because each of them holds a slot.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Shared by the stream, which sees bytes, and the service, which sees requests.
#[derive(Clone)]
pub(super) struct ConnectionState(Arc<Mutex<Phase>>);

enum Phase {
    ReadingHead {
        deadline: Instant,
        head: HeadScanner,
    },
    /// No limit here: the page has a deadline of its own.
    Handling,
    /// The client reads the response, and may send another request.
    Idle {
        deadline: Instant,
    },
}

impl Phase {
    fn reading_head() -> Self {
        Self::ReadingHead { deadline: Instant::now() + HEAD_TIMEOUT, head: HeadScanner::default() }
    }
}

impl ConnectionState {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Phase::reading_head())))
    }

    /// Notes bytes from the client; an error means that the connection must be closed.
    pub(super) fn bytes_received(&self, bytes: &[u8]) -> io::Result<()> {
        let mut phase = self.phase();
        if let (Phase::Idle { .. }, false) = (&*phase, bytes.is_empty()) {
            *phase = Phase::reading_head();
        }
        match &mut *phase {
            Phase::ReadingHead { head, .. } => head.scan(bytes),
            Phase::Handling | Phase::Idle { .. } => Ok(()),
        }
    }

    /// A request's head is complete.
    pub(super) fn request_received(&self) {
        *self.phase() = Phase::Handling;
    }

    pub(super) fn response_ready(&self) {
        *self.phase() = Phase::Idle { deadline: Instant::now() + IDLE_TIMEOUT };
    }

    pub(super) fn is_idle(&self) -> bool {
        matches!(*self.phase(), Phase::Idle { .. })
    }

    /// When the client runs out of time; `None` while the portal handles a request.
    pub(super) fn client_deadline(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::ReadingHead { deadline, .. } | Phase::Idle { deadline } => Some(deadline),
            Phase::Handling => None,
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
