//! Failures as the audit stream tells them.

use super::{Error, Limited, SignInFailure, SignInRedirect};
use crate::audit::{Event, Outcome, Reason, Told};
use crate::tenant::{self, Failure};

impl Error {
    /// The event of a failure that ends a request. `None` where the person only goes on to a sign-in, and for bugs, which
    /// the log has.
    pub(crate) fn told(&self) -> Option<Told> {
        let event = match self {
            // The first is a form that is refused for want of a proof. A page only goes on to the sign-in.
            Self::SignInFirst(SignInRedirect { step_up: true, at_once: false, .. })
            | Self::ProveAgain
            | Self::NotProved => Event::StepUp,
            Self::SignInFirst(_) | Self::Bug(_) => return None,
            Self::NotFound | Self::SetUpEnded | Self::NotRemovable => Event::RefusedId,
            Self::ForeignForm
            | Self::NotAForm
            | Self::TooLarge
            | Self::SlowForm
            | Self::Framing(_)
            | Self::LongAddress
            | Self::LongHeaders
            | Self::BadForm
            | Self::MissingScope(_) => Event::RefusedForm,
            // Of a request that was under way: a later one only goes on to the sign-in.
            Self::SignIn(_) | Self::SessionEnded => Event::SignIn,
            Self::Tenant(_) => Event::TenantFailed,
            Self::Store(_) => Event::StoreFailed,
            Self::TooMany(..) | Self::MaybeSent(_) | Self::Busy => Event::Limit,
        };
        Some(self.told_as(event))
    }

    /// The same as the end of what the event says.
    pub(crate) fn told_as(&self, event: Event) -> Told {
        let outcome = match self {
            Self::SignIn(_) | Self::Tenant(_) | Self::Store(_) | Self::Bug(_) => Outcome::Failure,
            _ => Outcome::Refused,
        };
        Told { event, outcome, reason: Some(self.reason()) }
    }

    fn reason(&self) -> Reason {
        match self {
            Self::SignInFirst(_) | Self::ProveAgain => Reason::ProofNeeded,
            Self::SessionEnded => Reason::SessionEnded,
            Self::NotProved => Reason::NotProved,
            Self::NotFound => Reason::NotFound,
            Self::SetUpEnded => Reason::SetUpEnded,
            Self::NotRemovable => Reason::NotRemovable,
            Self::ForeignForm => Reason::ForeignForm,
            Self::NotAForm | Self::BadForm => Reason::BadForm,
            Self::TooLarge => Reason::TooLarge,
            Self::SlowForm => Reason::SlowForm,
            Self::Framing(_) => Reason::Framing,
            Self::LongAddress | Self::LongHeaders => Reason::LongHead,
            Self::MissingScope(_) => Reason::MissingScope,
            Self::SignIn(failure) => failure.reason(),
            Self::Tenant(error) => reason_of(error),
            Self::Store(_) => Reason::StoreAway,
            Self::TooMany(limited, _) => limited.reason(),
            Self::MaybeSent(_) => Reason::Pause,
            Self::Busy => Reason::Busy,
            Self::Bug(_) => Reason::Bug,
        }
    }
}

impl Limited {
    fn reason(self) -> Reason {
        match self {
            Self::Starts => Reason::Starts,
            Self::Sent => Reason::Messages,
            Self::NewNumbers => Reason::NewNumbers,
            Self::Requests => Reason::Requests,
            Self::WrongCodes => Reason::TooManyWrong,
            Self::Changes => Reason::Changes,
            Self::UnderWay => Reason::Busy,
            Self::Pause => Reason::Pause,
            Self::SignIns => Reason::SignIns,
            Self::RefusedCodes => Reason::RefusedCodes,
        }
    }
}

impl SignInFailure {
    fn reason(&self) -> Reason {
        match self {
            Self::Unknown => Reason::UnknownCallback,
            Self::Cancelled => Reason::Cancelled,
            Self::Denied | Self::OwnRefusal(_) => Reason::DeniedByTenant,
            Self::Blocked => Reason::Blocked,
            Self::UnknownAudience => Reason::Misconfigured,
            Self::TooMany => Reason::TooManyRequests,
            Self::Refused => Reason::Refused,
            Self::NoMember => Reason::NoMember,
            Self::Organization | Self::UnlistedOrganization(_) => Reason::Organization,
            Self::AnotherPerson => Reason::AnotherPerson,
            Self::Stale { .. } | Self::IdToken(_) => Reason::IdToken,
        }
    }
}

/// The reason of a failed call to the tenant.
fn reason_of(error: &tenant::Error) -> Reason {
    match &error.kind {
        Failure::Refused(refusal) => refused(refusal.reason),
        Failure::Unreachable { timed_out: true, .. } => Reason::TimedOut,
        Failure::Unreachable { .. } => Reason::Unreachable,
        Failure::Unintelligible { .. } => Reason::Unreadable,
        Failure::Misconfigured(_) => Reason::Misconfigured,
    }
}

/// The reason of the tenant's refusal.
pub(crate) fn refused(reason: tenant::Reason) -> Reason {
    use tenant::Reason as Said;
    match reason {
        Said::WrongCode | Said::InvalidAuthorizationCode => Reason::WrongCode,
        Said::CodeExpired => Reason::CodeExpired,
        Said::TooManyWrong => Reason::TooManyWrong,
        Said::TokenEnded => Reason::TokenEnded,
        Said::Denied => Reason::Denied,
        Said::AlreadyEnrolled => Reason::AlreadyEnrolled,
        Said::NoRecoveryCode => Reason::NoRecoveryCode,
        Said::InvalidNumber => Reason::InvalidTarget,
        Said::TooManySent => Reason::TooManySent,
        Said::TooManyRequests | Said::SlowDown | Said::Pending => Reason::TooManyRequests,
        Said::LimitReached => Reason::TooManyAuthenticators,
        Said::NotAvailable => Reason::NotAvailable,
        Said::NotFound | Said::NotEnrolled => Reason::NotFound,
        Said::MissingScope => Reason::MissingScope,
        Said::WrongAudience | Said::GrantNotEnabled | Said::WrongClient | Said::NotTheTenant => {
            Reason::Misconfigured
        }
        Said::Other => Reason::Refused,
    }
}
