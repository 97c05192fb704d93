//! How a page of the tenant becomes an answer: its headers, its stylesheet, its errors.

use askama::Template;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// A page. Nobody may frame it (contract §1; real login pages forbid it as well).
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, headers(), Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn headers() -> [(axum::http::HeaderName, &'static str); 4] {
    [
        (X_FRAME_OPTIONS, "deny"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        // The address of a sign-in page names the sign-in.
        (REFERRER_POLICY, "same-origin"),
    ]
}

/// 302, as Auth0 redirects.
pub(crate) fn found(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// A page that says what went wrong, where no redirect is safe.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    heading: &'a str,
    text: &'a str,
}

pub(crate) fn error_page(status: StatusCode, heading: &str, text: &str) -> Response {
    page(status, &ErrorPage { heading, text })
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage;

/// `/`: what this is.
pub(crate) async fn welcome() -> Response {
    page(StatusCode::OK, &WelcomePage)
}

/// `/tenant.css`
pub(crate) async fn stylesheet() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../templates/tenant.css")).into_response()
}
