//! Whether the phone has approved: asked by a page that refreshes itself, no faster than the tenant allows.
//!
//! All tabs and replicas share one turn, kept in the store; between turns a page is only drawn again.

use std::convert::Infallible;

use axum::extract::OptionalFromRequestParts;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::app::App;
use crate::error::Error;
use crate::secret::Secret;
use crate::session::Person;
use crate::store::{Key, Kind, Store};
use crate::tenant::{Proof, Reason};

/// Between two questions: Auth0 takes twelve a minute (Rate limit configurations, MFA OOB).
const PACE: Duration = Duration::seconds(5);
/// However often the tenant asks for patience, the person is not left waiting longer.
const SLOWEST: Duration = Duration::seconds(40);
/// How long a request to a phone, or a code to scan, is good for (MFA API, Enroll push).
pub const LIVES: Duration = Duration::minutes(5);

/// What a look at the phone's answer showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The person has approved.
    Approved,
    /// No answer yet; the page looks again after so long.
    Waiting(Duration),
    /// There will be none.
    Ended(Ending),
}

/// Our script's question (RFC 7240 §4.2, `Prefer: return=minimal`): only whether to wait on. Nothing is drawn, and no words
/// of success are used up.
pub(crate) struct Glance;

impl OptionalFromRequestParts<App> for Glance {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Option<Self>, Infallible> {
        let minimal = parts.headers.get("prefer").is_some_and(|wish| wish == "return=minimal");
        Ok(minimal.then_some(Self))
    }
}

/// Set where the person says that they have approved: they are told when no answer has come yet.
#[derive(Deserialize)]
pub(crate) struct Impatience {
    looked: Option<String>,
}

impl Impatience {
    pub(crate) fn is_shown(&self) -> bool {
        self.looked.is_some()
    }
}

impl Look {
    /// The answer to a [`Glance`]: 204 and when to ask again, or 205, for the page has changed.
    pub(crate) fn at_a_glance(self) -> Response {
        match self {
            Self::Waiting(again) => {
                (StatusCode::NO_CONTENT, [(RETRY_AFTER, again.whole_seconds().to_string())]).into_response()
            }
            Self::Approved | Self::Ended(_) => StatusCode::RESET_CONTENT.into_response(),
        }
    }
}

/// How a request to the phone ends without approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The person said no.
    Denied,
    /// Nobody answered in time.
    Lapsed,
}

impl Ending {
    /// The ending of its message keys.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Lapsed => "lapsed",
        }
    }
}

/// Asks the tenant, if it is time to. `id` names the set-up or try that the request to the phone belongs to.
pub(crate) async fn look(app: &App, person: &Person, id: &str, oob_code: &Secret) -> Result<Look, Error> {
    let turns = Turns { store: &app.store, id };
    if !turns.take().await? {
        return Ok(Look::Waiting(turns.pace().await?));
    }
    let proof = Proof::Approval { oob_code: oob_code.clone() };
    let error = match app.tenant.verify(&person.token, &proof).await {
        Ok(sub) => return person.must_be(sub.as_deref()).map(|()| Look::Approved),
        Err(error) => error,
    };
    match error.reason() {
        Some(Reason::Pending) => Ok(Look::Waiting(turns.pace().await?)),
        Some(Reason::SlowDown | Reason::TooManyRequests) => Ok(Look::Waiting(turns.slow_down().await?)),
        Some(Reason::Denied) => Ok(Look::Ended(Ending::Denied)),
        Some(Reason::CodeExpired) => Ok(Look::Ended(Ending::Lapsed)),
        _ => Err(error.into()),
    }
}

/// Whose turn it is to ask.
struct Turns<'a> {
    store: &'a Store,
    id: &'a str,
}

impl Turns<'_> {
    /// Whether this page may ask now. The very first one is drawn before anybody can have answered, so it does not.
    async fn take(&self) -> Result<bool, Error> {
        if self.store.insert(self.key(Kind::Pace), &PACE, 2 * LIVES).await? {
            return Ok(false);
        }
        Ok(self.store.insert(self.key(Kind::Turn), &(), self.pace().await?).await?)
    }

    /// Twice the pause from now on.
    async fn slow_down(&self) -> Result<Duration, Error> {
        let pace = (self.pace().await? * 2_u8).min(SLOWEST);
        self.store.put(self.key(Kind::Pace), &pace, 2 * LIVES).await?;
        self.store.put(self.key(Kind::Turn), &(), pace).await?;
        Ok(pace)
    }

    async fn pace(&self) -> Result<Duration, Error> {
        Ok(self.store.get(self.key(Kind::Pace)).await?.unwrap_or(PACE))
    }

    fn key(&self, kind: Kind) -> Key {
        Key::random_id(kind, self.id)
    }
}
