//! The locks that a task holds. What changes something asks for them once more, because a process that has slept, or that
//! the store could not hear, may have lost them to another one, which has acted since.

use std::cell::Cell;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

tokio::task_local! {
    static HELD: Vec<StopIfLost>;
    /// When the tenant gave its last answer, for which the act waited.
    static ANSWERED: Cell<Instant>;
}

/// Returns while a lock is held. Once it is lost, it never does: the act stops where it is, and nothing of it changes what
/// another one has done. The lock's holder ends the act.
pub(crate) type StopIfLost = Arc<dyn Fn(Look) -> BoxFuture<'static, ()> + Send + Sync>;

/// How the store is asked for a lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Now.
    Now,
    /// A look of a moment ago is as good, unless the lock has lapsed or the tenant has been waited for since.
    Since(Instant),
}

/// Acts while holding a lock, beside those that the task holds already.
pub(crate) async fn holding<T>(lock: StopIfLost, act: impl Future<Output = T>) -> T {
    let mut held = HELD.try_with(Clone::clone).unwrap_or_default();
    held.push(lock);
    let answered = ANSWERED.try_with(Cell::get).unwrap_or_else(|_| Instant::now());
    ANSWERED.scope(Cell::new(answered), HELD.scope(held, act)).await
}

/// Acts although a lock may be lost.
pub(crate) async fn regardless<T>(act: impl Future<Output = T>) -> T {
    HELD.scope(Vec::new(), act).await
}

/// Notes an answer of the tenant.
pub(crate) fn note_answer() {
    // A task without locks needs no looks.
    let _ = ANSWERED.try_with(|answered| answered.set(Instant::now()));
}

/// Before a change in the store: stops the act unless it holds its locks.
pub(crate) async fn stop_if_lost_lately() {
    let look = ANSWERED.try_with(Cell::get).map_or(Look::Now, Look::Since);
    stop_if_lost(look).await;
}

/// Before a change: stops the act unless it holds its locks. Without any it may always act.
pub(crate) async fn stop_if_lost(look: Look) {
    for stop_if_lost in HELD.try_with(Clone::clone).unwrap_or_default() {
        stop_if_lost(look).await;
    }
}
