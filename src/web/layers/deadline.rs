//! Gives each page its time budget, and lets changes run to their end.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::future::BoxFuture;
use opentelemetry::trace::SpanContext;
use tracing::Instrument as _;

use crate::deadline;
use crate::error::Error;
use crate::portal::App;
use crate::store::ahead;

/// Starts the page's budget. A change also runs to its end when the browser goes away, because the tenant tells a
/// recovery code only once and a dropped handler would lose it.
pub(crate) async fn enforce_deadline(
    app: &App,
    request: Request,
    next: impl FnOnce(Request) -> BoxFuture<'static, Response>,
) -> Response {
    let is_safe = request.method().is_safe();
    let span = request.extensions().get::<SpanContext>().cloned();
    let page = deadline::within(span, next(request));
    if is_safe {
        return ahead::looking(page).await;
    }
    app.changes
        .spawn(page.in_current_span())
        .await
        .unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
