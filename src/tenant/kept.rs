//! What the tenant says of itself, kept for a while. One caller asks for it, and nobody who can do with the last answer
//! waits for a tenant that does not answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration as Wait;

use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use super::{Error, Kind};
use crate::clock::Clock;

/// How long an answer is used without asking; Auth0's own SDKs keep it as long.
const KEPT: Duration = Duration::minutes(10);
/// How long it is used when the tenant gives no newer one.
const AT_HAND: Duration = Duration::HOUR;
/// However often a newer answer does not come, or does not hold what is looked for, the tenant is asked no more often.
const AT_MOST_EVERY: Duration = Duration::MINUTE;
/// Whoever has nothing at hand waits so long for another's question before asking too.
const PATIENCE: Wait = Wait::from_secs(2);

/// An answer of the tenant.
pub(super) struct Kept<T> {
    answer: Mutex<Answer<T>>,
    /// Whose turn it is to ask.
    turn: tokio::sync::Mutex<()>,
}

struct Answer<T> {
    last: Option<(OffsetDateTime, Arc<T>)>,
    /// When asking was last in vain: nothing came, or not what was wanted.
    in_vain: Option<OffsetDateTime>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        let answer = Answer { last: None, in_vain: None };
        Self { answer: Mutex::new(answer), turn: tokio::sync::Mutex::default() }
    }
}

impl<T> Kept<T> {
    /// An answer that holds what is `wanted`, if there is one: the last, or a new one. Otherwise the last one all the same.
    pub(super) async fn get<F: Future<Output = Result<T, Error>>>(
        &self,
        clock: &Clock,
        wanted: impl Fn(&T) -> bool,
        ask: impl FnOnce() -> F,
    ) -> Result<Arc<T>, Error> {
        if let Some(answer) = self.good(clock, &wanted) {
            return Ok(answer);
        }
        let spare = self.last(clock, AT_HAND).filter(|answer| wanted(answer));
        let patience = if spare.is_some() { Wait::ZERO } else { PATIENCE };
        let turn = timeout(patience, self.turn.lock()).await;
        // Somebody may have asked while this caller waited.
        if let Some(answer) = self.good(clock, &wanted) {
            return Ok(answer);
        }
        match (spare, turn) {
            (Some(spare), Err(_)) => Ok(spare),
            (Some(spare), Ok(_turn)) => self.renewed(clock, spare, Box::pin(ask())).await,
            (None, _turn) => self.asked(clock, &wanted, Box::pin(ask())).await,
        }
    }

    /// A newer answer, which nobody waits for long: the last one will do, unless only an operator can mend what is wrong.
    async fn renewed(
        &self,
        clock: &Clock,
        spare: Arc<T>,
        ask: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        match timeout(PATIENCE, self.asked(clock, &|_| true, ask)).await {
            Ok(Err(error)) if !matches!(error.kind, Kind::Misconfigured(_)) => error.log(),
            Ok(answer) => return answer,
            Err(_) => {
                tracing::warn!("the tenant says nothing new of itself in time; what it said last is used");
                self.answer().in_vain = Some(clock.now());
            }
        }
        Ok(spare)
    }

    async fn asked(
        &self,
        clock: &Clock,
        wanted: &impl Fn(&T) -> bool,
        ask: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let now = clock.now();
        let result = ask.await.map(Arc::new);
        let mut answer = self.answer();
        answer.in_vain = if result.as_ref().is_ok_and(|new| wanted(new)) { None } else { Some(now) };
        match &result {
            Ok(new) => answer.last = Some((now, new.clone())),
            Err(Error { kind: Kind::Misconfigured(_), .. }) => answer.last = None,
            Err(_) => {}
        }
        drop(answer);
        result
    }

    /// The last answer, if it is young and holds what is wanted, or if it is too soon to ask again.
    fn good(&self, clock: &Clock, wanted: &impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let in_vain = self.answer().in_vain;
        if in_vain.is_some_and(|at| clock.is_within(AT_MOST_EVERY, at)) {
            return self.last(clock, AT_HAND);
        }
        self.last(clock, KEPT).filter(|last| wanted(last))
    }

    fn last(&self, clock: &Clock, lives: Duration) -> Option<Arc<T>> {
        let (at, last) = self.answer().last.clone()?;
        clock.is_within(lives, at).then_some(last)
    }

    /// For a look or a change that waits for nobody.
    fn answer(&self) -> MutexGuard<'_, Answer<T>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
