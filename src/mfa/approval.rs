//! Whether the phone has approved: a page polls, no faster than the tenant allows.
//!
//! All tabs and replicas share one turn, kept in the store. Between turns a page is only drawn again.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::Account;
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Key, RecordKind, Store};
use crate::tenant::{Proof, Reason};

/// Pause between two polls: Auth0 takes twelve a minute (Auth0, Rate Limit Configurations, MFA OOB).
const PACE: Duration = Duration::seconds(5);
/// The longest pause, however often the tenant says `slow_down`.
const SLOWEST: Duration = Duration::seconds(40);
/// How long a request to a phone, or a QR code for push, is good (Auth0, MFA API, Enroll push).
pub(super) const REQUEST_LASTS: Duration = Duration::minutes(5);

/// The result of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PollResult {
    Approved,
    /// No answer yet; the page polls again after this pause.
    Waiting(Duration),
    Ended(Ending),
}

/// How a request to the phone ends without approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ending {
    /// The person said no.
    Denied,
    /// The phone did not answer in time.
    Lapsed,
}

impl Ending {
    /// The end of its message ids.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Lapsed => "lapsed",
        }
    }
}

/// Polls the tenant when it is this page's turn. `id` names the enrollment or challenge that the request belongs to.
pub(super) async fn poll(account: &Account, id: &str, oob_code: &Secret) -> Result<PollResult, Error> {
    let turns = PollTurns { store: &account.portal.store, id };
    if !turns.take().await? {
        return Ok(PollResult::Waiting(turns.pace().await?));
    }
    let proof = Proof::Approval { oob_code: oob_code.clone() };
    let error = match account.portal.tenant.verify(&account.person.token, &proof).await {
        Ok(sub) => return account.person.must_be(sub.as_deref()).map(|()| PollResult::Approved),
        Err(error) => error,
    };
    match error.reason() {
        Some(Reason::Pending) => Ok(PollResult::Waiting(turns.pace().await?)),
        Some(Reason::SlowDown | Reason::TooManyRequests) => Ok(PollResult::Waiting(turns.slow_down().await?)),
        Some(Reason::Denied) => Ok(PollResult::Ended(Ending::Denied)),
        Some(Reason::CodeExpired) => Ok(PollResult::Ended(Ending::Lapsed)),
        _ => Err(error.into()),
    }
}

/// The turns of all pages that wait for one approval.
struct PollTurns<'a> {
    store: &'a Store,
    id: &'a str,
}

impl PollTurns<'_> {
    /// Whether this page may poll now. The very first one is drawn before anybody can have answered, so it does not.
    async fn take(&self) -> Result<bool, Error> {
        if self.store.insert(self.key(RecordKind::PushPace), &PACE, 2 * REQUEST_LASTS).await? {
            return Ok(false);
        }
        Ok(self.store.insert(self.key(RecordKind::PushPoll), &(), self.pace().await?).await?)
    }

    /// Doubles the pause from now on.
    async fn slow_down(&self) -> Result<Duration, Error> {
        let pace = (self.pace().await? * 2_u8).min(SLOWEST);
        self.store.put(self.key(RecordKind::PushPace), &pace, 2 * REQUEST_LASTS).await?;
        self.store.put(self.key(RecordKind::PushPoll), &(), pace).await?;
        Ok(pace)
    }

    async fn pace(&self) -> Result<Duration, Error> {
        Ok(self.store.get(self.key(RecordKind::PushPace)).await?.unwrap_or(PACE))
    }

    fn key(&self, kind: RecordKind) -> Key {
        Key::random_id(kind, self.id)
    }
}
