//! The typed session: who is signed in, with which MFA token, until when. Its keys are private to this file.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Expiry, Session};

use crate::clock::Clock;
use crate::error::Error;
use crate::random::Random;
use crate::secret::Secret;
use crate::tenant::{Identity, MfaToken, Tokens};

const PERSON: &str = "person";
/// A proof younger than this needs no repeating before a change.
const FRESH: Duration = Duration::minutes(10);

/// A signed-in person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Who it is.
    pub identity: Identity,
    /// What the MFA API is called with.
    pub token: MfaToken,
    /// Synchronizer token of every form of this session.
    pub csrf_token: Secret,
    /// When the session ends: a little before its token does.
    pub ends: OffsetDateTime,
    scopes: Option<Vec<String>>,
}

/// What a token may be used for (MFA API, Scopes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// `read:authenticators`
    List,
    /// `enroll`
    Add,
    /// `remove:authenticators`
    Remove,
}

impl Permission {
    fn scope(self) -> &'static str {
        match self {
            Self::List => "read:authenticators",
            Self::Add => "enroll",
            Self::Remove => "remove:authenticators",
        }
    }
}

impl Person {
    /// Who has just signed in, with what the tenant gave.
    #[must_use]
    pub fn new(identity: Identity, tokens: Tokens, clock: &Clock, random: &Random) -> Self {
        // Not to the last second: a call that begins must also end before the token does.
        let spare = Duration::seconds(30).min(tokens.lives / 10);
        Self {
            identity,
            token: tokens.mfa_token,
            csrf_token: Secret::from(random.verifier()),
            ends: clock.now() + tokens.lives - spare,
            scopes: tokens.scopes,
        }
    }

    /// Whether the tenant granted this. Where it names no scopes, it granted what was asked for (RFC 6749 §5.1).
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| scope == permission.scope()))
    }

    /// Refuses what came back for somebody else.
    pub fn must_be(&self, sub: Option<&str>) -> Result<(), Error> {
        if sub.is_some_and(|sub| sub != self.identity.sub) {
            return Err(Error::Bug("the proof's token is another person's".into()));
        }
        Ok(())
    }

    /// Whether the person has proved who they are recently enough for a change.
    #[must_use]
    pub fn is_fresh(&self, now: OffsetDateTime) -> bool {
        self.identity.challenged || self.identity.auth_time.is_some_and(|at| now - at <= FRESH)
    }

    /// The profile's address, if the tenant has verified it.
    #[must_use]
    pub fn verified_email(&self) -> Option<&str> {
        self.identity.email.as_deref().filter(|_| self.identity.email_verified)
    }

    /// What to call the person.
    #[must_use]
    pub fn called(&self) -> &str {
        let Identity { email, name, sub, .. } = &self.identity;
        email.as_deref().or(name.as_deref()).unwrap_or(sub)
    }
}

/// Begins a session under a new id. Whatever session the browser had is gone first.
pub async fn begin(session: &Session, person: Person) -> Result<(), Error> {
    if session.id().is_some() {
        session.flush().await?;
    }
    session.set_expiry(Some(Expiry::AtDateTime(person.ends)));
    session.insert(PERSON, person).await?;
    // Saved here, so that a store that is away is a page and not an empty answer.
    Ok(session.save().await?)
}

/// Who is signed in now.
pub async fn current(session: &Session, clock: &Clock) -> Result<Option<Person>, Error> {
    let person: Option<Person> = session.get(PERSON).await?;
    Ok(person.filter(|person| clock.now() < person.ends))
}

/// Ends the session.
pub async fn end(session: &Session) -> Result<(), Error> {
    Ok(session.flush().await?)
}
