//! Locks in the store, shared by all replicas. A second request waits for one as long as its page's budget allows. The
//! holder renews it while it acts, so that a dead process keeps nobody waiting for long.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration as StdDuration;

use time::Duration;
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep_until, timeout};

use super::Account;
use crate::deadline;
use crate::error::Error;
use crate::portal::Portal;
use crate::store::{self, Key, RecordKind, Store};

/// A page's deadline is shorter, so an act that lasts longer has hung.
const ACT_AT_MOST: StdDuration = StdDuration::from_secs(12);
/// A lock that was not renewed for so long belongs to a dead process.
const LEASE: Duration = Duration::seconds(4);
/// The same for an act that calls the store alone.
const BRIEF_LEASE: Duration = Duration::seconds(3);
/// Pause between two renewals.
const RENEWED_EVERY: StdDuration = StdDuration::from_millis(1_500);
/// Pause between two attempts to take the lock.
const RETRY_TAKE: StdDuration = StdDuration::from_millis(50);
/// Longer than that, so that a session's next request lets another session's go first.
const YIELDS_FOR: StdDuration = StdDuration::from_millis(60);
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
        Some(held) => {
            let _first = first_of_session(account).await?;
            with_lock(&account.portal, turn, HELD_TURNS.scope(held, act)).await
        }
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
        Some(held) => with_brief_lock(&account.portal, turn, HELD_TURNS.scope(held, act)).await,
        None => act.await,
    }
}

/// Waits to be the first of this session's requests in this process, so that many of one session get no more turns than
/// one of another.
async fn first_of_session(account: &Account) -> Result<OwnedMutexGuard<()>, Error> {
    deadline::begin_act().await;
    let session = account.key(RecordKind::Lock, &["session", account.person.csrf_token.expose()]);
    let line = account.portal.sessions_acting.get_with(session, Arc::default);
    if let Ok(first) = line.clone().try_lock_owned() {
        return Ok(first);
    }
    let longest = deadline::left().saturating_sub(ENOUGH);
    let first = timeout(longest, line.lock_owned()).await.map_err(|_| Error::Busy)?;
    // Another session's request looks once meanwhile.
    tokio::time::sleep(YIELDS_FOR).await;
    Ok(first)
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
    portal: &Portal,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    with_lock_for(LEASE, ENOUGH, portal, key, act).await
}

/// Acts on the store alone while holding the lock `key`. It may follow a change at the tenant, so a lock that is not free in
/// time fails as a slow store does: nobody may take it for a change that was not made.
pub(super) async fn with_brief_lock<T>(
    portal: &Portal,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = with_lock_for(BRIEF_LEASE, StdDuration::ZERO, portal, key, act).await;
    done.map_err(|error| if matches!(error, Error::Busy) { slow_store() } else { error })
}

async fn with_lock_for<T>(
    lease: Duration,
    enough: StdDuration,
    portal: &Portal,
    key: Key,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    // A page that ended here with its browser could leave the lock behind.
    deadline::begin_act().await;
    let mut held = Held { store: &portal.store, key, token: portal.random.id(), lease, lapses: None };
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

/// A lock that is released later if its request could not: the store was away, or the act panicked or was dropped.
struct Held<'a> {
    store: &'a Store,
    key: Key,
    /// It tells this lock from another request's.
    token: String,
    lease: Duration,
    /// When it is another request's to take; `None` while it is not held.
    lapses: Option<Instant>,
}

impl Held<'_> {
    async fn take(&mut self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let is_taken = self.store.insert(self.key, &self.token, self.lease).await?;
        self.lapses = is_taken.then(|| begun + self.lease.unsigned_abs());
        Ok(is_taken)
    }

    /// Renews the lock during the act, which ends when another request has taken the lock: it would write into that one's
    /// turn. While this process cannot reach the store, the act goes on.
    async fn during<T>(&mut self, act: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let ends = Instant::now() + ACT_AT_MOST;
        let mut act = pin!(act);
        loop {
            let renews = Instant::now() + RENEWED_EVERY;
            // The renewal first, in case the process has slept.
            tokio::select! {
                biased;
                () = sleep_until(renews) => {}
                done = &mut act => return done,
            }
            if Instant::now() >= ends {
                return Err(slow_store());
            }
            let is_lapsed = self.lapses.is_none_or(|lapses| Instant::now() >= lapses);
            let renewal = self.renew();
            let is_held = if is_lapsed {
                renewal.await
            } else {
                tokio::select! {
                    done = &mut act => return done,
                    is_held = renewal => is_held,
                }
            };
            if matches!(is_held, Ok(false)) {
                self.lapses = None;
                return Err(slow_store());
            }
        }
    }

    /// Whether it is still held. A lock that has lapsed or that the store has lost is taken again.
    async fn renew(&mut self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let is_held = match self.holder().await? {
            Some(holder) if holder == self.token => {
                self.store.replace(self.key, &self.token, self.lease).await?
            }
            Some(_) => false,
            None => self.store.insert(self.key, &self.token, self.lease).await?,
        };
        if is_held {
            self.lapses = Some(begun + self.lease.unsigned_abs());
        }
        Ok(is_held)
    }

    /// The token of the request that holds the lock.
    async fn holder(&self) -> Result<Option<String>, store::Error> {
        self.store.get(self.key).await
    }

    /// Gives the lock back. Tells whether no other request holds it, which may have undone what was done.
    async fn release(&mut self) -> bool {
        let Ok(is_own) = release(self.store, self.key, &self.token).await else { return true };
        self.lapses = None;
        is_own
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(lapses) = self.lapses
            && let Ok(runtime) = Handle::try_current()
        {
            let (store, key, token) = (self.store.clone(), self.key, std::mem::take(&mut self.token));
            runtime.spawn(release_later(store, key, token, lapses));
        }
    }
}

/// Removes the lock, unless it is another request's by now; whether it is not.
async fn release(store: &Store, key: Key, token: &str) -> Result<bool, store::Error> {
    let holder: Option<String> = store.get(key).await?;
    if let Some(holder) = holder
        && holder != token
    {
        return Ok(false);
    }
    store.remove(key).await?;
    Ok(true)
}

/// Spares the next request a wait for the lock.
async fn release_later(store: Store, key: Key, token: String, lapses: Instant) {
    while Instant::now() + RETRY_RELEASE < lapses && release(&store, key, &token).await.is_err() {
        tokio::time::sleep(RETRY_RELEASE).await;
    }
}
