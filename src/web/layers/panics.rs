//! Answers after a panic, so that one broken page does not end its connection without a word.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use futures_util::FutureExt as _;

use crate::error::Error;

/// Answers with this where the request's handling panics; the panic hook has logged it.
pub(crate) async fn catch_panics(
    answer: fn() -> Response,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let handled = AssertUnwindSafe(async { next(request).await }).catch_unwind();
    handled.await.unwrap_or_else(|_| answer())
}

/// The answer after a panic in a handler.
pub(crate) fn answer_panic() -> Response {
    Error::Bug("a panic".into()).into_response()
}

/// The answer after a panic in a layer: a page that needs nothing else, not even a language.
pub(crate) fn answer_last_panic() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Html(include_str!("../../../templates/last_resort.html")))
        .into_response()
}
