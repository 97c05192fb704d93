//! How a call to the tenant fails: refused, unreachable, unintelligible, or misconfigured.

use std::fmt;

use time::OffsetDateTime;

use super::call::Call;
use super::reason::Reason;

/// A failed call to the tenant. Its text is for the operator's log; people read words chosen by [`Error::kind`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the types of the other fields say it")]
pub struct Error {
    pub call: Call,
    pub kind: Failure,
    /// The response's `X-Auth0-RequestId`, which Auth0's support asks for.
    pub request_id: Option<String>,
    /// Whether an earlier caller logs it, who waited for the same call.
    pub is_logged: bool,
}

/// How a call failed. Every `cause` is for the log.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names of the other fields say it")]
pub enum Failure {
    /// The tenant understood the request and said no.
    Refused(Refusal),
    /// No response came, or one with a status of 500 or more.
    Unreachable {
        /// Whether the request may have been carried out all the same.
        maybe_done: bool,
        timed_out: bool,
        retry_at: Option<OffsetDateTime>,
        /// Such as `cannot connect: Connection refused`.
        cause: String,
    },
    /// A response came that cannot be parsed.
    Unintelligible {
        /// Whether the request may have been carried out all the same.
        maybe_done: bool,
        /// Such as `Syntax error at line 1 column 1`.
        cause: String,
    },
    /// The tenant or the portal is set up wrongly; only an operator can fix it.
    Misconfigured(String),
}

/// A refusal in the tenant's words, and its meaning.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names of the other fields say it")]
pub struct Refusal {
    pub status: u16,
    pub reason: Reason,
    pub retry_at: Option<OffsetDateTime>,
    /// `error: error_description`, without contacts; for the log.
    pub text: String,
}

impl Error {
    /// The meaning of a refusal; `None` for the other failures.
    #[must_use]
    pub(crate) fn reason(&self) -> Option<Reason> {
        match &self.kind {
            Failure::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    }

    /// Whether the tenant refused the number or address that was typed. It names some in words of its own, and answers
    /// 400 to any other that it cannot use.
    #[must_use]
    pub(crate) fn refuses_target(&self) -> bool {
        matches!(
            &self.kind,
            Failure::Refused(
                Refusal { reason: Reason::InvalidNumber, .. }
                    | Refusal { reason: Reason::Other, status: 400, .. }
            )
        ) && self.call == Call::Associate
    }

    /// When to try again, if the tenant said so.
    #[must_use]
    pub fn retry_at(&self) -> Option<OffsetDateTime> {
        match &self.kind {
            Failure::Refused(refusal) => refusal.retry_at,
            Failure::Unreachable { retry_at, .. } => *retry_at,
            _ => None,
        }
    }

    /// Whether the call may have been carried out although it failed.
    #[must_use]
    pub fn maybe_done(&self) -> bool {
        matches!(
            &self.kind,
            Failure::Unreachable { maybe_done: true, .. } | Failure::Unintelligible { maybe_done: true, .. }
        )
    }

    /// Whether no answer came in time, so that the call may still be carried out.
    #[must_use]
    pub(crate) fn timed_out(&self) -> bool {
        matches!(&self.kind, Failure::Unreachable { timed_out: true, .. })
    }

    /// The same failure, once the list of authenticators has shown that the call was not carried out.
    #[must_use]
    pub(crate) fn known_undone(mut self) -> Self {
        if let Failure::Unreachable { maybe_done, .. } | Failure::Unintelligible { maybe_done, .. } =
            &mut self.kind
        {
            *maybe_done = false;
        }
        self
    }

    /// The same failure of a call that only looks, after another one may have changed something.
    #[must_use]
    pub(crate) fn after_change(mut self) -> Self {
        if let Failure::Unreachable { maybe_done, .. } | Failure::Unintelligible { maybe_done, .. } =
            &mut self.kind
        {
            *maybe_done = true;
        }
        self
    }

    /// The same failure where the calls before it were carried out: nobody knows how much of the change was made.
    #[must_use]
    pub(crate) fn in_the_middle(self) -> Self {
        if matches!(self.kind, Failure::Unreachable { .. } | Failure::Unintelligible { .. }) {
            return self.after_change();
        }
        let cause = self.to_string();
        Self { kind: Failure::Unintelligible { cause, maybe_done: true }, ..self }
    }

    /// That of a call whose answer was lost to an earlier page, and that the tenant may still carry out.
    #[must_use]
    pub(crate) fn unknown_outcome(call: Call) -> Self {
        let cause = "an earlier one had no answer".to_owned();
        Self {
            call,
            kind: Failure::Unintelligible { maybe_done: true, cause },
            request_id: None,
            is_logged: false,
        }
    }

    /// Writes the failure to the log, once, where it is turned into a page.
    pub(crate) fn log(&self) {
        if self.is_logged {
            return;
        }
        tracing::warn!(
            call = self.call.name(),
            auth0_request_id = self.request_id.as_deref().unwrap_or("-"),
            // As a string, because the log escapes strings: the cause may quote a response.
            cause = self.kind.to_string(),
            "tenant call failed"
        );
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.kind)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Failure {
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
