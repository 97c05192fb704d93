//! How a call to the tenant fails, in four kinds: refused, unreachable, unintelligible, misconfigured.

use std::fmt;

use time::OffsetDateTime;

use super::call::Call;
use super::reason::Reason;

/// A failed call to the tenant. Its text is for the operator's log; people read words chosen by [`Error::kind`].
#[derive(Debug)]
pub struct Error {
    /// Which call it was.
    pub call: Call,
    /// What happened.
    pub kind: Kind,
    /// The tenant's `X-Auth0-RequestId`, which its support asks for.
    pub request_id: Option<String>,
}

/// What happened to the call.
#[derive(Debug)]
pub enum Kind {
    /// The tenant understood and said no.
    Refused(Refusal),
    /// No answer came, or one that speaks of trouble on the way (5xx).
    Unreachable {
        /// Whether the request may have been carried out all the same.
        maybe_done: bool,
        /// Whether time ran out.
        timed_out: bool,
        /// When to try again, if the tenant said so.
        retry_at: Option<OffsetDateTime>,
        /// For the log.
        cause: String,
    },
    /// An answer came that nobody can read.
    Unintelligible {
        /// Whether the request may have been carried out all the same.
        maybe_done: bool,
        /// For the log.
        cause: String,
    },
    /// The tenant or the portal is set up wrongly; only an operator can mend it.
    Misconfigured(String),
}

/// A refusal in the tenant's words (log only), and what it means.
#[derive(Debug)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// What it means for the person.
    pub reason: Reason,
    /// When to try again, if the tenant said so.
    pub retry_at: Option<OffsetDateTime>,
    /// `error: error_description`, as sent.
    pub text: String,
}

impl Error {
    /// What a refusal means; `None` for the other kinds.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match &self.kind {
            Kind::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    }

    /// When to try again, if the tenant said so.
    #[must_use]
    pub fn retry_at(&self) -> Option<OffsetDateTime> {
        match &self.kind {
            Kind::Refused(refusal) => refusal.retry_at,
            Kind::Unreachable { retry_at, .. } => *retry_at,
            _ => None,
        }
    }

    /// Whether what was asked may have been done although no good answer came.
    #[must_use]
    pub fn maybe_done(&self) -> bool {
        matches!(
            &self.kind,
            Kind::Unreachable { maybe_done: true, .. } | Kind::Unintelligible { maybe_done: true, .. }
        )
    }

    /// The same failure, once a look has shown that nothing was done.
    #[must_use]
    pub fn known_undone(mut self) -> Self {
        if let Kind::Unreachable { maybe_done, .. } | Kind::Unintelligible { maybe_done, .. } = &mut self.kind
        {
            *maybe_done = false;
        }
        self
    }

    /// Writes the failure to the log, once, where it is turned into a page.
    pub fn log(&self) {
        let request_id = self.request_id.as_deref().unwrap_or("-");
        tracing::warn!(
            call = self.call.name(),
            auth0_request_id = request_id,
            "the tenant's answer: {}",
            self.kind
        );
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.kind)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => {
                write!(f, "refused with {} ({:?}): {:?}", refusal.status, refusal.reason, refusal.text)
            }
            Self::Unreachable { cause, .. } => write!(f, "unreachable: {cause}"),
            Self::Unintelligible { cause, .. } => write!(f, "unintelligible: {cause}"),
            Self::Misconfigured(cause) => write!(f, "misconfigured: {cause}"),
        }
    }
}
