//! A lock in the store, shared by all replicas. A second request waits for it as long as its page's budget allows.

use std::time::Duration as StdDuration;

use time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use crate::deadline;
use crate::error::Error;
use crate::store::{self, Key, Store};

/// A lock held for longer belongs to a dead process, because a page's deadline is shorter.
const HELD_AT_MOST: Duration = Duration::seconds(12);
/// The same for an act that calls the store alone, so that a dead process keeps nobody waiting for long.
const HELD_BRIEFLY: Duration = Duration::seconds(3);
/// Pause between two attempts to take the lock.
const RETRY_TAKE: StdDuration = StdDuration::from_millis(50);
/// The time that an act with calls to the tenant needs of its page's, which is more than the tenant's least for a change.
const ENOUGH: StdDuration = StdDuration::from_millis(2_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

/// Acts while holding the lock `key`. Fails with [`Error::Busy`] when another request holds it for too long.
pub(super) async fn with_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    with_lock_for(HELD_AT_MOST, ENOUGH, store, key, act).await
}

/// Acts on the store alone while holding the lock `key`. It may follow a change at the tenant, so a lock that is not free in
/// time fails as a slow store does: nobody may take it for a change that was not made.
pub(super) async fn with_brief_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = with_lock_for(HELD_BRIEFLY, StdDuration::ZERO, store, key, act).await;
    done.map_err(|error| if matches!(error, Error::Busy) { slow_store() } else { error })
}

async fn with_lock_for<T>(
    at_most: Duration,
    enough: StdDuration,
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    // A page that ended here with its browser could leave the lock behind.
    deadline::begin_act().await;
    let mut lapses = Instant::now() + at_most.unsigned_abs();
    while !store.insert(key, &(), at_most).await? {
        if deadline::left() < RETRY_TAKE + enough {
            return Err(Error::Busy);
        }
        tokio::time::sleep(RETRY_TAKE).await;
        lapses = Instant::now() + at_most.unsigned_abs();
    }
    let mut held = Held { store, key, lapses, is_over: false };
    // An act that lasted longer than its lock would write into another's turn.
    let done = timeout_at(lapses, act).await;
    let done = done.unwrap_or_else(|_| Err(slow_store()));
    // A lapsed lock may be another request's by now, so it must not be removed.
    held.is_over = Instant::now() >= lapses || store.remove(key).await.is_ok();
    done
}

fn slow_store() -> Error {
    store::Error::unavailable("the store is slow").into()
}

/// A lock that is released later if its request could not: the store was away, or the act panicked or was dropped.
struct Held<'a> {
    store: &'a Store,
    key: Key,
    lapses: Instant,
    is_over: bool,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.is_over
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(release_later(self.store.clone(), self.key, self.lapses));
        }
    }
}

/// Spares the next request a wait for the lock.
async fn release_later(store: Store, key: Key, lapses: Instant) {
    while Instant::now() + RETRY_RELEASE < lapses && store.remove(key).await.is_err() {
        tokio::time::sleep(RETRY_RELEASE).await;
    }
}
