//! The time budget of one page: its deadline for calls to the tenant, whether it acts, whether a call changed something,
//! what the tenant answered, and the span that its calls belong to.

use std::cell::{Cell, RefCell};
use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use opentelemetry::trace::SpanContext;
use tokio::time::Instant;

/// Time for all calls of a page, retries included. People wait ten seconds; drawing the page needs the rest.
const CALLS: Duration = Duration::from_millis(9_500);

tokio::task_local! {
    static BUDGET: Budget;
}

#[derive(Clone)]
struct Budget {
    ends: Instant,
    act: Act,
    changed: Cell<bool>,
    answered: RefCell<Option<Answered>>,
    span: Option<SpanContext>,
}

/// Whether a page has begun to act, or its browser went away before: one of both, whichever comes first.
#[derive(Clone, Default)]
pub(crate) struct Act(Arc<AtomicU8>);

impl Act {
    const OPEN: u8 = 0;
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn decide(&self, decision: u8) -> bool {
        let decided = self.0.compare_exchange(Self::OPEN, decision, Ordering::AcqRel, Ordering::Acquire);
        decided.is_ok() || decided == Err(decision)
    }

    /// Gives the page up, unless it has begun to act.
    pub(crate) fn give_up(&self) -> bool {
        self.decide(Self::GIVEN_UP)
    }
}

/// The tenant's answer to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Whether it was to a call that acts, and not to one that only looks.
    pub(crate) acts: bool,
    /// Its `X-Auth0-RequestId`.
    pub(crate) request_id: Option<String>,
    pub(crate) status: Option<u16>,
}

/// Runs a page within a budget of its own, which starts now.
pub(crate) async fn within<T>(span: Option<SpanContext>, act: Act, page: impl Future<Output = T>) -> T {
    let (ends, changed) = (Instant::now() + CALLS, Cell::new(false));
    BUDGET.scope(Budget { ends, act, changed, answered: RefCell::default(), span }, page).await
}

/// Notes that the page begins to act: from here on it runs to its end, even when its browser goes away. A page that was
/// given up stops here.
pub(crate) async fn begin_act() {
    let act = BUDGET.try_with(|budget| budget.act.clone()).ok();
    if act.is_some_and(|act| !act.decide(Act::BEGUN)) {
        future::pending::<()>().await;
    }
}

/// Goes on with the page's budget in a task of its own.
pub(crate) fn carried<T>(rest: impl Future<Output = T>) -> impl Future<Output = T> {
    let budget = BUDGET.try_with(Budget::clone).ok();
    async {
        match budget {
            Some(budget) => BUDGET.scope(budget, rest).await,
            None => rest.await,
        }
    }
}

/// The span of the page's request, if it has one.
#[must_use]
pub(crate) fn span() -> Option<SpanContext> {
    BUDGET.try_with(|budget| budget.span.clone()).ok().flatten()
}

/// The time left for calls to the tenant. Outside a page it is the whole budget.
#[must_use]
pub(crate) fn left() -> Duration {
    BUDGET.try_with(|budget| budget.ends.saturating_duration_since(Instant::now())).unwrap_or(CALLS)
}

/// Notes that the page is about to change something by itself. If it fails after that, nobody knows whether it did.
pub(crate) fn note_change() {
    // Outside a page there is no budget to update.
    let _ = BUDGET.try_with(|budget| budget.changed.set(true));
}

/// A call that changes something and is under way. If it is dropped before its answer, the tenant may have made the change.
pub(crate) struct ChangeUnderWay {
    is_answered: bool,
}

impl ChangeUnderWay {
    pub(crate) fn begin() -> Self {
        Self { is_answered: false }
    }

    /// Its answer says whether the change may have been made.
    pub(crate) fn end(mut self, may_have_changed: bool) {
        self.is_answered = !may_have_changed;
    }
}

impl Drop for ChangeUnderWay {
    fn drop(&mut self) {
        if !self.is_answered {
            note_change();
        }
    }
}

/// Notes the tenant's answer. One to a call that only looks says less than an earlier one to a call that acts.
pub(crate) fn note_answer(answered: Answered) {
    let _ = BUDGET.try_with(|budget| {
        let mut last = budget.answered.borrow_mut();
        if answered.acts || last.as_ref().is_none_or(|last| !last.acts) {
            *last = Some(answered);
        }
    });
}

/// The tenant's last answer for this page.
#[must_use]
pub(crate) fn last_answer() -> Option<Answered> {
    BUDGET.try_with(|budget| budget.answered.borrow().clone()).ok().flatten()
}

/// Whether the tenant may have made a change for this page.
#[must_use]
pub(crate) fn may_have_changed() -> bool {
    BUDGET.try_with(|budget| budget.changed.get()).unwrap_or(false)
}
