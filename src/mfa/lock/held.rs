//! One request's hold on a lock, which it renews while it acts.

use std::future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;

use futures_util::future::BoxFuture;
use time::{Duration, OffsetDateTime};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

use super::slow_store;
use crate::deadline;
use crate::error::Error;
use crate::hold::{self, Look};
use crate::portal::Portal;
use crate::store::{self, Key, Store};

/// The time that an act has after that of its page's calls, for what follows the last one.
const AFTER_CALLS: StdDuration = StdDuration::from_secs(3);
/// Pause between two renewals.
const RENEWED_EVERY: StdDuration = StdDuration::from_millis(1_500);
/// Pause between two attempts to release a lock while the store is away.
const RETRY_RELEASE: StdDuration = StdDuration::from_millis(500);

/// How long a look at the lock's record is as good as another one, for changes in the store: it spares most of them a trip.
const LATELY: Duration = Duration::milliseconds(500);

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
    /// When its record was last seen in the store, by both clocks.
    seen: Mutex<Option<(Instant, OffsetDateTime)>>,
    /// Ends the act.
    lost: Notify,
}

impl Held {
    /// Not held yet; without a renewal it will be good for `lease`.
    pub(super) fn new(portal: &Portal, key: Key, lease: Duration) -> Self {
        let (store, token) = (portal.store.clone(), portal.random.id());
        let (lapses, seen, lost) = (Mutex::default(), Mutex::default(), Notify::new());
        Self(Arc::new(Lock { store, key, token, lease, lapses, seen, lost }))
    }

    pub(super) async fn take(&self) -> Result<bool, store::Error> {
        let begun = Instant::now();
        let now = self.0.store.now();
        let is_taken = self.0.store.insert(self.0.key, &self.0.token, self.0.lease).await?;
        self.0.set_lapses(is_taken.then(|| begun + self.0.lease.unsigned_abs()));
        self.0.set_seen(is_taken.then_some((begun, now)));
        Ok(is_taken)
    }

    /// Renews the lock during the act. One that has lost it ends when it is about to change something: it would change what
    /// another request has done in its turn. The act is polled all the time, because it may hold what the renewal needs.
    pub(super) async fn during<T>(&self, act: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let ends = Instant::now() + deadline::left() + AFTER_CALLS;
        let lock = self.0.clone();
        let stop =
            Arc::new(move |look| -> BoxFuture<'static, ()> { Box::pin(lock.clone().stop_if_lost(look)) });
        tokio::select! {
            biased;
            () = self.0.lost.notified() => Err(slow_store()),
            done = hold::holding(stop, act) => done,
            () = sleep_until(ends) => Err(slow_store()),
            () = self.0.keep_renewed() => Err(slow_store()),
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

    fn set_seen(&self, seen: Option<(Instant, OffsetDateTime)>) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }

    fn has_lapsed(&self) -> bool {
        self.lapses().is_none_or(|lapses| Instant::now() >= lapses)
    }

    /// Whether its record is in the store. One that has lapsed or that the store has lost is not taken again, because another
    /// request may have held it meanwhile.
    async fn is_own(&self) -> Result<bool, store::Error> {
        let looked = (Instant::now(), self.store.now());
        let holder: Option<String> = self.store.get(self.key).await?;
        let is_own = holder.is_some_and(|holder| holder == self.token);
        self.set_seen(is_own.then_some(looked));
        Ok(is_own)
    }

    fn was_seen_lately(&self, answered: Instant) -> bool {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.is_some_and(|(at, now)| {
            at >= answered && at.elapsed() < LATELY.unsigned_abs() && self.store.now() - now < LATELY
        })
    }

    /// Never ends.
    async fn keep_renewed(&self) {
        loop {
            sleep(RENEWED_EVERY).await;
            // A failure is seen by what the act changes next.
            let _ = self.renew().await;
        }
    }

    async fn renew(&self) -> Result<(), store::Error> {
        let begun = Instant::now();
        if self.is_own().await? && self.store.replace(self.key, &self.token, self.lease).await? {
            self.set_lapses(Some(begun + self.lease.unsigned_abs()));
        }
        Ok(())
    }

    /// A store that is away for a moment says nothing of a lock that has not lapsed.
    async fn stop_if_lost(self: Arc<Self>, look: Look) {
        let is_seen = matches!(look, Look::Since(answered) if self.was_seen_lately(answered));
        let is_own = is_seen || self.is_own().await.unwrap_or(true);
        if !is_own || self.has_lapsed() {
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
            sleep(RETRY_RELEASE).await;
        }
    }
}
