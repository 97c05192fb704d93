//! Everything that can go wrong, and the page that says what happened, whether anything was changed, and what to do.
//!
//! A handler returns an [`Error`]; it becomes a response with a status and an [`Explanation`], which the layer
//! [`explain`] turns into a page in the reader's language.

mod explanation;
mod page;

use std::any::Any;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use time::OffsetDateTime;

pub use self::explanation::Explanation;
pub use self::page::explain;
use crate::limits::Limited;
use crate::step_up::Detour;
use crate::store;
use crate::tenant::{self, IdTokenError};

/// What can go wrong on a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 303, or 401/403 after a form: the person has to sign in, or to prove again who they are.
    #[error("sign in first")]
    SignInFirst(Detour),
    /// 404: no such page, or nothing (any more) behind it.
    #[error("not found")]
    NotFound,
    /// 410: this set-up was cancelled, replaced, finished or has lapsed.
    #[error("the set-up has ended")]
    SetUpEnded,
    /// 409: the tenant keeps this authenticator.
    #[error("the tenant keeps this authenticator")]
    NotRemovable,
    /// 403: a form that this site did not give to this person.
    #[error("a foreign form")]
    ForeignForm,
    /// 415: not a form at all.
    #[error("not a form")]
    NotAForm,
    /// 413: a form longer than any of ours.
    #[error("too large")]
    TooLarge,
    /// 408: a form that did not come whole in time.
    #[error("the form did not come whole in time")]
    SlowForm,
    /// 411: a body in chunks.
    #[error("a body in chunks")]
    Chunks,
    /// 414: an address longer than any of ours.
    #[error("an address longer than any of ours")]
    LongAddress,
    /// 431: more header than a browser sends, most often cookies of others on the same host.
    #[error("headers too large")]
    LongHeaders,
    /// 400: fields missing, doubled or unreadable.
    #[error("a form with wrong fields")]
    BadForm,
    /// 403: the tenant granted less than was asked for.
    #[error("the tenant did not grant the scope")]
    MissingScope,
    /// 400 or 403: the sign-in came to nothing.
    #[error("sign-in: {0}")]
    SignIn(#[from] SignInFailure),
    /// By kind 401, 403, 404, 409, 422, 429, 502, 503 or 504: the tenant's trouble.
    #[error(transparent)]
    Tenant(#[from] tenant::Error),
    /// 503: the store is away.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// 429: a limit of our own.
    #[error("too many: {0:?}")]
    TooMany(Limited, OffsetDateTime),
    /// 429: the last try was cut off and may have sent a message; the next one waits until then.
    #[error("a message may have been sent just now")]
    MaybeSent(OffsetDateTime),
    /// 503: another request for the same thing is still under way.
    #[error("another request for the same thing is under way")]
    Busy,
    /// 500: our own mistake.
    #[error("a mistake of our own: {0}")]
    Bug(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a sign-in came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// The callback fits no sign-in that this browser began.
    #[error("the callback fits no sign-in of this browser")]
    Unknown,
    /// The person cancelled, or was not let in.
    #[error("the person cancelled or was refused")]
    Cancelled,
    /// The tenant does not let this person in.
    #[error("the person is blocked")]
    Blocked,
    /// The tenant does not know the audience: the custom-domain mistake.
    #[error("the tenant knows no such audience; is AUTH0_TENANT_DOMAIN the canonical domain?")]
    UnknownAudience,
    /// Too many sign-ins.
    #[error("too many sign-ins")]
    TooMany,
    /// Any other `error` of the tenant.
    #[error("the tenant answered with an error")]
    Refused,
    /// Somebody else came back from a step-up.
    #[error("another person came back from the step-up")]
    AnotherPerson,
    /// The ID token was refused.
    #[error(transparent)]
    IdToken(IdTokenError),
}

impl From<IdTokenError> for Error {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Tenant(error) => Self::Tenant(error),
            other => Self::SignIn(SignInFailure::IdToken(other)),
        }
    }
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

/// The answer after a panic in a handler; `log` has written down where it was.
#[must_use]
pub fn of_panic(_: Box<dyn Any + Send>) -> Response {
    Error::Bug("a panic".into()).into_response()
}

/// The answer after a panic in what makes pages of answers: a page that needs nothing else, not even a language.
#[must_use]
pub fn last_resort(_: Box<dyn Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Html(include_str!("../templates/last_resort.html"))).into_response()
}

impl Error {
    /// Whether it is certain that the tenant has done nothing.
    #[must_use]
    pub fn nothing_done(&self) -> bool {
        matches!(self, Self::Tenant(error) if !error.maybe_done())
    }

    /// Each failure is logged once, here.
    fn log(&self) {
        match self {
            Self::Tenant(error) => error.log(),
            Self::SignIn(failure) => tracing::warn!("a sign-in failed: {failure}"),
            Self::Store(error) => tracing::error!("{error}"),
            Self::Bug(error) => tracing::error!("{self} ({error:?})"),
            other => tracing::debug!("{other}"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::SignInFirst(Detour { href, at_once: true, .. }) = &self {
            return Redirect::to(href).into_response();
        }
        self.log();
        let (status, explanation) = self.explanation();
        let mut response = status.into_response();
        response.extensions_mut().insert(explanation);
        response
    }
}
