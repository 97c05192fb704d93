//! The listener. It speaks HTTP/1.1 through hyper itself, because only there can a fault close a connection
//! without an answer.

use std::convert::Infallible;
use std::io;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::exchange::answer;
use crate::world::Shared;

/// Accepts until it is dropped, which closes every connection too.
pub(crate) async fn serve(listener: TcpListener, router: Router, shared: Shared) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(connection(stream, router.clone(), shared.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, router: Router, shared: Shared) {
    // A small answer must not wait for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, shared) = (router.clone(), shared.clone());
        async move { answer(shared, router, request.map(Body::new)).await.map_err(io::Error::from) }
    });
    // An error here is a client that went away, or a fault that closed the connection on purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
