//! The listener. It uses hyper directly, because axum's own server cannot close a connection without a response.

mod cors;
mod middleware;
mod routes;

use std::convert::Infallible;
use std::error::Error as _;
use std::future::pending;
use std::io;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::world::Shared;

/// Accepts connections until it is dropped, which closes them all, or until the fault `Vanish` closes the listener.
pub(crate) async fn serve(listener: TcpListener, shared: Shared) -> Infallible {
    let router = routes::routes(shared.clone());
    let mut connections = JoinSet::new();
    let mut vanished = shared.faults().vanishing();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(connection(stream, router.clone(), shared.clone()));
            }
            Some(_) = connections.join_next() => {}
            () = gone(&mut vanished) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
    pending().await
}

async fn connection(stream: TcpStream, router: Router, shared: Shared) {
    // A small response must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let mut vanished = shared.faults().vanishing();
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, shared) = (router.clone(), shared.clone());
        Box::pin(async move {
            middleware::respond(shared, router, request.map(Body::new)).await.map_err(io::Error::from)
        })
    });
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = gone(&mut vanished) => {
            // A request in progress is finished; an idle connection is closed.
            std::pin::Pin::new(&mut serving).graceful_shutdown();
            (&mut serving).await
        }
    };
    // An error means that the client went away or that a fault closed the connection.
    if ended.is_err_and(|error| is_reset(&error)) {
        let _ = serving.into_parts().io.into_inner().set_zero_linger();
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

async fn gone(vanished: &mut watch::Receiver<bool>) {
    // The sender lives as long as the tenant.
    if vanished.wait_for(|gone| *gone).await.is_err() {
        pending::<()>().await;
    }
}
