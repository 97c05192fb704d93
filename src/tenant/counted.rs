//! Counts the calls: what came of each, how long it took, and what the tenant says of its rate limit.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram};
use reqwest::header::HeaderMap;

use super::answer::header;
use super::{Call, Error, Failure, Reason};
use crate::metrics::{RATE_LIMIT, RATE_LIMIT_REMAINING, RATE_LIMIT_RESET, TENANT_CALLS, TENANT_SECONDS};

/// What came of a call, as operators tell it apart.
#[derive(Clone, Copy)]
enum Outcome {
    Ok,
    /// By the person's own doing, such as a mistyped code.
    Refused,
    /// The whole tenant's limit is reached, not a person's.
    RateLimited,
    Unreachable,
    Unintelligible,
    Misconfigured,
}

/// The values of the label, in the order of the variants.
const OUTCOMES: [&str; 6] =
    ["ok", "refused", "rate_limited", "unreachable", "unintelligible", "misconfigured"];

impl Outcome {
    fn of(error: &Error) -> Self {
        match &error.kind {
            Failure::Unreachable { .. } => Self::Unreachable,
            Failure::Unintelligible { .. } => Self::Unintelligible,
            Failure::Misconfigured(_) => Self::Misconfigured,
            Failure::Refused(refusal) => match refusal.reason {
                // Answers to a question whether the person has approved.
                Reason::Pending | Reason::SlowDown => Self::Ok,
                Reason::TooManyRequests => Self::RateLimited,
                Reason::NotAvailable
                | Reason::MissingScope
                | Reason::WrongAudience
                | Reason::GrantNotEnabled
                | Reason::WrongClient
                | Reason::NotTheTenant => Self::Misconfigured,
                Reason::Other if !error.refuses_target() => Self::Unintelligible,
                Reason::WrongCode
                | Reason::CodeExpired
                | Reason::TokenEnded
                | Reason::Denied
                | Reason::AlreadyEnrolled
                | Reason::NotEnrolled
                | Reason::NoRecoveryCode
                | Reason::InvalidNumber
                | Reason::TooManySent
                | Reason::TooManyWrong
                | Reason::LimitReached
                | Reason::NotFound
                | Reason::InvalidAuthorizationCode
                | Reason::Other => Self::Refused,
            },
        }
    }
}

struct Handles {
    outcomes: [Counter; OUTCOMES.len()],
    seconds: Histogram,
    limit: Gauge,
    remaining: Gauge,
    reset: Gauge,
}

static HANDLES: LazyLock<Vec<Handles>> =
    LazyLock::new(|| Call::COUNTED.into_iter().map(Handles::new).collect());

impl Handles {
    fn new(call: Call) -> Self {
        // Not zero, which would say that the limit is reached.
        let unknown = |gauge: Gauge| {
            gauge.set(f64::NAN);
            gauge
        };
        let call = call.name();
        Self {
            outcomes: OUTCOMES.map(|outcome| TENANT_CALLS.counter(&[call, outcome])),
            seconds: TENANT_SECONDS.histogram(&[call]),
            limit: unknown(RATE_LIMIT.gauge(&[call])),
            remaining: unknown(RATE_LIMIT_REMAINING.gauge(&[call])),
            reset: unknown(RATE_LIMIT_RESET.gauge(&[call])),
        }
    }

    /// `None` for the calls of `mfa-portal check`.
    fn of(call: Call) -> Option<&'static Self> {
        HANDLES.get(call as usize)
    }
}

/// Registers every series.
pub(crate) fn register_metrics() {
    LazyLock::force(&HANDLES);
}

/// Notes how long a call took, and the rate limit that its answer names (Auth0, Rate Limit Policy).
pub(super) fn note(call: Call, took: Duration, headers: Option<&HeaderMap>) {
    let Some(handles) = Handles::of(call) else { return };
    handles.seconds.record(took);
    let Some(headers) = headers else { return };
    for (name, gauge) in [
        ("x-ratelimit-limit", &handles.limit),
        ("x-ratelimit-remaining", &handles.remaining),
        ("x-ratelimit-reset", &handles.reset),
    ] {
        if let Some(number) = header(headers, name).and_then(|value| value.parse::<u32>().ok()) {
            gauge.set(number);
        }
    }
}

/// A call that is counted once its outcome is known: an answer may turn out to be unintelligible when it is read.
pub(super) struct Counted {
    call: Call,
    outcome: Cell<Outcome>,
}

impl Counted {
    /// A call that was answered, so far.
    pub(super) fn answered(call: Call) -> Self {
        Self { call, outcome: Cell::new(Outcome::Ok) }
    }

    /// The outcome so far, as in the metric's label.
    pub(super) fn outcome(&self) -> &'static str {
        OUTCOMES[self.outcome.get() as usize]
    }

    /// It failed after all.
    pub(super) fn failed(&self, error: &Error) {
        self.outcome.set(Outcome::of(error));
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(handles) = Handles::of(self.call) {
            handles.outcomes[self.outcome.get() as usize].increment(1);
        }
    }
}
