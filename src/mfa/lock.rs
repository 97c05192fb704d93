//! Locks in the store, shared by all replicas. A second request waits for one as long as its page's budget allows. The
//! holder renews it while it acts, so that a dead process keeps nobody waiting for long.

mod held;
mod turn;

use std::time::Duration as StdDuration;

use time::Duration;

use self::held::Held;
pub(super) use self::turn::{in_brief_turn, in_turn};
use crate::deadline;
use crate::error::Error;
use crate::portal::Portal;
use crate::store::{self, Key};

/// A lock that was not renewed for so long belongs to a dead process.
const LEASE: Duration = Duration::seconds(4);
/// The same for an act that calls the store alone.
const BRIEF_LEASE: Duration = Duration::seconds(3);
/// Pause between two attempts to take the lock.
const RETRY_TAKE: StdDuration = StdDuration::from_millis(50);
/// The time that an act with calls to the tenant needs of its page's, which is more than the tenant's least for a change.
const ENOUGH: StdDuration = StdDuration::from_millis(2_500);

/// Acts while holding the lock `key`. Fails with [`Error::Busy`] when another request holds it for too long.
pub(super) async fn with_lock<T>(
    portal: &Portal,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    acting(Held::new(portal, key, LEASE), ENOUGH, act).await
}

/// Acts on the store alone while holding the lock `key`. It may follow a change at the tenant, so a lock that is not free in
/// time fails as a slow store does: nobody may take it for a change that was not made.
pub(super) async fn with_brief_lock<T>(
    portal: &Portal,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = acting(Held::new(portal, key, BRIEF_LEASE), StdDuration::ZERO, act).await;
    done.map_err(|error| if matches!(error, Error::Busy) { slow_store() } else { error })
}

/// Acts once the lock is taken, for which the page has `enough` time.
async fn acting<T>(
    held: Held,
    enough: StdDuration,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    // A page that ended here with its browser could leave the lock behind.
    deadline::begin_act().await;
    while !held.take().await? {
        if deadline::left() < RETRY_TAKE + enough {
            return Err(Error::Busy);
        }
        tokio::time::sleep(RETRY_TAKE).await;
    }
    let done = held.during(act).await;
    if held.release().await { done } else { Err(slow_store()) }
}

fn slow_store() -> Error {
    store::Error::unavailable("the store is slow").into()
}
