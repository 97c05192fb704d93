//! Requests of a signed-in person. Each makes a few calls to the tenant, whose rate is shared by the whole company.

use time::Duration;

use super::{Account, Counted};
use crate::config::Limits;
use crate::error::Error;
use crate::mfa::tally::Batched;
use crate::store::RecordKind;

/// Counts a request, and refuses it above the limits. A session that has proved a factor counts for itself, and all of these
/// in one sum. Those that have not count together and apart, so that the password alone uses up nothing of the owner's. What
/// is refused for its session does not count in the sum. Requests that another site's page made without a click
/// (`is_unasked`) have a count of their own for each session and share the sum, so that no site keeps its reader's browser
/// from their own pages.
pub(crate) async fn count_request(account: &Account, is_unasked: bool) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    let place = account.person.place.to_string();
    let session = if account.person.has_proved_factor(&portal.clock) { &*place } else { "" };
    if is_unasked {
        count(account, Counted::Requests, &format!("unasked {session}")).await?;
    } else {
        count(account, Counted::Requests, session).await?;
    }
    if session.is_empty() { Ok(()) } else { count(account, Counted::RequestsInAll, "").await }
}

async fn count(account: &Account, counted: Counted, session: &str) -> Result<(), Error> {
    let portal = &account.portal;
    // The user id last, because it may hold blanks.
    let name = &format!("{} {session} {}", counted.name(), account.sub());
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
