//! CORS for single-page applications on the Allowed Web Origins.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::world::Shared;

/// The origin of a request, if it is an Allowed Web Origin.
pub(super) fn origin(shared: &Shared, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let allowed = &shared.world().settings.web_origins;
    allowed.iter().any(|one| one.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// The response to a preflight request from an allowed origin; `None` for every other request.
pub(super) fn preflight(shared: &Shared, request: &Request) -> Option<Response> {
    let preflight = request.method() == Method::OPTIONS && origin(shared, request).is_some();
    preflight.then(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    })
}

/// Lets scripts of the origin read the response.
pub(super) fn add_headers(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(VARY, HeaderValue::from_static("origin"));
        let methods = HeaderValue::from_static("GET, POST, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("auth0-client, authorization, content-type");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
}
