//! One id, one log line and one span per request. They name the route, never the address, because addresses hold ids.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument as _;
use tracing::field::{Empty, display};

use super::audit::Audited;
use super::counted;
use crate::audit::{self, Reason};
use crate::portal::App;
use crate::spans::RequestSpan;
use crate::web::request::client_ip::ClientIp;
use crate::web::request::request_id::RequestId;

/// The longest id of a proxy that is taken up: a UUID has 36 characters.
const MAX_FORWARDED_ID: usize = 64;

/// Gives the request its id, and logs it when it is answered.
pub(crate) async fn trace_request(
    app: &App,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let id = RequestId::new(&app.random);
    let route = route(&request, app.config.base_path()).to_owned();
    // A name of one's own may have 30,000 letters.
    let method = counted::label(request.method());
    let client = ClientIp::of(&request, &app.config);
    let headers = request.headers();
    let spanned = RequestSpan::begin(method, &route, id.as_str(), text(headers, "traceparent"));
    let forwarded_id = text(headers, "x-request-id").filter(|id| is_id(id));
    let span = tracing::info_span!(
        "request",
        id = %id,
        method,
        route,
        client = client.map(|it| display(it.0)),
        forwarded_id,
        trace_id = Empty
    );
    if let Some(context) = spanned.as_ref().map(RequestSpan::context) {
        span.record("trace_id", display(context.trace_id()));
        request.extensions_mut().insert(context);
    }
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    request.extensions_mut().insert(Arc::new(audit::Request::new(id.as_str(), client.map(|it| it.0))));
    request.extensions_mut().insert(id.clone());
    let began = Instant::now();
    async {
        let mut response = next(request).await;
        let (status, took) = (response.status().as_u16(), began.elapsed());
        let reason = response.extensions().get::<Audited>().and_then(|Audited(told)| told.reason);
        tracing::info!(
            status,
            ms = (took.as_secs_f64() * 1e6).round() / 1e3,
            reason = reason.map(Reason::name),
            "request answered"
        );
        counted::count(&route, method, status, took);
        if let Some(spanned) = spanned {
            spanned.answered(status);
        }
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert("x-request-id", value);
        }
        response
    }
    .instrument(span)
    .await
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a proxy's id for the request may stand in the log. It never becomes ours, which nobody may choose.
fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=MAX_FORWARDED_ID).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// The route below the base path, so that it reads the same in every installation. `-` for an address without one.
fn route<'a>(request: &'a Request, base_path: &str) -> &'a str {
    let Some(matched) = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) else {
        return "-";
    };
    match matched.strip_prefix(base_path).unwrap_or(matched) {
        "" | "//" => "/",
        below => below,
    }
}
