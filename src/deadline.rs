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

/// How long a page's calls to the tenant may take, retries included: people wait ten seconds, and the page itself needs
/// the rest.
const CALLS: Duration = Duration::from_millis(9_500);

tokio::task_local! {
    static ENDS: Instant;
}

/// How much of the page's time is left for calls to the tenant.
#[must_use]
pub fn left() -> Duration {
    ENDS.try_with(|ends| ends.saturating_duration_since(Instant::now())).unwrap_or(CALLS)
}

/// Starts the page's time; a panic or a lost browser in the middle is handled here.
pub async fn keep(request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let page = ENDS.scope(Instant::now() + CALLS, next.run(request));
    if safe {
        return page.await;
    }
    tokio::spawn(page.in_current_span())
        .await
        .unwrap_or_else(|failure| Error::Bug(failure.into()).into_response())
}
