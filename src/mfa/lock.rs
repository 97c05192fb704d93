//! Locks in the store, shared by all replicas. A second request waits for one as long as its page's budget allows. The
//! holder renews it while it acts, so that a dead process keeps nobody waiting for long.

use std::time::Duration as StdDuration;

use time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Account;
use crate::deadline;
use crate::error::Error;
use crate::store::{self, Key, RecordKind, Store};

/// A page's deadline is shorter, so an act that lasts longer has hung.
const ACT_AT_MOST: StdDuration = StdDuration::from_secs(12);
/// A lock that was not renewed for so long belongs to a dead process.
const LEASE: Duration = Duration::seconds(5);
/// The same for an act that calls the store alone.
const BRIEF_LEASE: Duration = Duration::seconds(3);
/// Pause between two renewals.
const RENEWED_EVERY: StdDuration = StdDuration::from_millis(1_500);
/// Pause between two attempts to take the lock.
const RETRY_TAKE: StdDuration = StdDuration::from_millis(50);
/// The time that an act with calls to the tenant needs of its page's, which is more than the tenant's least for a change.
const ENOUGH: StdDuration = StdDuration::from_millis(2_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

tokio::task_local! {
    /// The turns that this task holds.
    static HELD_TURNS: Vec<Key>;
}

/// Acts in the person's turn: what changes their factors is done one after the other, and each act decides on what it
/// reads in its turn. An act within a turn is part of it. Fails with [`Error::Busy`] when another request takes too long.
pub(super) async fn in_turn<T>(
    account: &Account,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let turn = turn(account);
    match held_with(turn) {
        Some(held) => with_lock(&account.portal.store, turn, HELD_TURNS.scope(held, act)).await,
        None => act.await,
    }
}

/// The same for an act on the store alone, which may follow a change at the tenant.
pub(super) async fn in_brief_turn<T>(
    account: &Account,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let turn = turn(account);
    match held_with(turn) {
        Some(held) => with_brief_lock(&account.portal.store, turn, HELD_TURNS.scope(held, act)).await,
        None => act.await,
    }
}

/// The turns that this task holds and this one, unless it holds it already.
fn held_with(turn: Key) -> Option<Vec<Key>> {
    let mut held = HELD_TURNS.try_with(Clone::clone).unwrap_or_default();
    if held.contains(&turn) {
        return None;
    }
    held.push(turn);
    Some(held)
}

fn turn(account: &Account) -> Key {
    account.key(RecordKind::Lock, &["turn"])
}

/// Acts while holding the lock `key`. Fails with [`Error::Busy`] when another request holds it for too long.
pub(super) async fn with_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    with_lock_for(LEASE, ENOUGH, store, key, act).await
}

/// Acts on the store alone while holding the lock `key`. It may follow a change at the tenant, so a lock that is not free in
/// time fails as a slow store does: nobody may take it for a change that was not made.
pub(super) async fn with_brief_lock<T>(
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = with_lock_for(BRIEF_LEASE, StdDuration::ZERO, store, key, act).await;
    done.map_err(|error| if matches!(error, Error::Busy) { slow_store() } else { error })
}

async fn with_lock_for<T>(
    lease: Duration,
    enough: StdDuration,
    store: &Store,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    // A page that ended here with its browser could leave the lock behind.
    deadline::begin_act().await;
    let mut begun = Instant::now();
    while !store.insert(key, &(), lease).await? {
        if deadline::left() < RETRY_TAKE + enough {
            return Err(Error::Busy);
        }
        tokio::time::sleep(RETRY_TAKE).await;
        begun = Instant::now();
    }
    let mut held = Held { store, key, lease, lapses: begun + lease.unsigned_abs(), is_over: false };
    // An act that lasted longer than its lock would write into another's turn.
    let done = tokio::select! {
        biased;
        () = held.lapsed(begun + ACT_AT_MOST) => Err(slow_store()),
        done = act => done,
    };
    // A lapsed lock may be another request's by now, so it must not be removed.
    held.is_over = Instant::now() >= held.lapses || store.remove(key).await.is_ok();
    done
}

fn slow_store() -> Error {
    store::Error::unavailable("the store is slow").into()
}

/// A lock that is released later if its request could not: the store was away, or the act panicked or was dropped.
struct Held<'a> {
    store: &'a Store,
    key: Key,
    lease: Duration,
    lapses: Instant,
    is_over: bool,
}

impl Held<'_> {
    /// Renews the lock, and returns once it has lapsed or its act should have ended.
    async fn lapsed(&mut self, act_ends: Instant) {
        loop {
            sleep_until((Instant::now() + RENEWED_EVERY).min(self.lapses).min(act_ends)).await;
            let begun = Instant::now();
            if begun >= self.lapses.min(act_ends) {
                return;
            }
            match timeout_at(self.lapses, self.renew()).await {
                // An answer that comes late may be about another request's lock.
                Ok(Ok(true)) if Instant::now() < self.lapses => {
                    self.lapses = begun + self.lease.unsigned_abs();
                }
                Ok(Ok(_)) | Err(_) => return,
                // The store is away, for other requests too.
                Ok(Err(_)) => {}
            }
        }
    }

    /// Whether it is held on. A lock that the store has lost is taken again.
    async fn renew(&self) -> Result<bool, store::Error> {
        let Self { store, key, lease, .. } = *self;
        Ok(store.replace(key, &(), lease).await? || store.insert(key, &(), lease).await?)
    }
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
