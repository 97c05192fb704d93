//! The locks that a task holds. A call that changes something asks for them once more, because a process that has slept, or
//! that the store could not hear, may have lost them to another one, which has acted since.

use std::sync::Arc;

use futures_util::future::BoxFuture;

tokio::task_local! {
    static HELD: Vec<IsHeld>;
}

/// Asks whether a lock is still held.
pub(crate) type IsHeld = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// Acts while holding a lock, beside those that the task holds already.
pub(crate) async fn holding<T>(lock: IsHeld, act: impl Future<Output = T>) -> T {
    let mut held = HELD.try_with(Clone::clone).unwrap_or_default();
    held.push(lock);
    HELD.scope(held, act).await
}

/// Whether the task still holds its locks. Without any it may always act.
pub(crate) async fn is_kept() -> bool {
    for is_held in HELD.try_with(Clone::clone).unwrap_or_default() {
        if !is_held().await {
            return false;
        }
    }
    true
}
