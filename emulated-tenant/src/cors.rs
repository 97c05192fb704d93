//! Cross-origin calls from single-page applications, for Allowed Web Origins only.

use std::io::ErrorKind;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::exchange::routed;
use crate::world::Shared;

/// The origin of a request, if it is allowed.
pub(crate) fn origin(shared: &Shared, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let allowed = &shared.world().settings.web_origins;
    allowed.iter().any(|one| one.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// Answers a preflight here, and everything else where it belongs.
pub(crate) async fn route(shared: Shared, router: Router, request: Request) -> Result<Response, ErrorKind> {
    if request.method() == Method::OPTIONS && origin(&shared, &request).is_some() {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return Ok(response);
    }
    routed(router, request).await
}

/// Says that the origin may read the answer.
pub(crate) fn label(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(VARY, HeaderValue::from_static("origin"));
        let methods = HeaderValue::from_static("GET, POST, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("auth0-client, authorization, content-type");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
}
