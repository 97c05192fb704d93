//! One connection: HTTP/1.1 alone (no h2c: nobody needs it behind a proxy, and it has attacks of its own), from its first
//! byte to its last answer.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONNECTION, HeaderValue};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tower::ServiceExt as _;

use super::listener::Open;
use super::stream::ClientStream;
use super::turn::{HEAD, IDLE, Turn};

/// Beyond this hyper hangs up with a bare status. `intake` refuses earlier, by a page; this much is read for it.
const BUFFER: usize = 32 * 1024;
/// Browsers and proxies send about thirty.
const HEADERS: usize = 100;

/// A connection that was accepted, and its place among the open ones.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) open: Arc<Open>,
    /// Given back when the connection ends.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// Answers until either side is done.
    pub(super) async fn serve(self, routes: Router) {
        let Self { stream, peer, open, place } = self;
        let (turn, _place) = (Turn::new(), place);
        let _counted = Counted::new();
        // A small answer must not wait for the other side's acknowledgement. A stream that cannot say so is at its end.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request: hyper::Request<Incoming>| {
            turn.asked();
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = routes.clone().oneshot(request);
            async { answer.await.map(|response| sent(response, &turn, &open)) }
        });
        let stream = TokioIo::new(ClientStream::new(stream, turn.clone()));
        let mut http = http1::Builder::new();
        // `ClientStream` has the time limits: hyper has one for a head and the idleness before it, and none for how long an
        // answer may take to be read. It looks at an idle stream only where it has that one.
        http.timer(TokioTimer::new()).header_read_timeout(IDLE + HEAD);
        http.max_headers(HEADERS).max_buf_size(BUFFER);
        let mut connection = pin!(http.serve_connection(stream, service));
        let mut ends = false;
        loop {
            tokio::select! {
                biased;
                result = connection.as_mut() => {
                    note(result);
                    return;
                }
                () = open.must_end(&turn), if !ends => {
                    ends = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// A connection in the figure of open ones.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("connections_open").increment(1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("connections_open").decrement(1);
    }
}

/// The answer, with the word that it is the connection's last one where that is so.
fn sent(mut response: Response, turn: &Turn, open: &Open) -> Response {
    turn.answered();
    if open.keeps_nobody() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn note(result: hyper::Result<()>) {
    let Err(error) = result else { return };
    // Whose fault it was is not known: a client that went away is the usual cause.
    tracing::debug!("a connection ended early: {error}");
}
