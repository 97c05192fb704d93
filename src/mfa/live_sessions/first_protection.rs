//! The first factor that protects a person ends their other sessions once it is confirmed, which may fail after the tenant
//! has taken the code: the store is away, the answer is lost or the process dies. So each attempt is noted before the
//! tenant is asked. Where the list shows a factor, a session that is older than the attempt needs a new proof. A wrong
//! code leaves a note that says nothing, because the list shows no factor.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::timestamp;

use super::{Account, Ended, OUTLIVES_PROOFS, ROUNDING, Whose, end_of, rounded_up};
use crate::error::Error;
use crate::portal::Portal;
use crate::store::{self, Key, RecordKind};

/// The last attempt to confirm a person's first protection.
#[derive(Serialize, Deserialize)]
struct Attempt {
    /// In milliseconds, as the beginning of a sign-in is kept, and rounded up.
    #[serde(with = "timestamp::milliseconds")]
    at: OffsetDateTime,
}

/// Notes that the tenant is about to be asked whether a proof confirms the person's first protection.
pub(in crate::mfa) async fn note_attempt(account: &Account) -> Result<(), Error> {
    let portal = &account.portal;
    let attempt = Attempt { at: rounded_up(portal.clock.now()) };
    Ok(portal.store.put(key(portal, account.sub()), &attempt, OUTLIVES_PROOFS).await?)
}

/// Whether this session should have ended by now if a factor protects the person: it is older than the last attempt, and
/// is not the one that goes on after it.
pub(in crate::mfa) async fn may_have_ended(account: &Account) -> Result<bool, Error> {
    let (portal, person) = (&account.portal, &account.person);
    let Some(attempt) = last(portal, account.sub()).await? else { return Ok(false) };
    if person.sign_in_began() >= attempt.at {
        return Ok(false);
    }
    let ended: Option<Ended> = portal.store.get(end_of(portal, account.sub(), Whose::All)).await?;
    Ok(!ended.is_some_and(|ended| ended.at >= attempt.at && ended.goes_on(person)))
}

/// Whether a proof that the tenant remembers may be older than the person's first protection.
pub(super) async fn may_be_newer_than(
    portal: &Portal,
    sub: &str,
    auth_time: Option<OffsetDateTime>,
) -> Result<bool, Error> {
    let is_older = |attempt: Attempt| auth_time.is_none_or(|at| at < attempt.at + ROUNDING);
    Ok(last(portal, sub).await?.is_some_and(is_older))
}

async fn last(portal: &Portal, sub: &str) -> Result<Option<Attempt>, store::Error> {
    portal.store.get(key(portal, sub)).await
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of_person(RecordKind::EndedSessions, sub, &["first protection"])
}
