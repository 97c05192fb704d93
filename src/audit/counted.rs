//! Counts what is told, with AUDIT_LOG=off too. Whatever may be told is there from the start, at zero.

use std::collections::HashMap;
use std::sync::LazyLock;

use metrics::Counter;

use super::event::{Event, Outcome, Reason, Told};
use crate::factor::Factor;
use crate::metrics::EVENTS;

/// Ends of an operation that its person, or time, has brought about.
const ENDS: &[Reason] = &[
    Reason::Interrupted,
    Reason::Unfinished,
    Reason::WrongCode,
    Reason::CodeExpired,
    Reason::TooManyWrong,
    Reason::Denied,
    Reason::Lapsed,
];
const LIMITS: &[Reason] = &[
    Reason::Starts,
    Reason::Messages,
    Reason::NewNumbers,
    Reason::Requests,
    Reason::Changes,
    Reason::Pause,
    Reason::SignIns,
    Reason::RefusedCodes,
    Reason::TooManyWrong,
    Reason::Busy,
];
const LIMITS_OF_MESSAGES: &[Reason] = &[Reason::Starts, Reason::Messages, Reason::NewNumbers, Reason::Pause];
const PROOFS: &[Reason] = &[Reason::ProofNeeded, Reason::NotProved];
const FORMS: &[Reason] = &[
    Reason::ForeignForm,
    Reason::ForeignOrigin,
    Reason::BadForm,
    Reason::TooLarge,
    Reason::SlowForm,
    Reason::Framing,
    Reason::LongHead,
    Reason::MissingScope,
];
const IDS: &[Reason] = &[Reason::NotFound, Reason::SetUpEnded, Reason::NotRemovable];
const SIGN_INS: &[Reason] = &[
    Reason::Interrupted,
    Reason::UnknownCallback,
    Reason::Cancelled,
    Reason::DeniedByTenant,
    Reason::Blocked,
    Reason::NoMember,
    Reason::Organization,
    Reason::AnotherPerson,
    Reason::IdToken,
    Reason::WrongCode,
    Reason::SessionEnded,
];
/// Why a person is not told of a change.
const NOTICES: &[Reason] = &[Reason::NoAddress, Reason::Undelivered, Reason::StoreAway];
/// Failures of the tenant and of the portal, which an operator must know of.
const OUTAGES: &[Reason] = &[
    Reason::TooManyRequests,
    Reason::Refused,
    Reason::Unreachable,
    Reason::TimedOut,
    Reason::Unreadable,
    Reason::Misconfigured,
    Reason::StoreAway,
];
/// The refusals of the tenant.
const REFUSALS: &[Reason] = &[
    Reason::TokenEnded,
    Reason::AlreadyEnrolled,
    Reason::TooManyAuthenticators,
    Reason::NotAvailable,
    Reason::InvalidTarget,
    Reason::TooManySent,
    Reason::NotFound,
];

/// An event's outcome, its reason and the factor's slug.
type Series = (Event, Outcome, Option<Reason>, Option<&'static str>);

static HANDLES: LazyLock<HashMap<Series, Counter>> =
    LazyLock::new(|| expected().map(|series| (series, counter(series))).collect());

fn counter((event, outcome, reason, factor): Series) -> Counter {
    let reason = reason.map(Reason::name).unwrap_or_default();
    EVENTS.counter(&[&event.name(), &outcome.name(), &reason, factor.unwrap_or_default()])
}

/// The ends that are usual for an event: whether it can succeed, and the reasons of failures and of refusals.
type Ends = (bool, &'static [&'static [Reason]], &'static [&'static [Reason]]);

impl Event {
    fn ends(self) -> Ends {
        match self {
            Self::SignIn => (true, &[SIGN_INS, OUTAGES], &[&[Reason::SessionEnded]]),
            Self::StepUp => (true, &[SIGN_INS, OUTAGES], &[PROOFS]),
            Self::SignOut
            | Self::List
            | Self::EnrollmentConfirmed
            | Self::ReplacementBegun
            | Self::ReplacementEnded
            | Self::PhoneChangeBegun
            | Self::PhoneChangeEnded
            | Self::Named
            | Self::Forgotten
            | Self::RecoveryCodeShown
            | Self::RecoveryCodeSaved
            | Self::Started
            | Self::Stopped
            | Self::Disavowed => (true, &[], &[]),
            Self::EnrollmentCancelled => (true, &[&[Reason::Interrupted]], &[]),
            Self::EnrollmentStarted | Self::ChallengeSent => {
                (true, &[OUTAGES, REFUSALS], &[LIMITS_OF_MESSAGES])
            }
            Self::EnrollmentFailed => (false, &[ENDS, OUTAGES, REFUSALS], &[&[Reason::TooManyWrong]]),
            Self::Trial => (true, &[ENDS, OUTAGES], &[&[Reason::TooManyWrong]]),
            Self::Removal | Self::Replacement => {
                (true, &[&[Reason::Interrupted, Reason::TokenEnded, Reason::NotFound], OUTAGES], &[])
            }
            Self::RecoveryCodeMade => (true, &[&[Reason::Interrupted, Reason::NoRecoveryCode], OUTAGES], &[]),
            Self::Limit => (false, &[], &[LIMITS]),
            Self::RefusedForm => (false, &[], &[FORMS]),
            Self::RefusedId => (false, &[], &[IDS]),
            Self::StoreFailed => (false, &[&[Reason::StoreAway]], &[]),
            Self::TenantFailed => (false, &[OUTAGES, REFUSALS], &[]),
            Self::Notice => (true, &[NOTICES], &[]),
        }
    }

    /// Whether a later one may take its place.
    fn can_be_superseded(self) -> bool {
        matches!(self, Self::EnrollmentCancelled | Self::ReplacementEnded | Self::PhoneChangeEnded)
    }

    /// The factors that it is about, or `None` alone.
    fn factors(self) -> Vec<Option<&'static str>> {
        match self {
            Self::EnrollmentStarted
            | Self::EnrollmentConfirmed
            | Self::EnrollmentFailed
            | Self::EnrollmentCancelled
            | Self::ChallengeSent
            | Self::Trial
            | Self::Removal
            | Self::Replacement
            | Self::ReplacementBegun
            | Self::ReplacementEnded
            | Self::Named => Factor::addable().map(|factor| Some(factor.slug())).collect(),
            Self::Notice | Self::Disavowed => {
                let factors = Factor::addable().chain([Factor::RecoveryCode]);
                factors.map(|factor| Some(factor.slug())).collect()
            }
            Self::RecoveryCodeShown | Self::RecoveryCodeSaved | Self::RecoveryCodeMade => {
                vec![Some(Factor::RecoveryCode.slug())]
            }
            _ => vec![None],
        }
    }
}

fn expected() -> impl Iterator<Item = Series> {
    Event::ALL.into_iter().flat_map(|event| {
        let (succeeds, failures, refusals) = event.ends();
        let told = succeeds
            .then(|| event.succeeded())
            .into_iter()
            .chain(failures.iter().copied().flatten().map(move |reason| event.failed(*reason)))
            .chain(refusals.iter().copied().flatten().map(move |reason| event.refused(*reason)))
            .chain(event.can_be_superseded().then(|| event.succeeded().because(Reason::Superseded)));
        told.flat_map(move |told| {
            event.factors().into_iter().map(move |factor| (told.event, told.outcome, told.reason, factor))
        })
    })
}

/// Registers every series.
pub(crate) fn register_metrics() {
    LazyLock::force(&HANDLES);
}

/// Counts a line.
pub(super) fn count(told: Told, factor: Option<&str>) {
    let factor = factor.and_then(|slug| Factor::all().map(Factor::slug).find(|it| *it == slug));
    let series = (told.event, told.outcome, told.reason, factor);
    match HANDLES.get(&series) {
        Some(counter) => counter.increment(1),
        None => counter(series).increment(1),
    }
}
