//! The signed-in person: identity, MFA token, granted scopes, and for how long all of it is good.

use std::ops::Not;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::clock::{Clock, Mark, millis};
use crate::error::Error;
use crate::secret::Secret;
use crate::tenant::{Entrance, GRANT_SCOPES, Identity, MfaToken, Tokens};

/// A proof of identity younger than this is good enough for a change.
const FRESH_FOR: Duration = Duration::minutes(10);

/// A signed-in person. The names are short where it is stored, because a store holds a hundred thousand of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    #[serde(rename = "i")]
    pub identity: Identity,
    #[serde(rename = "t")]
    pub token: MfaToken,
    /// Synchronizer token of every form of this session.
    #[serde(rename = "c")]
    pub csrf_token: Secret,
    /// When the token was requested.
    #[serde(rename = "b")]
    began: Mark,
    /// How long before that the browser was sent to the tenant for this sign-in, in milliseconds.
    #[serde(rename = "a", default)]
    asked_before: i64,
    /// The session's life from then on, in seconds: a little less than the token's.
    #[serde(rename = "l")]
    lives: i64,
    /// Those that the tenant granted, unless they are all that we need.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    /// Whether this sign-in was a step-up.
    #[serde(default, skip_serializing_if = "Not::not")]
    stepped_up: bool,
    /// The way into the tenant, which the next sign-in takes again.
    #[serde(rename = "e", default, skip_serializing_if = "Entrance::is_usual")]
    pub(crate) entrance: Entrance,
    /// The session's place among the person's (`mfa::live_sessions`).
    #[serde(rename = "p", default)]
    pub(crate) place: u8,
}

/// A scope of the MFA API (Auth0, Manage Authenticator Factors using the MFA API, Scopes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// `read:authenticators`
    List,
    /// `enroll`
    Add,
    /// `remove:authenticators`
    Remove,
}

impl Permission {
    const ALL: [Self; 3] = [Self::List, Self::Add, Self::Remove];

    fn scope(self) -> &'static str {
        match self {
            Self::List => "read:authenticators",
            Self::Add => "enroll",
            Self::Remove => "remove:authenticators",
        }
    }

    fn is_in(self, scopes: &[String]) -> bool {
        scopes.iter().any(|scope| scope == self.scope())
    }
}

impl Person {
    /// A person whose tokens were requested at `requested_at`, for a step-up or not.
    #[must_use]
    pub(crate) fn new(
        identity: Identity,
        tokens: Tokens,
        requested_at: Mark,
        csrf_token: Secret,
        stepped_up: bool,
    ) -> Self {
        // A call that begins before the session's end must also end before the token does.
        let lives = tokens.lives.whole_seconds();
        let spare = (lives / 10).min(30);
        Self {
            identity,
            token: tokens.mfa_token,
            csrf_token,
            began: requested_at,
            asked_before: 0,
            lives: lives - spare,
            scopes: tokens.scopes.filter(|scopes| !Permission::ALL.iter().all(|it| it.is_in(scopes))),
            stepped_up,
            entrance: Entrance::default(),
            place: 0,
        }
    }

    /// Whether the tenant granted this scope. An answer without scopes grants the requested ones (RFC 6749 §5.1).
    #[must_use]
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| permission.is_in(scopes))
    }

    /// The same, who came in by this way.
    #[must_use]
    pub(crate) fn by(self, entrance: Entrance) -> Self {
        Self { entrance: entrance.of(&self.identity), ..self }
    }

    /// The same, whose browser was sent to the tenant at this time.
    #[must_use]
    pub(crate) fn asked_at(self, at: OffsetDateTime) -> Self {
        Self { asked_before: millis(self.began.at) - millis(at), ..self }
    }

    /// When this sign-in began, in whole milliseconds.
    pub(super) fn sign_in_began(&self) -> OffsetDateTime {
        self.began.at.truncate_to_millisecond() - Duration::milliseconds(self.asked_before)
    }

    /// The same in a place among the person's live sessions.
    #[must_use]
    pub(crate) fn at(self, place: u8) -> Self {
        Self { place, ..self }
    }

    /// Logs the scopes that the tenant did not grant, once for each sign-in.
    pub(crate) fn log_missing_scopes(&self) {
        let missing = Permission::ALL.into_iter().filter(|it| !self.may(*it)).map(Permission::scope);
        let missing: Vec<_> = missing.collect();
        if !missing.is_empty() {
            tracing::warn!(
                missing = missing.join(" "),
                remedy = GRANT_SCOPES,
                "token lacks scopes of the MFA API"
            );
        }
    }

    /// Refuses where the tenant granted less than was asked for.
    pub(crate) fn must(&self, permission: Permission) -> Result<(), Error> {
        if self.may(permission) { Ok(()) } else { Err(Error::MissingScope(permission.scope())) }
    }

    /// Refuses a token of another person.
    pub(crate) fn must_be(&self, sub: Option<&str>) -> Result<(), Error> {
        if sub.is_some_and(|sub| sub != self.identity.sub) {
            return Err(Error::Bug("the proof's token is another person's".into()));
        }
        Ok(())
    }

    /// Whether the person proved a factor within the last ten minutes. The proof counts from when its token was issued,
    /// because no claim says when the factor was used.
    #[must_use]
    pub(crate) fn has_proved_factor(&self, clock: &Clock) -> bool {
        self.identity.challenged && clock.remaining(FRESH_FOR, &self.began).is_positive()
    }

    /// Whether the person signed in within the last ten minutes.
    #[must_use]
    pub(crate) fn has_proved_password(&self, clock: &Clock) -> bool {
        let fresh = |at| clock.remaining(FRESH_FOR - (self.began.at - at), &self.began).is_positive();
        self.identity.auth_time.is_some_and(fresh)
    }

    /// Whether this sign-in was a step-up.
    pub(super) fn has_stepped_up(&self) -> bool {
        self.stepped_up
    }

    /// When the tokens were requested.
    pub(super) fn began(&self) -> OffsetDateTime {
        self.began.at
    }

    /// The rest of the session's life, however the clock is set meanwhile ([`Clock::remaining`]).
    #[must_use]
    pub(crate) fn left(&self, clock: &Clock) -> Duration {
        clock.remaining(Duration::seconds(self.lives), &self.began)
    }

    /// The session's end by the wall clock.
    #[must_use]
    pub(crate) fn ends(&self) -> OffsetDateTime {
        self.began.at + Duration::seconds(self.lives)
    }

    /// Whether the person signs in with a password at the tenant: only its own user ids begin so (Auth0, Identify
    /// Users).
    #[must_use]
    pub(crate) fn has_password(&self) -> bool {
        self.identity.sub.starts_with("auth0|")
    }

    /// The profile's e-mail address, if the tenant has verified it.
    #[must_use]
    pub(crate) fn verified_email(&self) -> Option<&str> {
        self.identity.email.as_deref().filter(|_| self.identity.email_verified)
    }

    /// The name that pages call the person by: e-mail address, name or `sub`.
    #[must_use]
    pub(crate) fn called(&self) -> &str {
        let Identity { email, name, sub, .. } = &self.identity;
        email.as_deref().or(name.as_deref()).unwrap_or(sub)
    }
}
