//! What happens around every request: the journal writes it down, faults meet it, and the answer gets the
//! headers that Auth0 puts on every answer (contract §11).

use std::io::ErrorKind;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use hyper::body::Bytes;
use tower::ServiceExt;
use url::form_urlencoded;

use crate::cors;
use crate::journal::Exchange;
use crate::jws;
use crate::params::Params;
use crate::spoil;
use crate::world::Shared;

/// No request of the tenant's callers is larger.
const BODY_LIMIT: usize = 1 << 20;

/// Answers a request; an error closes the connection without an answer.
pub(crate) async fn answer(shared: Shared, router: Router, request: Request) -> Result<Response, ErrorKind> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ErrorKind::InvalidData)?;
    let request = Request::from_parts(parts, Body::from(body.clone()));
    if is_page(request.uri().path()) {
        return routed(router, request).await;
    }
    let id = shared.world().random.hex(20);
    shared.journal().begin(entry(&shared, &request, &body, &id));
    let fault = shared.faults().next(request.method().as_str(), request.uri().path());
    let origin = cors::origin(&shared, &request);
    let mut response = spoil::answer(&shared, fault, cors::route(shared.clone(), router, request)).await?;
    label(&shared, response.headers_mut(), &id);
    cors::label(response.headers_mut(), origin);
    Ok(response_noted(&shared, response, &id).await)
}

/// Pages of the tenant that a person looks at; they are neither written down nor disturbed.
fn is_page(path: &str) -> bool {
    path == "/"
        || ["/u/", "/devices", "/tenant.css", "/favicon.ico"].iter().any(|page| path.starts_with(page))
}

pub(crate) async fn routed(router: Router, request: Request) -> Result<Response, ErrorKind> {
    router.oneshot(request).await.map_err(|never| match never {})
}

/// The answer, written down as far as it can be read at once.
async fn response_noted(shared: &Shared, response: Response, id: &str) -> Response {
    let status = response.status().as_u16();
    let (parts, body) = response.into_parts();
    // A body of unknown length drips, and must not be waited for.
    if hyper::body::Body::size_hint(&body).exact().is_none() {
        shared.journal().finish(id, status, String::new());
        return Response::from_parts(parts, body);
    }
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    shared.journal().finish(id, status, String::from_utf8_lossy(&body).into_owned());
    Response::from_parts(parts, Body::from(body))
}

fn label(shared: &Shared, headers: &mut HeaderMap, id: &str) {
    let now = shared.world().now();
    let reset = now.unix_timestamp() + 60;
    let labels = [
        // Otherwise the server would write this machine's own time.
        ("date", httpdate::fmt_http_date(now.into())),
        ("x-auth0-requestid", id.to_owned()),
        ("x-ratelimit-limit", "300".to_owned()),
        ("x-ratelimit-remaining", "299".to_owned()),
        ("x-ratelimit-reset", reset.to_string()),
    ];
    for (name, value) in labels {
        // A fault may have brought its own.
        if let (false, Ok(value)) = (headers.contains_key(name), HeaderValue::from_str(&value)) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

fn entry(shared: &Shared, request: &Request, body: &Bytes, id: &str) -> Exchange {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let query = request.uri().query().unwrap_or_default();
    // Within the literal the lock would be held to its end, and `sub` takes it too.
    let at = shared.world().now();
    Exchange {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: String::from_utf8_lossy(body).into_owned(),
        at,
        sub: sub(shared, request.headers(), body),
        request_id: id.to_owned(),
        status: None,
        answer: String::new(),
    }
}

/// Whose token a request carries, in its header or its body; nothing rests on it but the journal.
fn sub(shared: &Shared, headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let params = Params::parse(header(CONTENT_TYPE).unwrap_or_default(), body).unwrap_or_default();
    let bearer = header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let token = bearer.or_else(|| params.text("mfa_token"))?;
    if let Some(opaque) = shared.world().opaque_tokens.get(token) {
        return Some(opaque.grant.sub.clone());
    }
    jws::peek(token)?["sub"].as_str().map(str::to_owned)
}
