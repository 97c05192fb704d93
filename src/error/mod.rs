//! Everything that can go wrong on a page.
//!
//! A handler returns an [`Error`], which becomes a response with a status and an [`Explanation`]. The layer
//! `web::layers::errors` turns that into a page in the reader's language.

mod explanation;
mod told;

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use time::OffsetDateTime;

pub(crate) use self::explanation::{Explanation, WayOut};
pub(crate) use self::told::refused;
use crate::store;
use crate::tenant::{self, GRANT_SCOPES, IdTokenError, Organization};

/// A failure of a page. `error::explanation` gives each one its status and its words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The person has to sign in, or to prove their identity again.
    #[error("sign-in needed")]
    SignInFirst(SignInRedirect),
    /// The session was ended while the act waited: by a sign-out, a removal, or a later sign-in.
    #[error("session ended")]
    SessionEnded,
    /// The change needs a better proof of identity than the session has.
    #[error("proof by a factor needed")]
    ProveAgain,
    /// A step-up brought no better proof.
    #[error("no proof by a factor after a step-up")]
    NotProved,
    /// There is no such page, or nothing behind it any more.
    #[error("not found")]
    NotFound,
    /// The enrollment was cancelled, replaced, finished or has lapsed.
    #[error("enrollment has ended")]
    SetUpEnded,
    /// The tenant keeps this authenticator.
    #[error("authenticator not removable")]
    NotRemovable,
    /// This site did not give the form to this person.
    #[error("form without this session's token")]
    ForeignForm,
    #[error("body is not a form")]
    NotAForm,
    #[error("form too large")]
    TooLarge,
    #[error("form incomplete after its time")]
    SlowForm,
    /// The request's framing is one that a proxy may read in another way.
    #[error("request framing: {0}")]
    Framing(#[from] Framing),
    #[error("address too long")]
    LongAddress,
    /// The head is longer than a browser's, most often because of other applications' cookies on the same host.
    #[error("headers too large")]
    LongHeaders,
    /// Fields are missing, repeated or unreadable.
    #[error("form fields unreadable")]
    BadForm,
    /// The tenant granted less than was asked for.
    #[error("scope {0} not granted")]
    MissingScope(&'static str),
    #[error("sign-in failed: {0}")]
    SignIn(#[from] SignInFailure),
    #[error(transparent)]
    Tenant(#[from] tenant::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A limit of our own is reached; the time is its end.
    #[error("limit reached: {0:?}")]
    TooMany(Limited, OffsetDateTime),
    /// The last try was cut off and may have sent a message, so the next one waits until then.
    #[error("message may be in flight")]
    MaybeSent(OffsetDateTime),
    /// Another request holds the lock for the same thing.
    #[error("lock held by another request")]
    Busy,
    /// A mistake in this program.
    #[error("bug: {0}")]
    Bug(Box<dyn std::error::Error + Send + Sync>),
}

/// The reason for a failed sign-in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInFailure {
    /// The callback fits no sign-in that this browser began.
    #[error("callback of no sign-in of this browser")]
    Unknown,
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The company did not let the person in: an Action or a rule of the tenant, or a connection.
    #[error("denied by the tenant")]
    Denied,
    /// The same, with the id of the company's own message for it (WORDS).
    #[error("denied by the tenant: {0}")]
    OwnRefusal(String),
    /// The tenant has blocked this person.
    #[error("person blocked")]
    Blocked,
    /// The tenant does not know the audience, most often because of a custom domain.
    #[error("audience unknown to the tenant; is AUTH0_TENANT_DOMAIN the canonical domain?")]
    UnknownAudience,
    /// The tenant's own limit on sign-ins is reached.
    #[error("too many sign-ins")]
    TooMany,
    /// Any other `error` of the tenant.
    #[error("error from the tenant")]
    Refused,
    /// The person is no member of the organization.
    #[error("no member of the organization")]
    NoMember,
    /// The tenant wants another organization, or none.
    #[error(
        "organization refused by the tenant; set AUTH0_ORGANIZATION or let links name one of ORGANIZATIONS, and see \
         Auth0 dashboard: Applications → Applications → (the portal's) → Login Experience"
    )]
    Organization,
    /// A link names an organization that is not listed, more than one, or none that could exist.
    #[error("link's organization {} is not in ORGANIZATIONS", .0.as_ref().map_or("(unreadable)", Organization::as_str))]
    UnlistedOrganization(Option<Organization>),
    /// A different person came back from a step-up.
    #[error("different person after a step-up")]
    AnotherPerson,
    /// The step-up proved nothing new. `again` is the address of another one.
    #[error("{}", IdTokenError::Stale)]
    Stale { again: String },
    #[error(transparent)]
    IdToken(IdTokenError),
}

impl SignInFailure {
    /// Whether any address can bring it about, without the tenant.
    fn is_anybodys(&self) -> bool {
        matches!(self, Self::Unknown | Self::UnlistedOrganization(_))
    }
}

/// A failure that any address can bring about. It is not logged yet.
#[derive(Clone)]
pub(crate) enum AnybodysFailure {
    SignIn(Arc<SignInFailure>),
    Framing(Framing),
}

impl From<IdTokenError> for Error {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Tenant(error) => Self::Tenant(error),
            other => Self::SignIn(SignInFailure::IdToken(other)),
        }
    }
}

/// Why a request is refused whose end a proxy may see elsewhere than we do (RFC 9112 §6.1, §6.3, §11.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Framing {
    /// A second Content-Length, even an equal one.
    #[error("more than one Content-Length")]
    RepeatedLength,
    #[error("Transfer-Encoding beside Content-Length")]
    Both,
    #[error("a Transfer-Encoding other than chunked alone")]
    OtherCoding,
}

impl Framing {
    /// The remedy, for the operator.
    fn remedy(self) -> &'static str {
        match self {
            Self::RepeatedLength => "let the proxy send one Content-Length",
            Self::Both => {
                "let the proxy send either Content-Length or Transfer-Encoding: chunked, never both"
            }
            Self::OtherCoding => {
                "let the proxy send bodies with a Content-Length or with Transfer-Encoding: chunked alone"
            }
        }
    }

    /// Writes refusals to the log. No page does, because the cause lies between the browser and the portal.
    pub(crate) fn log(self, refusals: u64) {
        tracing::warn!(cause = %self, remedy = self.remedy(), refusals, "request framing refused");
    }
}

/// A way through sign-in and back to the page that needs it. A link may be followed at once; after a form a page asks
/// first, because browsers let a form's redirects go only to the origins in `form-action`.
#[derive(Clone, Debug)]
pub(crate) struct SignInRedirect {
    /// The path of the sign-in with its query.
    pub(crate) href: String,
    /// Whether the browser may be redirected without asking.
    pub(crate) at_once: bool,
    /// Whether the person is signed in and only has to prove it again.
    pub(crate) step_up: bool,
}

/// The limits of our own (`mfa::limits`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    /// Enrollments started by one person.
    Starts,
    /// Messages and calls to one person, or to one number or address.
    Sent,
    /// Messages and calls of the whole portal, to numbers that the person has not confirmed before.
    NewNumbers,
    /// Requests of one person.
    Requests,
    /// Wrong codes of one person.
    WrongCodes,
    /// Removals or new recovery codes of one person.
    Changes,
    /// A change of one person that the tenant may still be making.
    UnderWay,
    /// A second message of one person to one number or address within the pause.
    Pause,
    /// Sign-ins from one network.
    SignIns,
    /// Codes that the tenant refused, from one network or in all.
    RefusedCodes,
}

impl Error {
    /// Whether the tenant certainly did nothing.
    #[must_use]
    pub(crate) fn nothing_done(&self) -> bool {
        matches!(self, Self::Tenant(error) if !error.maybe_done())
    }

    /// Whether the tenant may have carried the change out.
    #[must_use]
    pub(crate) fn maybe_done(&self) -> bool {
        matches!(self, Self::Tenant(error) if error.maybe_done())
    }

    /// Whether the change was certainly not made. After a failure of the store in the middle nobody knows.
    #[must_use]
    pub(crate) fn is_known_undone(&self) -> bool {
        !self.maybe_done() && !matches!(self, Self::Store(_) | Self::Bug(_))
    }

    /// The same of the next of several changes, of which so many were made.
    #[must_use]
    pub(crate) fn after_others(self, made: usize) -> Self {
        match self {
            Self::Tenant(error) if made > 0 => Self::Tenant(error.in_the_middle()),
            error => error,
        }
    }

    /// Logs the failure. Nothing else does, so each is logged once.
    fn log(&self) {
        match self {
            Self::Tenant(error) => error.log(),
            // The layer of errors logs them, because only that can keep a flood out of the log.
            Self::SignIn(reason) if reason.is_anybodys() => {}
            Self::Framing(_) => {}
            Self::SignIn(reason) => tracing::warn!(%reason, "sign-in failed"),
            Self::Store(error) => tracing::error!(%error, "session store failed"),
            Self::NotProved => tracing::warn!(
                missing = "amr with mfa, or the multi-factor acr",
                setting = "PROOF",
                "ID token proves no factor after a step-up, change refused"
            ),
            Self::MissingScope(scope) => {
                tracing::warn!(
                    scope,
                    remedy = GRANT_SCOPES,
                    "token lacks the scope of this page, request refused"
                );
            }
            Self::Bug(error) => tracing::error!(?error, "bug"),
            other => tracing::debug!(reason = %other, "request refused"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::SignInFirst(SignInRedirect { href, at_once: true, .. }) = &self {
            return Redirect::to(href).into_response();
        }
        self.log();
        let (status, explanation) = self.explanation();
        let mut response = status.into_response();
        if let Some(told) = self.told() {
            response.extensions_mut().insert(told);
        }
        response.extensions_mut().insert(explanation);
        let anybodys = match self {
            Self::SignIn(failure) if failure.is_anybodys() => AnybodysFailure::SignIn(Arc::new(failure)),
            Self::Framing(framing) => AnybodysFailure::Framing(framing),
            _ => return response,
        };
        response.extensions_mut().insert(anybodys);
        response
    }
}
