//! One deadline for a whole page, however many calls to the tenant it takes, and whether one of them changed something.
//!
//! Changes also run to their end when the browser goes away: the tenant tells a recovery code only once, and a
//! handler dropped in the middle would lose it.

use std::cell::Cell;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::app::App;
use crate::error::Error;

/// How long a page's calls to the tenant may take, retries included: people wait ten seconds, and the page itself needs
/// the rest.
const CALLS: Duration = Duration::from_millis(9_500);

tokio::task_local! {
    static PAGE: Page;
}

struct Page {
    ends: Instant,
    changed: Cell<bool>,
}

/// How much of the page's time is left for calls to the tenant.
#[must_use]
pub fn left() -> Duration {
    PAGE.try_with(|page| page.ends.saturating_duration_since(Instant::now())).unwrap_or(CALLS)
}

/// Notes that the tenant has made a change for this page, or may have.
pub fn note_change() {
    // Outside of a page nobody is told.
    let _ = PAGE.try_with(|page| page.changed.set(true));
}

/// Whether something may have been changed at the tenant for this page.
#[must_use]
pub fn may_have_changed() -> bool {
    PAGE.try_with(|page| page.changed.get()).unwrap_or(false)
}

/// Starts the page's time; a panic or a lost browser in the middle is handled here.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let page = Page { ends: Instant::now() + CALLS, changed: Cell::new(false) };
    let page = PAGE.scope(page, next.run(request));
    if safe {
        return page.await;
    }
    app.changes
        .spawn(page.in_current_span())
        .await
        .unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
