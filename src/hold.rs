//! The locks that a task holds. What changes something asks for them once more, because a process that has slept, or that
//! the store could not hear, may have lost them to another one, which has acted since.

use std::sync::Arc;

use futures_util::future::BoxFuture;

tokio::task_local! {
    static HELD: Vec<StopIfLost>;
}

/// Returns while a lock is held. Once it is lost, it never does: the act stops where it is, and nothing of it changes what
/// another one has done. The lock's holder ends the act.
pub(crate) type StopIfLost = Arc<dyn Fn(Look) -> BoxFuture<'static, ()> + Send + Sync>;

/// How the store is asked for a lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Now.
    Now,
    /// A look of a moment ago is as good, unless the lock has lapsed since.
    Lately,
}

/// Acts while holding a lock, beside those that the task holds already.
pub(crate) async fn holding<T>(lock: StopIfLost, act: impl Future<Output = T>) -> T {
    let mut held = HELD.try_with(Clone::clone).unwrap_or_default();
    held.push(lock);
    HELD.scope(held, act).await
}

/// What must be done although a lock may be lost.
pub(crate) async fn regardless<T>(act: impl Future<Output = T>) -> T {
    HELD.scope(Vec::new(), act).await
}

/// Before a change: stops the act unless it holds its locks. Without any it may always act.
pub(crate) async fn stop_if_lost(look: Look) {
    for stop_if_lost in HELD.try_with(Clone::clone).unwrap_or_default() {
        stop_if_lost(look).await;
    }
}
