//! The cache of the discovery document and the signing keys. One caller at a time refreshes it; the others go on with
//! the cached document, so that a tenant that hangs delays nobody else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use super::{Call, Error, Failure};
use crate::clock::Clock;

/// How long a document is used without a refresh; Auth0's own SDKs cache as long.
const FRESH_FOR: Duration = Duration::minutes(10);
/// How long it is used while refreshing it fails.
const STALE_FOR: Duration = Duration::HOUR;
/// After a failed refresh, how long until the next one.
const RETRY_EVERY: Duration = Duration::MINUTE;
/// The same without any document to go on with, so that visitors do not ask a failing tenant in each other's wake.
const RETRY_WITHOUT_EVERY: Duration = Duration::SECOND;
/// How long a caller waits for a refresh, its own while a stale document is there, else another caller's.
const MAX_WAIT: StdDuration = StdDuration::from_secs(2);

/// One cached document of the tenant.
pub(super) struct Cached<T> {
    contents: Mutex<Contents<T>>,
    /// Held by the caller that refreshes the document.
    refreshing: tokio::sync::Mutex<()>,
    /// Held by a second caller, which goes on beside one that the tenant keeps waiting when there is no document.
    beside: tokio::sync::Mutex<()>,
}

struct Contents<T> {
    document: Option<(OffsetDateTime, Arc<T>)>,
    /// When the last refresh failed, or brought a document without what was wanted.
    failed_at: Option<OffsetDateTime>,
    /// Its failure, where it brought none.
    failure: Option<Error>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        let contents = Contents { document: None, failed_at: None, failure: None };
        Self {
            contents: Mutex::new(contents),
            refreshing: tokio::sync::Mutex::default(),
            beside: tokio::sync::Mutex::default(),
        }
    }
}

impl<T> Cached<T> {
    /// A document that holds what is `wanted`, cached or fetched. If neither does, the newest one there is.
    pub(super) async fn get<F: Future<Output = Result<T, Error>>>(
        &self,
        call: Call,
        clock: &Clock,
        wanted: impl Fn(&T) -> bool,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, Error> {
        if let Some(known) = self.without_refresh(clock, &wanted) {
            return known;
        }
        let stale = self.younger_than(STALE_FOR, clock).filter(|document| wanted(document));
        let max_wait = if stale.is_some() { StdDuration::ZERO } else { MAX_WAIT };
        let turn = timeout(max_wait, self.refreshing.lock()).await;
        // Another caller may have refreshed it meanwhile.
        if let Some(known) = self.without_refresh(clock, &wanted) {
            return known;
        }
        match (stale, turn) {
            (Some(stale), Err(_)) => Ok(stale),
            (Some(stale), Ok(_turn)) => self.refresh_or(stale, call, clock, Box::pin(fetch())).await,
            (None, Ok(_turn)) => self.refresh(clock, &wanted, Box::pin(fetch())).await,
            (None, Err(_)) => self.refresh_beside(call, clock, &wanted, Box::pin(fetch())).await,
        }
    }

    /// A document without the first turn. However many visitors wait, a tenant that hangs is asked by two at once.
    async fn refresh_beside(
        &self,
        call: Call,
        clock: &Clock,
        wanted: &impl Fn(&T) -> bool,
        fetch: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let turn = timeout(MAX_WAIT, self.beside.lock()).await;
        match (self.without_refresh(clock, wanted), turn) {
            (Some(known), _) => known,
            (None, Ok(_turn)) => self.refresh(clock, wanted, fetch).await,
            (None, Err(_)) => {
                let kind = Failure::Unreachable {
                    maybe_done: false,
                    timed_out: true,
                    retry_at: None,
                    cause: "others wait for it already".to_owned(),
                };
                Err(Error { call, kind, request_id: None, is_logged: true })
            }
        }
    }

    /// A newer document, or the stale one, unless the failure is one that only an operator can fix.
    async fn refresh_or(
        &self,
        stale: Arc<T>,
        call: Call,
        clock: &Clock,
        fetch: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        match timeout(MAX_WAIT, self.refresh(clock, &|_| true, fetch)).await {
            Ok(Err(error)) if !matches!(error.kind, Failure::Misconfigured(_)) => error.log(),
            Ok(result) => return result,
            Err(_) => {
                tracing::warn!(
                    call = call.name(),
                    waited_s = MAX_WAIT.as_secs(),
                    "refresh timed out, using the cached document"
                );
                self.contents().failed_at = Some(clock.now());
            }
        }
        Ok(stale)
    }

    async fn refresh(
        &self,
        clock: &Clock,
        wanted: &impl Fn(&T) -> bool,
        fetch: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let result = fetch.await.map(Arc::new);
        let now = clock.now();
        let mut contents = self.contents();
        contents.failed_at = if result.as_ref().is_ok_and(|new| wanted(new)) { None } else { Some(now) };
        contents.failure = result.as_ref().err().cloned();
        match &result {
            Ok(new) => contents.document = Some((now, new.clone())),
            Err(Error { kind: Failure::Misconfigured(_), .. }) => contents.document = None,
            Err(_) => {}
        }
        drop(contents);
        result
    }

    /// The cached document, if it is fresh and holds what is wanted, or if it is too early for another refresh. Without
    /// one, the failure of a moment ago.
    fn without_refresh(&self, clock: &Clock, wanted: &impl Fn(&T) -> bool) -> Option<Result<Arc<T>, Error>> {
        let (failed_at, failure) = {
            let contents = self.contents();
            (contents.failed_at, contents.failure.clone())
        };
        let failed_within = |time| failed_at.is_some_and(|at| clock.is_within(time, at));
        if !failed_within(RETRY_EVERY) {
            return self.younger_than(FRESH_FOR, clock).filter(|document| wanted(document)).map(Ok);
        }
        let failure = failure.map(|failure| Error { is_logged: true, ..failure });
        let of_a_moment_ago = || failure.filter(|_| failed_within(RETRY_WITHOUT_EVERY)).map(Err);
        self.younger_than(STALE_FOR, clock).map(Ok).or_else(of_a_moment_ago)
    }

    fn younger_than(&self, age: Duration, clock: &Clock) -> Option<Arc<T>> {
        let (fetched_at, document) = self.contents().document.clone()?;
        clock.is_within(age, fetched_at).then_some(document)
    }

    fn contents(&self) -> MutexGuard<'_, Contents<T>> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
