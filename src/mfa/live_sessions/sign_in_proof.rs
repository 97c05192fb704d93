//! The proof at the tenant behind a session, which tells one browser's sessions from another's.

use serde::{Deserialize, Serialize};
use time::serde::timestamp;
use time::{Duration, OffsetDateTime};

use crate::tenant::Identity;

/// The most by which two tokens tell the same `auth_time` apart, once it is ours: the way of each answer counts.
const SAME_PROOF: Duration = Duration::seconds(5);
/// In characters. The tenant's are random.
const SID: usize = 8;

/// The proof at the tenant that a session came from. A browser that is let in without being asked again comes from the
/// same one.
#[derive(Serialize, Deserialize)]
pub(super) struct SignInProof {
    #[serde(rename = "a", default, with = "timestamp::option", skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<OffsetDateTime>,
    /// The beginning of the tenant's session id, which is enough to tell one browser from the next.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

impl SignInProof {
    pub(super) fn of(identity: &Identity) -> Self {
        let sid = identity.sid.as_ref().map(|sid| sid.chars().take(SID).collect());
        Self { auth_time: identity.auth_time, sid }
    }

    /// Whether both are of one browser: by the tenant's session, or else by the time of the proof.
    pub(super) fn is_akin(&self, other: &Self) -> bool {
        match (&self.sid, &other.sid, self.auth_time, other.auth_time) {
            (Some(one), Some(other), ..) => one == other,
            (_, _, Some(one), Some(other)) => (one - other).abs() <= SAME_PROOF,
            (_, _, one, other) => one.is_none() && other.is_none(),
        }
    }

    /// Whether it tells of a browser at all.
    pub(super) fn is_known(&self) -> bool {
        self.sid.is_some() || self.auth_time.is_some()
    }
}
