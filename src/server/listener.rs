//! One listener: it accepts as many connections as it has places, and stops without breaking an answer.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connection;
use super::turn::Turn;

/// After the order to stop, a connection may bring a request for so long that was on its way when the order came.
const LAST_REQUESTS: Duration = Duration::from_secs(1);
/// How long answers under way may take after that; a page takes 10 s.
const DRAIN: Duration = Duration::from_secs(15);
/// Accepting fails when the machine has no more open files; what is open needs a moment to end.
const PAUSE: Duration = Duration::from_millis(50);

/// What the open connections of a listener share.
pub(super) struct Open {
    connections: TaskTracker,
    places: Arc<Semaphore>,
    /// Somebody waits for a place,
    is_crowded: AtomicBool,
    /// and has just begun to.
    crowded: Notify,
    /// The order to stop has come.
    stop: CancellationToken,
    /// The last requests have come.
    end: CancellationToken,
}

impl Open {
    /// Whether every connection is to end with its next answer.
    pub(super) fn keeps_nobody(&self) -> bool {
        self.stop.is_cancelled() || self.is_crowded.load(Ordering::Relaxed)
    }

    /// Returns when this connection is to end, after what is under way: at the listener's end, or because it is idle while
    /// somebody else waits for its place.
    pub(super) async fn must_end(&self, turn: &Turn) {
        loop {
            tokio::select! {
                () = self.end.cancelled() => return,
                () = self.crowded.notified() => if turn.is_idle() { return },
            }
        }
    }

    /// A place for the connection that has just come. Where there is none, idle connections make room; the next ones wait
    /// in the system's queue, which costs neither memory nor files. Everybody is served once there is no more to come.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        metrics::counter!("connections_waited_total").increment(1);
        self.is_crowded.store(true, Ordering::Relaxed);
        self.crowded.notify_waiters();
        let place = self.stop.run_until_cancelled(self.places.clone().acquire_owned()).await;
        self.is_crowded.store(false, Ordering::Relaxed);
        place?.ok()
    }

    /// Lets what is under way be answered.
    async fn finish(&self) {
        self.connections.close();
        if timeout(LAST_REQUESTS, self.connections.wait()).await.is_ok() {
            return;
        }
        self.end.cancel();
        if timeout(DRAIN, self.connections.wait()).await.is_err() {
            tracing::warn!("{} connections did not end in time and are cut off", self.connections.len());
        }
    }
}

/// Serves on a listener, at most so many connections at a time, until `stop`; returns when all are answered.
pub async fn listen(
    listener: TcpListener,
    routes: Router,
    at_most: usize,
    stop: CancellationToken,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let open = Arc::new(Open {
        connections: TaskTracker::new(),
        places: Arc::new(Semaphore::new(at_most)),
        is_crowded: AtomicBool::new(false),
        crowded: Notify::new(),
        end: CancellationToken::new(),
        stop,
    });
    let serve = |(stream, peer), place| {
        let connection = Connection { stream, peer, place, open: open.clone() };
        open.connections.spawn(connection.serve(routes.clone()));
    };
    while let Some(accepted) = open.stop.run_until_cancelled(next(&listener)).await {
        serve(accepted, open.place().await);
    }
    for accepted in queued(listener)? {
        serve(accepted, None);
    }
    open.finish().await;
    Ok(())
}

async fn next(listener: &tokio::net::TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => (),
            Err(error) => {
                tracing::error!("a connection cannot be accepted: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The client went away before it was its turn (accept(2)); the next one is no worse off.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// What the system has accepted for us already, and then no more: to their clients these connections are open.
fn queued(listener: tokio::net::TcpListener) -> io::Result<Vec<(TcpStream, SocketAddr)>> {
    let listener = listener.into_std()?;
    let waiting = std::iter::from_fn(|| listener.accept().ok());
    waiting
        .map(|(stream, peer)| {
            stream.set_nonblocking(true)?;
            Ok((TcpStream::from_std(stream)?, peer))
        })
        .collect()
}
