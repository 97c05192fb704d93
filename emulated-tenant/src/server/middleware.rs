//! The steps around every API request: record it in the journal, apply faults, handle CORS, and add the headers
//! that Auth0 adds to every response (Auth0, Rate limits).

use std::io::ErrorKind;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use hyper::body::Bytes;
use tower::ServiceExt;
use url::form_urlencoded;

use super::cors;
use crate::faults::apply::apply;
use crate::wire::credentials::bearer_token;
use crate::wire::journal::Exchange;
use crate::wire::params::Params;
use crate::world::{Shared, jws};

/// In bytes; no caller sends a larger request.
const BODY_LIMIT: usize = 1 << 20;

/// Responds to a request; an error closes the connection without a response.
pub(super) async fn respond(shared: Shared, router: Router, request: Request) -> Result<Response, ErrorKind> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ErrorKind::InvalidData)?;
    let request = Request::from_parts(parts, Body::from(body.clone()));
    if is_page(request.uri().path()) {
        return route(router, request).await;
    }
    let id = shared.world().random.hex(20);
    shared.journal().begin(entry(&shared, &request, &body, &id));
    let fault = shared.faults().next(request.method().as_str(), request.uri().path());
    let origin = cors::origin(&shared, &request);
    let allowed = shared.clone();
    let real = async move {
        match cors::preflight(&allowed, &request) {
            Some(response) => Ok(response),
            None => route(router, request).await,
        }
    };
    let mut response = apply(shared.faults(), fault, real).await?;
    add_auth0_headers(&shared, response.headers_mut(), &id);
    cors::add_headers(response.headers_mut(), origin);
    Ok(record_response(&shared, response, &id).await)
}

/// Whether a path is a page for people. Pages are not recorded in the journal, and faults do not apply to them.
fn is_page(path: &str) -> bool {
    path == "/"
        || ["/u/", "/devices", "/tenant.css", "/favicon.ico"].iter().any(|page| path.starts_with(page))
}

async fn route(router: Router, request: Request) -> Result<Response, ErrorKind> {
    router.oneshot(request).await.map_err(|never| match never {})
}

/// Records the response in the journal, without the body if that is streamed.
async fn record_response(shared: &Shared, response: Response, id: &str) -> Response {
    let status = response.status().as_u16();
    let (parts, body) = response.into_parts();
    // A body of unknown length is a slow one from a fault; waiting for it would defeat the fault.
    if hyper::body::Body::size_hint(&body).exact().is_none() {
        shared.journal().finish(id, status, String::new());
        return Response::from_parts(parts, body);
    }
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    shared.journal().finish(id, status, String::from_utf8_lossy(&body).into_owned());
    Response::from_parts(parts, Body::from(body))
}

fn add_auth0_headers(shared: &Shared, headers: &mut HeaderMap, id: &str) {
    let (now, remaining) = {
        let world = shared.world();
        (world.now(), world.settings.rate_limit_remaining)
    };
    let reset = now.unix_timestamp() + 60;
    let auth0_headers = [
        // Without it, hyper would add the system's time.
        ("date", httpdate::fmt_http_date(now.into())),
        ("x-auth0-requestid", id.to_owned()),
        ("x-ratelimit-limit", "300".to_owned()),
        ("x-ratelimit-remaining", remaining.to_string()),
        ("x-ratelimit-reset", reset.to_string()),
    ];
    for (name, value) in auth0_headers {
        // A fault may have set its own.
        if let (false, Ok(value)) = (headers.contains_key(name), HeaderValue::from_str(&value)) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

fn entry(shared: &Shared, request: &Request, body: &Bytes, id: &str) -> Exchange {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let query = request.uri().query().unwrap_or_default();
    // Outside the struct literal: inside, the lock would be held until its end, and `sub` locks too.
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
        response: String::new(),
    }
}

/// The `sub` of the token in the header or body, unverified; only the journal shows it.
fn sub(shared: &Shared, headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let params = Params::parse(header(CONTENT_TYPE).unwrap_or_default(), body).unwrap_or_default();
    let token = bearer_token(headers).or_else(|| params.text("mfa_token"))?;
    if let Some(opaque) = shared.world().opaque_tokens.get(token) {
        return Some(opaque.grant.sub.clone());
    }
    jws::peek(token)?["sub"].as_str().map(str::to_owned)
}
