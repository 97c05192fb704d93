//! One request's hold on a lock, which it renews while it acts.

use std::future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;

use futures_util::future::BoxFuture;
use time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::slow_store;
use crate::error::Error;
use crate::hold;
use crate::portal::Portal;
use crate::store::{self, Key, Store};

/// A page's deadline is shorter, so an act that lasts longer has hung.
const ACT_AT_MOST: StdDuration = StdDuration::from_secs(12);
/// Pause between two renewals.
const RENEWED_EVERY: StdDuration = StdDuration::from_millis(1_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

/// A lock that is released later if its request could not: the store was away, or the act panicked or was dropped.
pub(super) struct Held(Arc<Lock>);

struct Lock {
    store: Store,
    key: Key,
    /// It tells this lock from another request's.
    token: String,
    lease: Duration,
    /// When it is another request's to take; `None` while it is not held.
    lapses: Mutex<Option<Instant>>,
    /// Ends the act.
    lost: Notify,
}

impl Held {
    /// Not held yet; without a renewal it will be good for `lease`.
    pub(super) fn new(portal: &Portal, key: Key, lease: Duration) -> Self {
        let (store, token) = (portal.store.clone(), portal.random.id());
        let (lapses, lost) = (Mutex::default(), Notify::new());
        Self(Arc::new(Lock { store, key, token, lease, lapses, lost }))
    }

    pub(super) async fn take(&self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let is_taken = self.0.store.insert(self.0.key, &self.0.token, self.0.lease).await?;
        self.0.set_lapses(is_taken.then(|| begun + self.0.lease.unsigned_abs()));
        Ok(is_taken)
    }

    /// Renews the lock during the act, which ends once it is lost: it would change what another request has done in its
    /// turn. While this process cannot reach the store, the act goes on until it is about to change something.
    pub(super) async fn during<T>(&self, act: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let ends = Instant::now() + ACT_AT_MOST;
        let lock = self.0.clone();
        let stop = Arc::new(move || -> BoxFuture<'static, ()> { Box::pin(lock.clone().stop_if_lost()) });
        let mut act = pin!(hold::holding(stop, act));
        loop {
            let renews = Instant::now() + RENEWED_EVERY;
            // The renewal first, in case the process has slept.
            tokio::select! {
                biased;
                () = sleep_until(renews) => {}
                () = self.0.lost.notified() => return Err(slow_store()),
                done = &mut act => return done,
            }
            if Instant::now() >= ends {
                return Err(slow_store());
            }
            let renewal = self.0.renew();
            let is_held = if self.0.has_lapsed() {
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

    /// Gives the lock back. Tells whether it was held to the end: another request may have undone what was done.
    pub(super) async fn release(&self) -> bool {
        let Ok(was_held) = self.0.release().await else { return true };
        self.0.set_lapses(None);
        was_held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(lapses) = self.0.lapses()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(self.0.clone().release_later(lapses));
        }
    }
}

impl Lock {
    fn lapses(&self) -> Option<Instant> {
        *self.lapses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_lapses(&self, lapses: Option<Instant>) {
        *self.lapses.lock().unwrap_or_else(PoisonError::into_inner) = lapses;
    }

    fn has_lapsed(&self) -> bool {
        self.lapses().is_none_or(|lapses| Instant::now() >= lapses)
    }

    /// Whether its record is in the store. One that has lapsed or that the store has lost is not taken again, because another
    /// request may have held it meanwhile.
    async fn is_own(&self) -> Result<bool, store::Error> {
        let holder: Option<String> = self.store.get(self.key).await?;
        Ok(holder.is_some_and(|holder| holder == self.token))
    }

    async fn renew(&self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let is_held = self.is_own().await? && self.store.replace(self.key, &self.token, self.lease).await?;
        if is_held {
            self.set_lapses(Some(begun + self.lease.unsigned_abs()));
        }
        Ok(is_held)
    }

    /// A store that is away for a moment says nothing of a lock that has not lapsed.
    async fn stop_if_lost(self: Arc<Self>) {
        if !self.is_own().await.unwrap_or(true) || self.has_lapsed() {
            self.lost.notify_one();
            future::pending::<()>().await;
        }
    }

    /// Removes the lock, unless it is another request's by now; tells whether it was held until now.
    async fn release(&self) -> Result<bool, store::Error> {
        let is_own = self.is_own().await?;
        if is_own {
            self.store.remove(self.key).await?;
        }
        Ok(is_own)
    }

    /// Spares the next request a wait for the lock.
    async fn release_later(self: Arc<Self>, lapses: Instant) {
        while Instant::now() + RETRY_RELEASE < lapses && self.release().await.is_err() {
            tokio::time::sleep(RETRY_RELEASE).await;
        }
    }
}
