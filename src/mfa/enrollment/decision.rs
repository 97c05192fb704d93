//! Whether an enrollment was confirmed or cancelled. The first request that says so decides it, so that no request
//! deletes what another one has just called added. There is no lock that a dead process could hold.

use serde::{Deserialize, Serialize};

use super::{Enrollment, LASTS};
use crate::error::Error;
use crate::mfa::Account;
use crate::store::{Key, RecordKind};

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
    if account.portal.store.insert(key(enrollment), &decision, LASTS).await? {
        return Ok(decision);
    }
    Ok(taken(account, enrollment).await?.unwrap_or(decision))
}

/// The decision, once it was taken.
pub(super) async fn taken(account: &Account, enrollment: &Enrollment) -> Result<Option<Decision>, Error> {
    Ok(account.portal.store.get(key(enrollment)).await?)
}

fn key(enrollment: &Enrollment) -> Key {
    Key::random_id(RecordKind::EnrollmentDecision, &enrollment.id)
}
