//! `GET /`, a page that says what this program is, and the stylesheet of all pages.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::wire::page::page;

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage;

/// `GET /`
pub(crate) async fn welcome() -> Response {
    page(StatusCode::OK, &WelcomePage)
}

/// `GET /tenant.css`
pub(crate) async fn stylesheet() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/tenant.css")).into_response()
}
