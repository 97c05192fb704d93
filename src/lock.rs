//! One request at a time for one thing, replicas included: whoever comes second waits within the page's time.

use std::time::Duration as Wait;

use time::Duration;
use tokio::time::Instant;

use crate::deadline;
use crate::error::Error;
use crate::store::{Key, Store};

/// Whoever has not let go by then has died; the page's deadline is shorter.
const LOCKED: Duration = Duration::seconds(12);
/// How often a second request looks whether the first has come through.
const LOOK_AGAIN: Wait = Wait::from_millis(50);
/// How often a lock that could not be let go is tried again.
const LET_GO_AGAIN: Wait = Wait::from_millis(500);

/// Acts while nobody else holds the key.
pub(crate) async fn alone<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut lapses = Instant::now() + LOCKED.unsigned_abs();
    while !store.insert(key, &(), LOCKED).await? {
        if deadline::left() < LOOK_AGAIN {
            return Err(Error::Busy);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
        lapses = Instant::now() + LOCKED.unsigned_abs();
    }
    let done = act.await;
    // Once it has lapsed, as for a process that was stopped for a while, it may be another's.
    if Instant::now() < lapses && store.remove(key).await.is_err() {
        tokio::spawn(let_go(store.clone(), key, lapses));
    }
    done
}

/// Nobody shall wait for a lock only because the store was away when it should have been let go.
async fn let_go(store: Store, key: Key, lapses: Instant) {
    while Instant::now() + LET_GO_AGAIN < lapses {
        tokio::time::sleep(LET_GO_AGAIN).await;
        if store.remove(key).await.is_ok() {
            return;
        }
    }
}
