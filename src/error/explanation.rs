//! The status and the words of each failure.

use axum::http::StatusCode;
use time::OffsetDateTime;

use super::{Error, Limited, SignInFailure, SignInRedirect};
use crate::deadline;
use crate::tenant::{self, Failure, IdTokenError, Reason};

/// The words after the tenant has refused the person's token.
const TOKEN_ENDED: &str = "token-ended";

/// The words of an error page. `id` begins its message ids: `error-<id>-title` and `error-<id>-text`.
#[derive(Clone, Debug)]
pub(crate) struct Explanation {
    pub(crate) id: &'static str,
    /// The company's own message for it (WORDS), which those words stand in for where a part is missing.
    pub(crate) own: Option<String>,
    pub(crate) way_out: WayOut,
    /// Whether the tenant may have made a change; `None` when the question does not arise.
    pub(crate) maybe_changed: Option<bool>,
    pub(crate) retry_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug)]
pub(crate) enum WayOut {
    List,
    /// The form's own page, which shows this as its problem.
    Form,
    /// The part of the list that clears unfinished enrollments.
    Unfinished,
    SignInAgain,
    /// The same, and back to the page of the request.
    SignInAndBack,
    /// Through sign-in with the question which account.
    AnotherAccount,
    /// By this address through the sign-in that the request lacked.
    SignInFirst(String),
    /// The same with a new proof of identity.
    StepUpFirst(String),
    /// Through another sign-in by this address.
    SignInAt(String),
    /// Through sign-in with a new proof of identity, and back.
    StepUp,
    Retry,
    /// The very address of the request, which no page repeats.
    Same,
}

impl Explanation {
    /// Whether the person only has to sign in, or to prove their identity again.
    #[must_use]
    pub(crate) fn is_sign_in_first(&self) -> bool {
        matches!(self.way_out, WayOut::SignInFirst(_) | WayOut::StepUpFirst(_) | WayOut::StepUp)
    }

    /// Whether it is a limit of ours that a form hit.
    #[must_use]
    pub(crate) fn is_limit_of_form(&self) -> bool {
        matches!(self.way_out, WayOut::Form)
    }

    /// Whether the tenant no longer accepts the person's token.
    #[must_use]
    pub(crate) fn is_token_ended(&self) -> bool {
        self.id == TOKEN_ENDED
    }
}

impl Error {
    /// The status and the words of its page.
    pub(crate) fn explanation(&self) -> (StatusCode, Explanation) {
        let plain = |status, id, way_out| {
            (status, Explanation { id, own: None, way_out, maybe_changed: None, retry_at: None })
        };
        match self {
            Self::SignInFirst(SignInRedirect { href, step_up: true, .. }) => {
                plain(StatusCode::FORBIDDEN, "prove-again", WayOut::StepUpFirst(href.clone()))
            }
            Self::SignInFirst(SignInRedirect { href, .. }) => {
                plain(StatusCode::UNAUTHORIZED, "signed-out", WayOut::SignInFirst(href.clone()))
            }
            Self::SessionEnded => plain(StatusCode::UNAUTHORIZED, "signed-out", WayOut::SignInAgain),
            Self::ProveAgain => plain(StatusCode::FORBIDDEN, "prove-again", WayOut::StepUp),
            Self::NotProved => plain(StatusCode::FORBIDDEN, "not-proved", WayOut::List),
            Self::NotFound => plain(StatusCode::NOT_FOUND, "not-found", WayOut::List),
            Self::SetUpEnded => plain(StatusCode::GONE, "set-up-ended", WayOut::List),
            Self::NotRemovable => plain(StatusCode::CONFLICT, "not-removable", WayOut::List),
            Self::ForeignForm => plain(StatusCode::FORBIDDEN, "foreign-form", WayOut::List),
            Self::NotAForm => plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad-form", WayOut::List),
            Self::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE, "too-large", WayOut::List),
            Self::SlowForm => plain(StatusCode::REQUEST_TIMEOUT, "slow-form", WayOut::Retry),
            Self::LongAddress => plain(StatusCode::URI_TOO_LONG, "long-address", WayOut::List),
            Self::LongHeaders => {
                plain(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "long-headers", WayOut::Retry)
            }
            Self::BadForm | Self::Framing(_) => plain(StatusCode::BAD_REQUEST, "bad-form", WayOut::List),
            Self::MissingScope(_) => plain(StatusCode::FORBIDDEN, "missing-scope", WayOut::List),
            Self::SignIn(failure) => failure.explanation(),
            Self::Tenant(error) => tenant_trouble(error),
            Self::Store(_) => {
                let (status, explanation) =
                    plain(StatusCode::SERVICE_UNAVAILABLE, "store-away", WayOut::Retry);
                (status, Explanation { maybe_changed: Some(deadline::may_have_changed()), ..explanation })
            }
            Self::TooMany(what, until) => too_many(*what, *until),
            Self::MaybeSent(until) => {
                let (status, explanation) = plain(StatusCode::TOO_MANY_REQUESTS, "maybe-sent", WayOut::Form);
                (status, Explanation { retry_at: Some(*until), ..explanation })
            }
            Self::Busy => plain(StatusCode::SERVICE_UNAVAILABLE, "busy", WayOut::Retry),
            Self::Bug(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "bug", WayOut::List),
        }
    }
}

/// A limit: which one, and when it ends.
fn too_many(what: Limited, until: OffsetDateTime) -> (StatusCode, Explanation) {
    let id = match what {
        Limited::Starts => "too-many-starts",
        Limited::Sent => "too-many-sent",
        Limited::WrongCodes => "too-many-tries",
        Limited::NewNumbers => "too-many-messages",
        Limited::Requests => "too-many",
        Limited::Changes => "too-many-changes",
        Limited::UnderWay => "busy",
        Limited::Pause => "too-soon",
        Limited::SignIns => "too-many-sign-ins",
        Limited::RefusedCodes => "sign-in-queue",
    };
    let way_out = match what {
        Limited::SignIns => WayOut::SignInAgain,
        Limited::Requests => WayOut::Retry,
        // The code is not used up.
        Limited::RefusedCodes => WayOut::Same,
        _ => WayOut::Form,
    };
    // A queue moves on within seconds, so its page names no time.
    let retry_at = (what != Limited::RefusedCodes).then_some(until);
    (
        StatusCode::TOO_MANY_REQUESTS,
        Explanation { id, own: None, way_out, maybe_changed: Some(false), retry_at },
    )
}

impl SignInFailure {
    fn explanation(&self) -> (StatusCode, Explanation) {
        let (status, id) = match self {
            Self::Unknown => (StatusCode::BAD_REQUEST, "sign-in-unknown"),
            Self::Cancelled => (StatusCode::FORBIDDEN, "sign-in-cancelled"),
            Self::Denied | Self::OwnRefusal(_) => (StatusCode::FORBIDDEN, "sign-in-denied"),
            Self::Blocked => (StatusCode::FORBIDDEN, "sign-in-blocked"),
            Self::NoMember => (StatusCode::FORBIDDEN, "no-member"),
            Self::UnlistedOrganization(_) => (StatusCode::FORBIDDEN, "organization-unlisted"),
            Self::IdToken(IdTokenError::OtherOrganization) => (StatusCode::FORBIDDEN, "other-organization"),
            Self::UnknownAudience | Self::Organization | Self::IdToken(IdTokenError::Algorithm(_)) => {
                (StatusCode::BAD_GATEWAY, "misconfigured")
            }
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::AnotherPerson => (StatusCode::FORBIDDEN, "another-person"),
            Self::Stale { .. } => (StatusCode::FORBIDDEN, "sign-in-stale"),
            Self::IdToken(IdTokenError::Clock { .. }) => (StatusCode::BAD_GATEWAY, "clock-off"),
            Self::Refused | Self::IdToken(_) => (StatusCode::BAD_GATEWAY, "sign-in-refused"),
        };
        let way_out = match self {
            // The tenant's own session would lead to the same account again.
            Self::Denied
            | Self::OwnRefusal(_)
            | Self::Blocked
            | Self::NoMember
            | Self::AnotherPerson
            | Self::IdToken(IdTokenError::OtherOrganization) => WayOut::AnotherAccount,
            Self::UnlistedOrganization(_) => WayOut::List,
            Self::Stale { again } => WayOut::SignInAt(again.clone()),
            _ => WayOut::SignInAgain,
        };
        let own = if let Self::OwnRefusal(id) = self { Some(id.clone()) } else { None };
        (status, Explanation { id, own, way_out, maybe_changed: None, retry_at: None })
    }
}

fn tenant_trouble(error: &tenant::Error) -> (StatusCode, Explanation) {
    let (status, id, way_out) = match &error.kind {
        Failure::Refused(refusal) => refused(refusal.reason),
        Failure::Unreachable { timed_out: true, .. } => {
            (StatusCode::GATEWAY_TIMEOUT, "tenant-slow", WayOut::Retry)
        }
        Failure::Unreachable { retry_at: Some(_), .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, "tenant-away", WayOut::Retry)
        }
        Failure::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "tenant-away", WayOut::Retry),
        Failure::Unintelligible { .. } => (StatusCode::BAD_GATEWAY, "tenant-unreadable", WayOut::Retry),
        Failure::Misconfigured(_) => (StatusCode::BAD_GATEWAY, "misconfigured", WayOut::List),
    };
    // A call that only looks may follow one that has changed something.
    let may_follow_change = !error.call.changes_authenticators() && deadline::may_have_changed();
    let maybe_changed = Some(error.maybe_done() || may_follow_change);
    (status, Explanation { id, own: None, way_out, maybe_changed, retry_at: error.retry_at() })
}

fn refused(reason: Reason) -> (StatusCode, &'static str, WayOut) {
    match reason {
        Reason::TokenEnded => (StatusCode::UNAUTHORIZED, TOKEN_ENDED, WayOut::SignInAndBack),
        Reason::MissingScope => (StatusCode::FORBIDDEN, "missing-scope", WayOut::List),
        Reason::AlreadyEnrolled => (StatusCode::CONFLICT, "already-enrolled", WayOut::SignInAgain),
        Reason::LimitReached => (StatusCode::CONFLICT, "limit-reached", WayOut::Unfinished),
        Reason::NotAvailable => (StatusCode::CONFLICT, "not-available", WayOut::List),
        Reason::TooManySent => (StatusCode::TOO_MANY_REQUESTS, "too-many-sent", WayOut::List),
        Reason::TooManyWrong => (StatusCode::TOO_MANY_REQUESTS, "too-many-wrong", WayOut::List),
        Reason::TooManyRequests | Reason::SlowDown => {
            (StatusCode::TOO_MANY_REQUESTS, "too-many", WayOut::Retry)
        }
        Reason::NoRecoveryCode => (StatusCode::NOT_FOUND, "no-recovery-code", WayOut::List),
        Reason::NotFound | Reason::NotEnrolled => (StatusCode::NOT_FOUND, "gone", WayOut::List),
        Reason::InvalidAuthorizationCode => (StatusCode::BAD_REQUEST, "sign-in-unknown", WayOut::SignInAgain),
        Reason::WrongCode
        | Reason::CodeExpired
        | Reason::InvalidNumber
        | Reason::Denied
        | Reason::Pending => (StatusCode::UNPROCESSABLE_ENTITY, "refused", WayOut::List),
        Reason::WrongAudience | Reason::GrantNotEnabled | Reason::WrongClient | Reason::NotTheTenant => {
            (StatusCode::BAD_GATEWAY, "misconfigured", WayOut::List)
        }
        Reason::Other => (StatusCode::BAD_GATEWAY, "refused", WayOut::List),
    }
}
