//! The typed session: who is signed in, with which MFA token, until when. Its keys are private to this file.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::{Expiry, Session};

use crate::clock::{Clock, Mark};
use crate::error::{Error, Explanation};
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
    /// When its token was asked for.
    began: Mark,
    /// How long the session lasts from then on: a little less than its token.
    lives: Duration,
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
    /// Who has just signed in, with what the tenant gave when it was asked at that moment.
    #[must_use]
    pub fn new(identity: Identity, tokens: Tokens, asked: Mark, random: &Random) -> Self {
        // Not to the last second: a call that begins must also end before the token does.
        let spare = Duration::seconds(30).min(tokens.lives / 10);
        Self {
            identity,
            token: tokens.mfa_token,
            csrf_token: Secret::from(random.verifier()),
            began: asked,
            lives: tokens.lives - spare,
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
    pub fn is_fresh(&self, clock: &Clock) -> bool {
        let fresh = |at| clock.left(FRESH - (self.began.at - at), &self.began).is_positive();
        self.identity.challenged || self.identity.auth_time.is_some_and(fresh)
    }

    /// How much longer the session lasts, however the clock is set meanwhile ([`Clock::left`]).
    #[must_use]
    pub fn left(&self, clock: &Clock) -> Duration {
        clock.left(self.lives, &self.began)
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
    session.set_expiry(Some(Expiry::AtDateTime(person.began.at + person.lives)));
    session.insert(PERSON, person).await?;
    // Saved here, so that a store that is away is a page and not an empty answer.
    Ok(session.save().await?)
}

/// Who is signed in now.
pub async fn current(session: &Session, clock: &Clock) -> Result<Option<Person>, Error> {
    let person: Option<Person> = session.get(PERSON).await?;
    Ok(person.filter(|person| person.left(clock).is_positive()))
}

/// Ends a session whose token the tenant takes no more, so that none of its pages opens any longer.
pub async fn end_with_token(session: Session, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_ended = response.extensions().get::<Explanation>().is_some_and(Explanation::is_token_ended);
    match if is_ended { end(&session).await } else { Ok(()) } {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}

/// Ends the session.
pub async fn end(session: &Session) -> Result<(), Error> {
    Ok(session.flush().await?)
}
