//! Requests of a signed-in person. Each makes a few calls to the tenant, whose rate is shared by the whole company.

use time::Duration;

use super::{Account, Counted};
use crate::config::Limits;
use crate::error::Error;
use crate::portal::Tally;
use crate::store::RecordKind;

/// Requests between two writes to the store, so that ordinary reading writes nothing. Replicas learn of each other's at
/// most this many requests late.
const BATCH: u64 = 20;

/// Counts a request, and refuses it above the limit.
pub(crate) async fn count_request(account: &Account) -> Result<(), Error> {
    let (portal, now) = (&account.portal, account.portal.clock.now());
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    for limit in Counted::Requests.limits() {
        let counted = portal.tallies.entry_by_ref(account.sub()).and_upsert_with(|entry| {
            match entry.map(moka::Entry::into_value) {
                Some(tally) if now < tally.ends => Tally { count: tally.count + 1, ..tally },
                earlier => Tally {
                    count: 1,
                    ends: now + limit.within,
                    refused_until: earlier.and_then(|it| it.refused_until),
                },
            }
        });
        let tally = counted.into_value();
        let mut refused_until = tally.refused_until.filter(|until| now < *until);
        if refused_until.is_none() && tally.count.is_multiple_of(BATCH) {
            let key = account.key(RecordKind::Counter, &[Counted::Requests.name()]);
            let batches = portal.store.increment(key, limit.within).await?;
            if batches.count * BATCH > limit.most {
                refused_until = Some(batches.resets_at);
                portal.tallies.insert(account.sub().to_owned(), Tally { refused_until, ..tally });
            }
        }
        if let Some(until) = refused_until {
            return Err(Error::TooMany(Counted::Requests.refused_as(), until.max(now + Duration::SECOND)));
        }
    }
    Ok(())
}
