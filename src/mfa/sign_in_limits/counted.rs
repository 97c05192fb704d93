//! A code that counts in counters of refused ones until the tenant has taken it.

use std::mem;

use futures_util::future::join_all;
use time::Duration;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::deadline;
use crate::error::Error;
use crate::portal::App;
use crate::store::{Key, Loan};

/// A code in its counters. Dropped, it is given back: its browser may leave at any moment.
pub(super) struct Counted {
    portal: App,
    /// In the order of the keys.
    pub(super) loans: Vec<Loan>,
    /// A process that stops waits until it is given back. It is dropped after that has begun.
    _unfinished: TaskTrackerToken,
}

impl Counted {
    /// Counts in all of these counters at once, each with the length of its window. A task of its own waits for the store,
    /// which counts although the browser has left meanwhile. A failure counts in none of them.
    pub(super) async fn begin(portal: &App, keys: Vec<(Key, Duration)>) -> Result<Self, Error> {
        let unfinished = portal.changes.token();
        let mut counted = Self { portal: portal.clone(), loans: Vec::new(), _unfinished: unfinished };
        let count = async move {
            let store = &counted.portal.store;
            let lent = join_all(keys.iter().map(|(key, within)| store.lend(*key, *within))).await;
            let mut failed = None;
            for loan in lent {
                match loan {
                    Ok(loan) => counted.loans.push(loan),
                    Err(error) => failed = Some(error),
                }
            }
            failed.map_or(Ok(counted), |error| Err(error.into()))
        };
        portal.to_its_end(deadline::carried(count)).await.map_err(|failure| Error::Bug(failure.into()))?
    }

    /// Lets it count on, because the tenant has refused the code.
    pub(super) fn keep(mut self) {
        self.loans.clear();
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let loans = mem::take(&mut self.loans);
        if !loans.is_empty() {
            self.portal.changes.spawn(give_back(self.portal.clone(), loans));
        }
    }
}

/// A count whose return fails stays until its window ends.
async fn give_back(portal: App, loans: Vec<Loan>) {
    let returned = join_all(loans.iter().map(|loan| portal.store.give_back(loan))).await;
    portal.exchanges.tell_room();
    if let Some(error) = returned.into_iter().find_map(Result::err) {
        tracing::warn!(%error, "code that was not refused counts as refused");
    }
}
