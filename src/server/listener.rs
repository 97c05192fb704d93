//! One listener: it accepts connections while slots are free, and stops without breaking a response.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::connection::Connection;
use super::slots::ConnectionSlots;
use crate::clock::Clock;

/// Connections that wait in the kernel for their turn. The standard library asks for 128, and each one beyond tries again
/// after a second. The system may allow fewer (`net.core.somaxconn`).
const QUEUE: i32 = 4096;
/// Accepting fails when no more files may be opened; open connections need a moment to end.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

/// Serves `routes` on at most `max_connections` connections at a time until `shutdown` is cancelled; returns once every
/// request under way is answered.
pub async fn listen(
    listener: TcpListener,
    routes: Router,
    max_connections: usize,
    clock: Clock,
    shutdown: CancellationToken,
) -> io::Result<()> {
    rustix::net::listen(&listener, QUEUE)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let slots = Arc::new(ConnectionSlots::new(max_connections, clock, shutdown));
    let serve = |(stream, peer), slot| {
        let connection = Connection { stream, peer, slot, slots: slots.clone() };
        slots.spawn(connection.serve(routes.clone()));
    };
    while let Some(accepted) = slots.until_shutdown(accept(&listener)).await {
        serve(accepted, slots.acquire().await);
    }
    for accepted in accept_queued(listener)? {
        serve(accepted, None);
    }
    slots.drain().await;
    Ok(())
}

async fn accept(listener: &tokio::net::TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => (),
            Err(error) => {
                tracing::error!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}

/// Whether only this client is affected, because it closed its connection before we accepted it (accept(2)).
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// The connections in the kernel's queue, which are open as far as their clients know. The listener is closed.
fn accept_queued(listener: tokio::net::TcpListener) -> io::Result<Vec<(TcpStream, SocketAddr)>> {
    let listener = listener.into_std()?;
    let queued = std::iter::from_fn(|| listener.accept().ok());
    queued
        .map(|(stream, peer)| {
            stream.set_nonblocking(true)?;
            Ok((TcpStream::from_std(stream)?, peer))
        })
        .collect()
}
