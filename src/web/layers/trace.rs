//! One id and one log line per request. The line names the route, never the address, because addresses hold ids.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument as _;
use tracing::field::{Empty, display};

use super::audit::Audited;
use super::counted;
use crate::audit::{self, Reason};
use crate::portal::App;
use crate::web::request::client_ip::ClientIp;
use crate::web::request::request_id::RequestId;

/// Gives the request its id, and logs it when it is answered.
pub(crate) async fn trace_request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(&app.random);
    let route = route(&request, app.config.base_path()).to_owned();
    let method = request.method().clone();
    let client = ClientIp::of(&request, &app.config);
    let span = tracing::info_span!("request", id = %id, %method, route, client = Empty);
    if let Some(client) = client {
        span.record("client", display(client.0));
        request.extensions_mut().insert(client);
    }
    request.extensions_mut().insert(Arc::new(audit::Request::new(id.as_str(), client.map(|it| it.0))));
    request.extensions_mut().insert(id.clone());
    let began = Instant::now();
    async {
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), began.elapsed());
        let reason = response.extensions().get::<Audited>().and_then(|Audited(told)| told.reason);
        tracing::info!(
            status,
            ms = (took.as_secs_f64() * 1e6).round() / 1e3,
            reason = reason.map(Reason::name),
            "request answered"
        );
        counted::count(&route, &method, status, took);
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert("x-request-id", value);
        }
        response
    }
    .instrument(span)
    .await
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
