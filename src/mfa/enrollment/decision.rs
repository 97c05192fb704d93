//! Whether an enrollment was confirmed or cancelled. The first request that says so decides it: a phone approves in
//! nobody's turn, and a process may die in its own.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::{Enrollment, LASTS};
use crate::error::Error;
use crate::mfa::Account;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};

/// How long it is known which sessions have shown a code: longer than a sign-in that had begun takes, and its session lasts.
const SHOWN_FOR: Duration = Duration::minutes(40);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Decision {
    /// The authenticator is active.
    Confirmed,
    /// It was given up.
    Cancelled,
}

/// Decides, unless it was decided before. Returns the decision that holds.
pub(super) async fn decide(
    account: &Account,
    enrollment: &Enrollment,
    decision: Decision,
) -> Result<Decision, Error> {
    Ok(decide_of(&account.portal, &enrollment.id, decision).await?)
}

/// The same for the enrollment with this id.
pub(super) async fn decide_of(
    portal: &Portal,
    id: &str,
    decision: Decision,
) -> Result<Decision, store::Error> {
    if portal.store.insert(key(id), &decision, LASTS).await? {
        return Ok(decision);
    }
    Ok(portal.store.get(key(id)).await?.unwrap_or(decision))
}

/// The decision, once it was taken.
pub(super) async fn taken(account: &Account, enrollment: &Enrollment) -> Result<Option<Decision>, Error> {
    Ok(account.portal.store.get(key(&enrollment.id)).await?)
}

/// Whether the enrollment with this id was cancelled.
pub(super) async fn is_given_up(account: &Account, id: &str) -> Result<bool, Error> {
    Ok(account.portal.store.get(key(id)).await? == Some(Decision::Cancelled))
}

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::EnrollmentDecision, id)
}

/// Notes that this session shows codes for the enrollment, anew with each code: another one makes the enrollment last
/// longer. Each note is one write, so that none is lost to another.
pub(super) async fn note_shown_by_this(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    let (store, session) = (&account.portal.store, &account.person.csrf_token);
    if store.insert(shown_first(enrollment), session, SHOWN_FOR).await? {
        return Ok(());
    }
    if is_shown_first_by_this(account, enrollment).await? {
        store.put(shown_first(enrollment), session, SHOWN_FOR).await?;
    } else {
        store.put(shown_by_others(enrollment), &(), SHOWN_FOR).await?;
    }
    Ok(())
}

/// Whether no other session has shown a code, so that this one has proved what was confirmed.
pub(super) async fn is_shown_by_this_alone(
    account: &Account,
    enrollment: &Enrollment,
) -> Result<bool, Error> {
    let has_others = account.portal.store.get::<()>(shown_by_others(enrollment)).await?.is_some();
    Ok(!has_others && is_shown_first_by_this(account, enrollment).await?)
}

async fn is_shown_first_by_this(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    let first: Option<Secret> = account.portal.store.get(shown_first(enrollment)).await?;
    Ok(first.is_some_and(|first| first.expose() == account.person.csrf_token.expose()))
}

/// The CSRF token of the session that has shown the first code.
fn shown_first(enrollment: &Enrollment) -> Key {
    Key::random_id(RecordKind::Confirming, &format!("first session of {}", enrollment.id))
}

/// Set once another session has shown one too.
fn shown_by_others(enrollment: &Enrollment) -> Key {
    Key::random_id(RecordKind::Confirming, &format!("other sessions of {}", enrollment.id))
}

/// Notes that its confirmation has done all that it does to other sessions. The record is not the enrollment's, which a
/// request that runs beside may write over.
pub(super) async fn note_protected(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    Ok(account.portal.store.put(protected(enrollment), &(), LASTS).await?)
}

/// Whether that was done.
pub(super) async fn has_protected(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    Ok(account.portal.store.get::<()>(protected(enrollment)).await?.is_some())
}

fn protected(enrollment: &Enrollment) -> Key {
    Key::random_id(RecordKind::EnrollmentDecision, &format!("protected by {}", enrollment.id))
}

/// Whether its confirmation was told by nobody yet: one of the requests that find it at once tells it. Without a store this
/// one does, because a line too many is better than none.
pub(super) async fn is_to_be_told(portal: &Portal, id: &str) -> bool {
    let told = Key::random_id(RecordKind::EnrollmentDecision, &format!("told of {id}"));
    portal.store.insert(told, &(), LASTS).await.unwrap_or(true)
}
