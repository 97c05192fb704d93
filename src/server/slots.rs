//! The connection slots of one listener: how many connections may be open, who makes room, and how they end at
//! shutdown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection_state::ConnectionState;
use crate::clock::Clock;
use crate::error::Framing;
use crate::log::Throttle;
use crate::metrics::PLAIN;
use crate::web::ConnectionSlot;

/// After shutdown is requested, open connections may bring requests that were already on their way for this long.
const LAST_REQUESTS: Duration = Duration::from_secs(1);
/// How long responses may take after that. A page takes 10 s at most.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(15);

/// The state that the open connections of a listener share.
pub(super) struct ConnectionSlots {
    connections: TaskTracker,
    free: Arc<Semaphore>,
    /// True while a connection waits for a slot.
    is_crowded: AtomicBool,
    /// Signalled each time one starts to wait.
    crowded: Notify,
    shutdown: CancellationToken,
    /// Cancelled once `LAST_REQUESTS` has passed.
    draining: CancellationToken,
    clock: Clock,
    /// Log lines about heads that hyper refuses before there is a request.
    refused_framings: Throttle,
}

impl ConnectionSlots {
    pub(super) fn new(count: usize, clock: Clock, shutdown: CancellationToken) -> Self {
        Self {
            connections: TaskTracker::new(),
            free: Arc::new(Semaphore::new(count)),
            is_crowded: AtomicBool::new(false),
            crowded: Notify::new(),
            shutdown,
            draining: CancellationToken::new(),
            clock,
            refused_framings: Throttle::default(),
        }
    }

    /// Logs a refusal, once a second at most.
    pub(super) fn log_refusal(&self, framing: Framing) {
        if let Some(refusals) = self.refused_framings.count(self.clock.now()) {
            framing.log(refusals);
        }
    }

    /// Runs a connection, which [`Self::drain`] waits for.
    pub(super) fn spawn(&self, connection: impl Future<Output = ()> + Send + 'static) {
        self.connections.spawn(connection);
    }

    /// The future's output, or `None` once shutdown is requested.
    pub(super) async fn until_shutdown<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        self.shutdown.run_until_cancelled(future).await
    }

    /// Whether every connection closes after its next response.
    pub(super) fn is_closing(&self) -> bool {
        self.shutdown.is_cancelled() || self.is_crowded.load(Ordering::Relaxed)
    }

    /// Returns when this connection must close after the request under way: while draining, or because it is idle and
    /// another connection waits for its slot.
    pub(super) async fn must_close(&self, state: &ConnectionState) {
        loop {
            tokio::select! {
                () = self.draining.cancelled() => return,
                () = self.crowded.notified() => if state.is_idle() { return },
            }
        }
    }

    /// A slot for the connection just accepted. When none is free, idle connections make room; later clients wait in
    /// the kernel's queue, which costs neither memory nor files. `None` at shutdown, because no further client can
    /// come.
    pub(super) async fn acquire(&self) -> Option<ConnectionSlot> {
        if let Ok(slot) = self.free.clone().try_acquire_owned() {
            return Some(slot.into());
        }
        PLAIN.connections_waited.increment(1);
        self.is_crowded.store(true, Ordering::Relaxed);
        self.crowded.notify_waiters();
        let slot = self.until_shutdown(self.free.clone().acquire_owned()).await;
        self.is_crowded.store(false, Ordering::Relaxed);
        slot?.ok().map(Into::into)
    }

    /// Waits until the requests under way are answered.
    pub(super) async fn drain(&self) {
        self.connections.close();
        if timeout(LAST_REQUESTS, self.connections.wait()).await.is_ok() {
            return;
        }
        self.draining.cancel();
        if timeout(DRAIN_TIMEOUT, self.connections.wait()).await.is_err() {
            let connections = self.connections.len();
            tracing::warn!(connections, "shutdown timed out, closing the connections that are still open");
        }
    }
}
