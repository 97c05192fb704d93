//! The time budget of one page: its deadline for calls to the tenant, and whether one of them changed something.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

/// Time for all calls of a page, retries included. People wait ten seconds; drawing the page needs the rest.
const CALLS: Duration = Duration::from_millis(9_500);

tokio::task_local! {
    static BUDGET: Budget;
}

struct Budget {
    ends: Instant,
    changed: Cell<bool>,
}

/// Runs a page within a budget of its own, which starts now.
pub(crate) async fn within<T>(page: impl Future<Output = T>) -> T {
    BUDGET.scope(Budget { ends: Instant::now() + CALLS, changed: Cell::new(false) }, page).await
}

/// The time left for calls to the tenant. Outside a page it is the whole budget.
#[must_use]
pub(crate) fn left() -> Duration {
    BUDGET.try_with(|budget| budget.ends.saturating_duration_since(Instant::now())).unwrap_or(CALLS)
}

/// Notes that the tenant has made a change for this page, or may have.
pub(crate) fn note_change() {
    // Outside a page there is no budget to update.
    let _ = BUDGET.try_with(|budget| budget.changed.set(true));
}

/// Whether the tenant may have made a change for this page.
#[must_use]
pub(crate) fn may_have_changed() -> bool {
    BUDGET.try_with(|budget| budget.changed.get()).unwrap_or(false)
}
