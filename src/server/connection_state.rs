//! The state of a connection: whether client or portal has to act next, and the client's time limit.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::head::HeadScanner;
use crate::error::Framing;

/// From a request's first byte to the end of its head; for the first request, from the connection's start. A head is a
/// few packets, and a client that drips it keeps others out.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// From a response to the next request's first byte. Long enough for a proxy to reuse its connections, and no longer,
/// because each of them holds a slot.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Shared by the stream, which sees bytes, and the service, which sees requests.
#[derive(Clone)]
pub(super) struct ConnectionState(Arc<Mutex<State>>);

struct State {
    phase: Phase,
    head: HeadScanner,
}

enum Phase {
    ReadingHead {
        deadline: Instant,
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
        Self::ReadingHead { deadline: Instant::now() + HEAD_TIMEOUT }
    }
}

impl ConnectionState {
    pub(super) fn new() -> Self {
        let (phase, head) = (Phase::reading_head(), HeadScanner::default());
        Self(Arc::new(Mutex::new(State { phase, head })))
    }

    /// Notes bytes from the client; an error means that the connection must be closed.
    pub(super) fn bytes_received(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if let (Phase::Idle { .. }, false) = (&state.phase, bytes.is_empty()) {
            state.phase = Phase::reading_head();
            if state.head.is_lost() {
                state.head = HeadScanner::default();
            }
        }
        // In every phase, because a client may send its next request before our answer.
        state.head.scan(bytes)
    }

    /// The framing that a head of this connection had and that is refused. Nothing that follows it is trusted.
    pub(super) fn refused_framing(&self) -> Option<Framing> {
        self.state().head.refused_framing()
    }

    /// Whether the last head had a Transfer-Encoding.
    pub(super) fn has_transfer_encoding(&self) -> bool {
        self.state().head.is_lost()
    }

    /// A request's head is complete.
    pub(super) fn request_received(&self) {
        self.state().phase = Phase::Handling;
    }

    pub(super) fn response_ready(&self) {
        self.state().phase = Phase::Idle { deadline: Instant::now() + IDLE_TIMEOUT };
    }

    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state().phase, Phase::Idle { .. })
    }

    /// When the client runs out of time; `None` while the portal handles a request.
    pub(super) fn client_deadline(&self) -> Option<Instant> {
        match self.state().phase {
            Phase::ReadingHead { deadline } | Phase::Idle { deadline } => Some(deadline),
            Phase::Handling => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
