//! Gives each page its time budget, and lets what may change something run to its end.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::future::BoxFuture;
use opentelemetry::trace::SpanContext;

use super::session::names_session;
use crate::deadline;
use crate::error::Error;
use crate::portal::App;
use crate::store::ahead;

/// Starts the page's budget. A change also runs to its end when the browser goes away, because the tenant tells a
/// recovery code only once and a dropped handler would lose it. So does every page of a session: looking may finish what
/// a phone has approved, and a browser that cuts its connection must not choose where that stops.
pub(crate) async fn enforce_deadline(
    app: &App,
    mut request: Request,
    next: impl FnOnce(Request) -> BoxFuture<'static, Response>,
) -> Response {
    let is_safe = request.method().is_safe();
    let span = request.extensions().get::<SpanContext>().cloned();
    let has_session = names_session(app, &mut request);
    let page = deadline::within(span, next(request));
    let done = match (is_safe, has_session) {
        (true, false) => return ahead::looking(page).await,
        (true, true) => app.to_its_end(ahead::looking(page)).await,
        (false, _) => app.to_its_end(page).await,
    };
    done.unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
