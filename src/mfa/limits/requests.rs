//! Requests of a signed-in person. Each makes a few calls to the tenant, whose rate is shared by the whole company. And
//! requests with a token of ours, which need no live session to cost the store a look-up.

use time::Duration;

use super::{Account, Counted};
use crate::config::Limits;
use crate::error::Error;
use crate::mfa::tally::Batched;
use crate::portal::{Portal, Tally};
use crate::store::RecordKind;

/// Counts a request, and refuses it above the limits. A session that has proved a factor counts for itself, so that
/// somebody with the password alone cannot use up the owner's. What is refused for its session does not count in all.
pub(crate) async fn count_request(account: &Account) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    let place = account.person.place.to_string();
    let session = if account.person.has_proved_factor(&portal.clock) { &*place } else { "" };
    count(account, Counted::Requests, session).await?;
    count(account, Counted::RequestsInAll, "").await
}

/// Counts a request with the token that has these random bytes, before the store is asked; refuses it above the limit.
/// In this process alone, because a count in the store would cost as much.
pub(crate) fn count_token(portal: &Portal, token: [u8; 16]) -> Result<(), Error> {
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    let now = portal.clock.now();
    for limit in Counted::TokenRequests.limits() {
        let counted = portal.token_tallies.entry(token);
        let tally = counted.and_upsert_with(|before| Tally::after(before, now, limit.within)).into_value();
        if tally.count > limit.most {
            return Err(Error::TooMany(Counted::TokenRequests.refused_as(), tally.ends));
        }
    }
    Ok(())
}

async fn count(account: &Account, counted: Counted, session: &str) -> Result<(), Error> {
    let portal = &account.portal;
    let name = &format!("{} {} {session}", counted.name(), account.sub());
    for limit in counted.limits() {
        let key = account.key(RecordKind::Counter, &[counted.name(), session]);
        let tallies = &portal.tallies;
        let batched = Batched { tallies, name, key, most: limit.most, within: limit.within };
        if let Some(until) = batched.count(portal).await? {
            let soonest = portal.clock.now() + Duration::SECOND;
            return Err(Error::TooMany(counted.refused_as(), until.max(soonest)));
        }
    }
    Ok(())
}
