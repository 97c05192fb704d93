//! One connection, from its first byte to its last response. HTTP/1.1 only: behind a proxy h2c is not needed, and it
//! brings attacks of its own.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONNECTION, HeaderValue, TRANSFER_ENCODING};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use super::connection_state::{ConnectionState, HEAD_TIMEOUT, IDLE_TIMEOUT};
use super::slots::ConnectionSlots;
use super::stream::ClientStream;
use crate::error::Framing;
use crate::metrics::PLAIN;
use crate::web::ConnectionSlot;

/// Bytes. Beyond this hyper closes the connection with a bare status, so it is more than what `intake` refuses by a
/// page.
const BUFFER: usize = 32 * 1024;
/// Browsers and proxies send about thirty.
const MAX_HEADERS: usize = 100;

/// A connection that was accepted.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) slots: Arc<ConnectionSlots>,
    /// Released when the connection has ended, and its last page.
    pub(super) slot: Option<ConnectionSlot>,
}

impl Connection {
    /// Answers requests until either side closes the connection.
    pub(super) async fn serve(self, routes: Router) {
        let Self { stream, peer, slots, slot } = self;
        let state = ConnectionState::new();
        let _counted = OpenConnectionGauge::new();
        // A small response must not wait for the client's acknowledgement. A stream that refuses the option is closed.
        let _ = stream.set_nodelay(true);
        let (state, slots) = (&state, &*slots);
        let service = service_fn(|request: hyper::Request<Incoming>| {
            state.request_received();
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            if let Some(slot) = &slot {
                request.extensions_mut().insert(slot.clone());
            }
            if let Some(framing) = state.refused_framing() {
                request.extensions_mut().insert(framing);
            }
            // The bytes behind a chunked body are not scanned, so no request may follow it.
            let is_last = request.headers().contains_key(TRANSFER_ENCODING);
            let response = routes.clone().oneshot(request);
            async move { response.await.map(|response| respond(response, is_last, state, slots)) }
        });
        let stream = TokioIo::new(ClientStream::new(stream, state.clone()));
        let mut http = http1::Builder::new();
        // `ClientStream` enforces the timeouts, because hyper has none for a client that reads slowly. hyper polls an
        // idle stream only when it has a read timeout of its own.
        http.timer(TokioTimer::new()).header_read_timeout(IDLE_TIMEOUT + HEAD_TIMEOUT);
        http.max_headers(MAX_HEADERS).max_buf_size(BUFFER);
        let mut connection = pin!(http.serve_connection(stream, service));
        let mut is_closing = false;
        loop {
            tokio::select! {
                biased;
                result = connection.as_mut() => {
                    log_failure(result, state, slots);
                    return;
                }
                () = slots.must_close(state), if !is_closing => {
                    is_closing = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

struct OpenConnectionGauge;

impl OpenConnectionGauge {
    fn new() -> Self {
        PLAIN.connections_open.increment(1);
        Self
    }
}

impl Drop for OpenConnectionGauge {
    fn drop(&mut self) {
        PLAIN.connections_open.decrement(1);
    }
}

fn respond(
    mut response: Response,
    is_last: bool,
    state: &ConnectionState,
    slots: &ConnectionSlots,
) -> Response {
    state.response_ready();
    if is_last || slots.is_closing() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn log_failure(result: hyper::Result<()>, state: &ConnectionState, slots: &ConnectionSlots) {
    let Err(error) = result else { return };
    if error.is_parse() && state.has_transfer_encoding() {
        slots.log_refusal(Framing::OtherCoding);
    }
    // Only debug, because the usual cause is a client that went away.
    tracing::debug!(%error, "connection closed early");
}
