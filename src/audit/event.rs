//! The names of what is told: events, outcomes and reasons. `docs/audit.md` maps them to OWASP's logging vocabulary.

use serde::{Deserialize, Serialize};

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    SignIn,
    StepUp,
    SignOut,
    List,
    EnrollmentStarted,
    EnrollmentConfirmed,
    EnrollmentFailed,
    EnrollmentCancelled,
    ChallengeSent,
    Trial,
    Removal,
    Replacement,
    ReplacementBegun,
    ReplacementEnded,
    PhoneChangeBegun,
    PhoneChangeEnded,
    Named,
    Forgotten,
    RecoveryCodeShown,
    RecoveryCodeSaved,
    RecoveryCodeMade,
    Notice,
    Limit,
    RefusedForm,
    RefusedId,
    Disavowed,
    StoreFailed,
    TenantFailed,
    Started,
    Stopped,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It was done.
    Success,
    /// It was tried and not done, or nobody knows.
    Failure,
    /// The portal did not let it begin.
    Refused,
}

/// Why it was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    // Ends of an operation
    /// The process died, the browser left a sign-in, or a set-up was given up and may be left at the tenant: the tenant
    /// alone knows.
    Interrupted,
    /// Its time went by unfinished, or the process died meanwhile.
    Unfinished,
    WrongCode,
    CodeExpired,
    TooManyWrong,
    /// The person said no on the phone.
    Denied,
    /// The phone did not answer in time.
    Lapsed,
    /// A later set-up took its place.
    Superseded,
    // Limits of ours
    Starts,
    Messages,
    NewNumbers,
    Requests,
    Changes,
    Pause,
    SignIns,
    RefusedCodes,
    Busy,
    // Proofs and permissions
    ProofNeeded,
    NotProved,
    SessionEnded,
    MissingScope,
    // Forms
    ForeignForm,
    ForeignOrigin,
    BadForm,
    TooLarge,
    SlowForm,
    Framing,
    LongHead,
    // Ids
    NotFound,
    SetUpEnded,
    NotRemovable,
    // Sign-ins
    UnknownCallback,
    Cancelled,
    DeniedByTenant,
    Blocked,
    NoMember,
    Organization,
    AnotherPerson,
    IdToken,
    // The tenant
    TokenEnded,
    AlreadyEnrolled,
    TooManyAuthenticators,
    NotAvailable,
    InvalidTarget,
    TooManySent,
    TooManyRequests,
    NoRecoveryCode,
    Refused,
    Unreachable,
    TimedOut,
    Unreadable,
    Misconfigured,
    // Notices
    /// The person has no verified address.
    NoAddress,
    /// A day of attempts was in vain.
    Undelivered,
    // The portal
    StoreAway,
    Bug,
}

impl Reason {
    /// Its name in the log, which is that in the stream.
    pub(crate) fn name(self) -> String {
        name(&self)
    }
}

impl Told {
    /// The same for this reason.
    pub(crate) fn because(self, reason: Reason) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// An event with its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) event: Event,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<Reason>,
}

impl Event {
    /// Every event.
    pub(super) const ALL: [Self; 30] = [
        Self::SignIn,
        Self::StepUp,
        Self::SignOut,
        Self::List,
        Self::EnrollmentStarted,
        Self::EnrollmentConfirmed,
        Self::EnrollmentFailed,
        Self::EnrollmentCancelled,
        Self::ChallengeSent,
        Self::Trial,
        Self::Removal,
        Self::Replacement,
        Self::ReplacementBegun,
        Self::ReplacementEnded,
        Self::PhoneChangeBegun,
        Self::PhoneChangeEnded,
        Self::Named,
        Self::Forgotten,
        Self::RecoveryCodeShown,
        Self::RecoveryCodeSaved,
        Self::RecoveryCodeMade,
        Self::Notice,
        Self::Limit,
        Self::RefusedForm,
        Self::RefusedId,
        Self::Disavowed,
        Self::StoreFailed,
        Self::TenantFailed,
        Self::Started,
        Self::Stopped,
    ];

    /// Its name in the stream.
    pub(super) fn name(self) -> String {
        name(&self)
    }

    /// It was done.
    pub(crate) fn succeeded(self) -> Told {
        Told { event: self, outcome: Outcome::Success, reason: None }
    }

    /// It was tried in vain.
    pub(crate) fn failed(self, reason: Reason) -> Told {
        Told { event: self, outcome: Outcome::Failure, reason: Some(reason) }
    }

    /// The portal did not let it begin.
    pub(crate) fn refused(self, reason: Reason) -> Told {
        Told { event: self, outcome: Outcome::Refused, reason: Some(reason) }
    }
}

impl Outcome {
    /// Its name in the stream.
    pub(super) fn name(self) -> String {
        name(&self)
    }
}

/// The name of a variant without fields, which is a text in JSON.
fn name(variant: &impl Serialize) -> String {
    serde_json::to_value(variant)
        .ok()
        .and_then(|name| name.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}
