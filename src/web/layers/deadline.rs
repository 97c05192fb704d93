//! Gives each page its time budget, and lets what may change something run to its end.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use opentelemetry::trace::SpanContext;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::AbortHandle;
use tracing::Instrument as _;

use super::session::names_session;
use crate::deadline::{self, Act};
use crate::error::Error;
use crate::portal::App;
use crate::store::ahead;

/// The slot of a request's connection, as the listener adds it to the request.
pub(crate) type ConnectionSlot = Arc<OwnedSemaphorePermit>;

/// Ends a page that has not begun to act when its browser goes away.
struct GoesWithBrowser {
    page: AbortHandle,
    act: Act,
}

impl Drop for GoesWithBrowser {
    fn drop(&mut self) {
        if self.act.give_up() {
            self.page.abort();
        }
    }
}

/// Starts the page's budget. A page that has begun to act (`deadline::begin_act`) also runs to its end when the browser
/// goes away: the tenant tells a recovery code only once, and a browser that cuts its connection must not choose where an
/// act stops. Such a page keeps its connection's slot. All others end with their browser, so that cut connections make no
/// longer queue than open ones.
pub(crate) async fn enforce_deadline(
    app: &App,
    mut request: Request,
    next: impl FnOnce(Request) -> BoxFuture<'static, Response>,
) -> Response {
    let is_safe = request.method().is_safe();
    let span = request.extensions().get::<SpanContext>().cloned();
    let has_session = names_session(app, &mut request);
    let slot = request.extensions().get::<ConnectionSlot>().cloned();
    let act = Act::default();
    let page = deadline::within(span, act.clone(), next(request)).inspect(|_| drop(slot));
    let page = match (is_safe, has_session) {
        (true, false) => return ahead::looking(page).await,
        (true, true) => app.changes.spawn(ahead::looking(page).in_current_span()),
        (false, _) => app.changes.spawn(page.in_current_span()),
    };
    let _guard = GoesWithBrowser { page: page.abort_handle(), act };
    page.await.unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
