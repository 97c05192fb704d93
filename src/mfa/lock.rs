//! A lock in the store, shared by all replicas. A second request waits for it as long as its page's budget allows.

use std::time::Duration as StdDuration;

use time::Duration;
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
/// The time that an act needs of its page's, which is more than the tenant's least for a change.
const ENOUGH: StdDuration = StdDuration::from_millis(2_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

/// Acts while holding the lock `key`. Fails with [`Error::Busy`] when another request holds it for too long.
pub(super) async fn with_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    with_lock_for(HELD_AT_MOST, store, key, act).await
}

/// Acts on the store alone while holding the lock `key`.
pub(super) async fn with_brief_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    with_lock_for(HELD_BRIEFLY, store, key, act).await
}

async fn with_lock_for<T>(
    at_most: Duration,
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut lapses = Instant::now() + at_most.unsigned_abs();
    while !store.insert(key, &(), at_most).await? {
        if deadline::left() < RETRY_TAKE + ENOUGH {
            return Err(Error::Busy);
        }
        tokio::time::sleep(RETRY_TAKE).await;
        lapses = Instant::now() + at_most.unsigned_abs();
    }
    // An act that lasted longer than its lock would write into another's turn.
    let done = timeout_at(lapses, act).await;
    let done = done.unwrap_or_else(|_| Err(store::Error::unavailable("the store is slow").into()));
    // A lapsed lock may be another request's by now, so it must not be removed.
    if Instant::now() < lapses && store.remove(key).await.is_err() {
        tokio::spawn(release_later(store.clone(), key, lapses));
    }
    done
}

/// Spares the next request a wait for a lock that could not be released while the store was away.
async fn release_later(store: Store, key: Key, lapses: Instant) {
    while Instant::now() + RETRY_RELEASE < lapses {
        tokio::time::sleep(RETRY_RELEASE).await;
        if store.remove(key).await.is_ok() {
            return;
        }
    }
}
