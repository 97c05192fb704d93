//! Whether an enrollment was confirmed or cancelled. The first request that says so decides it, so that no request
//! deletes what another one has just called added. There is no lock that a dead process could hold.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::{Enrollment, LASTS};
use crate::error::Error;
use crate::mfa::Account;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};

/// A mark that is older belongs to a dead process, because a page's deadline is shorter.
pub(super) const UNDER_WAY_AT_MOST: Duration = Duration::seconds(12);

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
    if account.portal.store.insert(key(&enrollment.id), &decision, LASTS).await? {
        return Ok(decision);
    }
    Ok(taken(account, enrollment).await?.unwrap_or(decision))
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

/// The purpose of a request at the tenant, while others wait for it or leave its set-up alone.
#[derive(Clone, Copy)]
pub(super) enum Asks {
    /// To take a code. Another code's request clears nothing meanwhile.
    Code,
    /// To clear what was given up. A confirmation waits for the end of it.
    Clearing,
}

/// A request that is under way at the tenant. Each has a mark of its own, because a second one may end before the first.
pub(super) struct UnderWay(Option<Key>);

impl UnderWay {
    /// Begins it. Those that find no place of their own share the last one, which lapses.
    pub(super) async fn begin(account: &Account, enrollment: &Enrollment, asks: Asks) -> Result<Self, Error> {
        let store = &account.portal.store;
        let [own @ .., shared] = marks(&enrollment.id, asks);
        for mark in own {
            if store.insert(mark, &(), UNDER_WAY_AT_MOST).await? {
                return Ok(Self(Some(mark)));
            }
        }
        store.put(shared, &(), UNDER_WAY_AT_MOST).await?;
        Ok(Self(None))
    }

    /// Takes its mark away.
    pub(super) async fn end(self, account: &Account) -> Result<(), Error> {
        match self.0 {
            Some(mark) => Ok(account.portal.store.remove(mark).await?),
            None => Ok(()),
        }
    }
}

/// Whether a request of this kind is under way for the enrollment with this id.
pub(super) async fn is_under_way(account: &Account, id: &str, asks: Asks) -> Result<bool, Error> {
    for mark in marks(id, asks) {
        if account.portal.store.get::<()>(mark).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As many as a person's wrong codes in an hour, which count before the tenant is asked, and the one that is shared.
fn marks(id: &str, asks: Asks) -> [Key; 6] {
    let asks = match asks {
        Asks::Code => "code",
        Asks::Clearing => "clearing",
    };
    ["1", "2", "3", "4", "5", "6"]
        .map(|place| Key::random_id(RecordKind::Confirming, &format!("{asks} {place} of {id}")))
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
