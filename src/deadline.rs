//! One deadline for a whole page, however many calls to the tenant it takes.
//!
//! Changes also run to their end when the browser goes away: the tenant tells a recovery code only once, and a
//! handler dropped in the middle would lose it.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::error::Error;

/// How long a page may take, retries included. People wait no longer.
const PAGE: Duration = Duration::from_secs(10);
/// What the page itself needs after the last call.
const MARGIN: Duration = Duration::from_millis(500);

tokio::task_local! {
    static ENDS: Instant;
}

/// How much of the page's time is left for calls to the tenant.
#[must_use]
pub fn left() -> Duration {
    ENDS.try_with(|ends| ends.saturating_duration_since(Instant::now())).unwrap_or(PAGE - MARGIN)
}

/// Starts the page's time; a panic or a lost browser in the middle is handled here.
pub async fn keep(request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let page = ENDS.scope(Instant::now() + PAGE - MARGIN, next.run(request));
    if safe {
        return page.await;
    }
    tokio::spawn(page.in_current_span())
        .await
        .unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
