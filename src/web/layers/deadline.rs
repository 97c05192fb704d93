//! Gives each page its time budget, and lets changes run to their end.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use opentelemetry::trace::SpanContext;
use tracing::Instrument as _;

use crate::deadline;
use crate::error::Error;
use crate::portal::App;

/// Starts the page's budget. A change also runs to its end when the browser goes away, because the tenant tells a
/// recovery code only once and a dropped handler would lose it.
pub(crate) async fn enforce_deadline(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_safe = request.method().is_safe();
    let span = request.extensions().get::<SpanContext>().cloned();
    let page = deadline::within(span, next.run(request));
    if is_safe {
        return page.await;
    }
    app.changes
        .spawn(page.in_current_span())
        .await
        .unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
