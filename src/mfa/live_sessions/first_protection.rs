//! The first factor that protects a person ends their other sessions once it is confirmed, which may fail after the tenant
//! has taken the proof: the store is away, the answer is lost or the process dies. So each attempt is noted before the
//! tenant is asked. Where the list then shows a factor, a session that is older than the attempt needs a new proof. A
//! wrong code leaves a note that says nothing, because the list shows no factor.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::timestamp;

use super::{Account, OUTLIVES_PROOFS, ROUNDING, rounded_up};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};

/// The last attempt to confirm a person's first protection. Times are in milliseconds, as the beginning of a sign-in is
/// kept, and rounded up.
#[derive(Serialize, Deserialize)]
struct Attempt {
    #[serde(with = "timestamp::milliseconds")]
    at: OffsetDateTime,
    /// Until when the tenant may confirm it unseen.
    #[serde(with = "timestamp::milliseconds")]
    until: OffsetDateTime,
    /// The CSRF token of the session that has ended the others for it.
    by: Option<Secret>,
}

/// Notes that the tenant is about to be asked, and until when its answer may be lost. The list showed no factor at this time,
/// so a confirmation that was noted since is none of an earlier protection.
pub(in crate::mfa) async fn note_attempt(
    account: &Account,
    listed_at: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<(), Error> {
    let last = last(&account.portal, account.sub()).await?;
    if let Some(by) = last.filter(|last| last.at >= listed_at).and_then(|last| last.by) {
        return if by.expose() == account.person.csrf_token.expose() {
            Ok(())
        } else {
            Err(Error::SessionEnded)
        };
    }
    let at = rounded_up(account.portal.clock.now());
    keep(account, &Attempt { at, until: rounded_up(until).max(at), by: None }).await
}

/// Notes that this session has ended the others, so that it goes on.
pub(super) async fn note_confirmed(account: &Account) -> Result<(), Error> {
    let at = rounded_up(account.portal.clock.now());
    keep(account, &Attempt { at, until: at, by: Some(account.person.csrf_token.clone()) }).await
}

/// Whether this session should have ended by now if a factor protects the person. One that has proved a factor since the
/// attempt has proved the new one; the password alone may be known to somebody else until the attempt is over.
pub(in crate::mfa) async fn may_have_ended(account: &Account) -> Result<bool, Error> {
    let (portal, person) = (&account.portal, &account.person);
    let Some(attempt) = last(portal, account.sub()).await? else { return Ok(false) };
    let goes_on = attempt.by.is_some_and(|by| by.expose() == person.csrf_token.expose());
    let ends = if person.has_proved_factor(&portal.clock) { attempt.at } else { attempt.until };
    Ok(!goes_on && person.sign_in_began() < ends)
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

async fn keep(account: &Account, attempt: &Attempt) -> Result<(), Error> {
    let portal = &account.portal;
    Ok(portal.store.put(key(portal, account.sub()), attempt, OUTLIVES_PROOFS).await?)
}

fn key(portal: &Portal, sub: &str) -> Key {
    portal.store.key_of_person(RecordKind::EndedSessions, sub, &["first protection"])
}
