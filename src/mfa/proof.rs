//! Step-up: the proof of identity that a change needs, and whether the person has given it. Each act decides on the
//! list that it reads under its own lock; pages check only what the token says.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::live_sessions::first_protection;
use super::{Account, live_sessions};
use crate::config::ProofPolicy;
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};
use crate::tenant::Authenticator;

/// Longer than a step-up takes.
const REMEMBERED_FOR: Duration = Duration::minutes(10);

/// A change that was refused until the person proves themselves by a factor.
#[derive(Serialize, Deserialize)]
struct Asked {
    at: OffsetDateTime,
    /// The CSRF token, which tells one session from the next.
    session: Secret,
}

/// Whether one of these makes the tenant ask for a second factor, or may do so.
pub(super) fn is_protected<'a>(listed: impl IntoIterator<Item = &'a Authenticator>) -> bool {
    listed.into_iter().any(|it| (it.active || it.is_unclear) && it.factor.protects())
}

/// Whether the proof is good enough for a change of somebody who is, or is not, protected by a factor.
pub(crate) fn suffices(account: &Account, protected: bool) -> bool {
    let (person, clock) = (&account.person, &account.portal.clock);
    let (factor, password) = (person.has_proved_factor(clock), person.has_proved_password(clock));
    match (account.portal.config.proof, protected) {
        (ProofPolicy::Factor, true) => factor,
        (ProofPolicy::Factor, false) | (ProofPolicy::Any, _) => factor || password,
        (ProofPolicy::Recent, true) => factor && password,
        (ProofPolicy::Recent, false) => password,
    }
}

/// Refuses the change unless the proof is good enough. After a step-up that brought no better one the refusal is final.
pub(super) async fn must_suffice(account: &Account, protected: bool) -> Result<(), Error> {
    live_sessions::must_be_live(account).await?;
    let is_outdated = protected && first_protection::may_have_ended(account).await?;
    if suffices(account, protected) && !is_outdated {
        return Ok(());
    }
    let (store, person, key) = (&account.portal.store, &account.person, key(account));
    let asked: Option<Asked> = store.get(key).await?;
    let is_answer =
        |asked: Asked| asked.at <= person.began() && asked.session.expose() != person.csrf_token.expose();
    if !is_outdated && person.has_stepped_up() && asked.is_some_and(is_answer) {
        return Err(Error::NotProved);
    }
    let asked = Asked { at: account.portal.clock.now(), session: person.csrf_token.clone() };
    store.put(key, &asked, REMEMBERED_FOR).await?;
    Err(Error::ProveAgain)
}

/// Whether the list cannot ask for a better proof than the person has given, as it cannot after one by a factor.
pub(super) async fn suffices_for_any_list(account: &Account) -> Result<bool, Error> {
    Ok(suffices(account, true) && !first_protection::may_have_ended(account).await?)
}

/// Refuses the change unless the proof is good enough for the person's list, which is read only where it decides.
pub(super) async fn must_suffice_for_list(account: &Account) -> Result<(), Error> {
    if suffices_for_any_list(account).await? {
        return live_sessions::must_be_live(account).await;
    }
    let listed = account.portal.tenant.authenticators(&account.person.token).await?;
    must_suffice(account, is_protected(&listed)).await
}

/// Whether a factor protects the person, as the list shows. The token may tell of an e-mail address, which does not.
pub(super) async fn is_protected_by_list(account: &Account) -> Result<bool, Error> {
    Ok(is_protected(&account.portal.tenant.authenticators(&account.person.token).await?))
}

fn key(account: &Account) -> Key {
    account.key(RecordKind::ProofAsked, &[])
}
