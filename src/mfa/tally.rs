//! Counting in batches: each process counts for itself and writes to the store at every twentieth, so that ordinary
//! reading writes nothing, and a flood by strangers next to nothing. Replicas learn of each other's at most that many
//! late.

use moka::Entry;
use moka::sync::Cache;
use time::{Duration, OffsetDateTime};

use crate::deadline;
use crate::error::Error;
use crate::portal::{Portal, Tally};
use crate::store::Key;

/// Steps between two writes to the store.
const BATCH: u64 = 20;

impl Tally {
    /// The count after one more step, in a window of this length.
    pub(super) fn after<K>(before: Option<Entry<K, Self>>, now: OffsetDateTime, within: Duration) -> Self {
        match before.map(Entry::into_value) {
            Some(tally) if now < tally.ends => Self { count: tally.count + 1, ..tally },
            _ => Self { count: 1, ends: now + within, refused_until: None },
        }
    }
}

/// A limit that is counted in batches.
pub(super) struct Batched<'a> {
    /// This process's counts.
    pub(super) tallies: &'a Cache<String, Tally>,
    /// The name of the one who is counted, among them.
    pub(super) name: &'a str,
    /// The key of the count of all replicas.
    pub(super) key: Key,
    pub(super) most: u64,
    pub(super) within: Duration,
}

impl Batched<'_> {
    /// Until when further steps are refused, as far as this process knows.
    pub(super) fn refused_until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.tallies.get(self.name).and_then(|tally| tally.refused_until).filter(|until| now < *until)
    }

    /// Counts a step; `Some` until when it is refused.
    pub(super) async fn count(&self, portal: &Portal) -> Result<Option<OffsetDateTime>, Error> {
        let now = portal.clock.now();
        let refused_until = self.refused_until(now);
        if refused_until.is_some() {
            return Ok(refused_until);
        }
        let counted = self.tallies.entry_by_ref(self.name);
        let counted = counted.and_upsert_with(|before| Tally::after(before, now, self.within));
        let tally = counted.into_value();
        // The store has not answered yet to the step that reached the limit.
        if tally.count > self.most {
            return Ok(Some(tally.ends));
        }
        if tally.count.is_multiple_of(BATCH) {
            // A page that ended here with its browser would not count.
            deadline::begin_act().await;
            let batches = portal.store.increment(self.key, self.within).await?;
            if batches.count * BATCH >= self.most {
                let refused_until = Some(batches.resets_at);
                self.tallies.insert(self.name.to_owned(), Tally { refused_until, ..tally });
            }
        }
        Ok(None)
    }
}
