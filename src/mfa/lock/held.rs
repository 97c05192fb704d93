//! One request's hold on a lock, which it renews while it acts.

use std::pin::pin;
use std::time::Duration as StdDuration;

use time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use super::slow_store;
use crate::error::Error;
use crate::portal::Portal;
use crate::store::{self, Key, Store};

/// A page's deadline is shorter, so an act that lasts longer has hung.
const ACT_AT_MOST: StdDuration = StdDuration::from_secs(12);
/// Pause between two renewals.
const RENEWED_EVERY: StdDuration = StdDuration::from_millis(1_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

/// A lock that is released later if its request could not: the store was away, or the act panicked or was dropped.
pub(super) struct Held<'a> {
    store: &'a Store,
    key: Key,
    /// It tells this lock from another request's.
    token: String,
    lease: Duration,
    /// When it is another request's to take; `None` while it is not held.
    lapses: Option<Instant>,
}

impl<'a> Held<'a> {
    /// Not held yet; without a renewal it will be good for `lease`.
    pub(super) fn new(portal: &'a Portal, key: Key, lease: Duration) -> Self {
        Self { store: &portal.store, key, token: portal.random.id(), lease, lapses: None }
    }

    pub(super) async fn take(&mut self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let is_taken = self.store.insert(self.key, &self.token, self.lease).await?;
        self.lapses = is_taken.then(|| begun + self.lease.unsigned_abs());
        Ok(is_taken)
    }

    /// Renews the lock during the act, which ends when another request has taken the lock: it would write into that one's
    /// turn. While this process cannot reach the store, the act goes on.
    pub(super) async fn during<T>(
        &mut self,
        act: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
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
    pub(super) async fn release(&mut self) -> bool {
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
