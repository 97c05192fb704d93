//! Requests of a signed-in person. Each makes a few calls to the tenant, whose rate is shared by the whole company.

use time::Duration;

use super::{Account, Counted};
use crate::config::Limits;
use crate::error::Error;
use crate::mfa::tally::Batched;
use crate::store::RecordKind;

/// Counts a request, and refuses it above the limit.
pub(crate) async fn count_request(account: &Account) -> Result<(), Error> {
    let portal = &account.portal;
    if portal.config.limits == Limits::Off {
        return Ok(());
    }
    for limit in Counted::Requests.limits() {
        let key = account.key(RecordKind::Counter, &[Counted::Requests.name()]);
        let (tallies, name) = (&portal.tallies, account.sub());
        let batched = Batched { tallies, name, key, most: limit.most, within: limit.within };
        if let Some(until) = batched.count(portal).await? {
            let soonest = portal.clock.now() + Duration::SECOND;
            return Err(Error::TooMany(Counted::Requests.refused_as(), until.max(soonest)));
        }
    }
    Ok(())
}
