//! Pages, redirects and error pages as responses.

use askama::Template;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, LOCATION, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// A page, which no site may frame: Auth0's login pages forbid it as well.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, headers(), Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn headers() -> [(HeaderName, &'static str); 4] {
    [
        (X_FRAME_OPTIONS, "deny"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        // The URL of a login page contains the `state` of the sign-in.
        (REFERRER_POLICY, "same-origin"),
    ]
}

/// A redirect with status 302, which Auth0 uses.
pub(crate) fn redirect(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    heading: &'a str,
    text: &'a str,
}

/// An error page, for errors that must not be redirected to the application.
pub(crate) fn error_page(status: StatusCode, heading: &str, text: &str) -> Response {
    page(status, &ErrorPage { heading, text })
}
