//! What a test orders: time passes, something goes wrong, a phone answers.

use std::time::Duration as Pause;

use emulated_tenant::{Factor, Fault, FaultKind, Settings, Tamper};
use serde::Deserialize;
use serde_json::{Map, Value};
use stage::Stage;
use time::Duration;

use crate::person::{Seed, factors};

/// One order, as `{"pass": 30}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// The clock moves on by so many seconds.
    Pass(i64),
    /// Requests go wrong.
    Fault(Upset),
    /// Nothing goes wrong any more.
    Heal,
    /// Somebody is there, instead of whoever had the address.
    Person(Seed),
    /// Whoever has the address approves, or denies, what their phone asks.
    Push { email: String, approve: bool },
    /// Wrong codes, texts and mails so far are forgotten at the tenant.
    ForgetLimits,
    /// Nobody is signed in at the tenant any more.
    SignOutEverywhere,
    /// The tenant's dashboard is changed.
    Tenant(Dashboard),
    /// The next ID token has these claims; null takes one away.
    IdToken(Map<String, Value>),
}

/// Requests that go wrong.
#[derive(Deserialize)]
pub(crate) struct Upset {
    method: String,
    /// What the path begins with.
    path: String,
    /// How often; always where it is not said.
    times: Option<u32>,
    how: How,
}

/// How they go wrong.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    /// This answer instead of the real one.
    Json { status: u16, body: Value },
    /// A gateway's answer.
    Html { status: u16, body: String },
    /// The connection closes, and nothing is done.
    Drop,
    /// The connection closes after the work is done.
    DropAfter,
    /// No answer.
    Hang,
    /// The real answer, so many milliseconds later.
    Delay(u64),
}

impl How {
    fn kind(self) -> FaultKind {
        match self {
            Self::Json { status, body } => FaultKind::json(status, &body.to_string()),
            Self::Html { status, body } => FaultKind::html(status, &body),
            Self::Drop => FaultKind::Drop,
            Self::DropAfter => FaultKind::DropAfter,
            Self::Hang => FaultKind::Hang,
            Self::Delay(milliseconds) => FaultKind::Delay(Pause::from_millis(milliseconds)),
        }
    }
}

/// What of the dashboard is changed; what is not named stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dashboard {
    #[serde(default, deserialize_with = "factors")]
    factors: Option<Vec<Factor>>,
    recovery_codes: Option<bool>,
    granted_scopes: Option<Vec<String>>,
}

impl Dashboard {
    fn set(self, settings: &mut Settings) {
        if let Some(factors) = self.factors {
            settings.factors = factors;
        }
        if let Some(recovery_codes) = self.recovery_codes {
            settings.recovery_codes = recovery_codes;
        }
        if self.granted_scopes.is_some() {
            settings.granted_scopes = self.granted_scopes;
        }
    }
}

impl Order {
    /// Does it; says whether there was anything to do.
    pub(crate) fn carry_out(self, stage: &Stage) -> bool {
        let tenant = &stage.tenant;
        match self {
            Self::Pass(seconds) => stage.pass(Duration::seconds(seconds)),
            Self::Fault(Upset { method, path, times, how }) => {
                tenant.faults().inject(Fault { method, path, times, kind: how.kind() });
            }
            Self::Heal => tenant.faults().clear(),
            Self::Person(seed) => seed.settle(tenant),
            Self::Push { email, approve: true } => return stage.devices(&email).approve_push(),
            Self::Push { email, approve: false } => return stage.devices(&email).deny_push(),
            Self::ForgetLimits => tenant.clear_limits(),
            Self::SignOutEverywhere => tenant.sign_out_everywhere(),
            Self::Tenant(dashboard) => tenant.configure(|settings| dashboard.set(settings)),
            Self::IdToken(claims) => tenant.tamper_id_token(with_claims(claims)),
        }
        true
    }
}

fn with_claims(claims: Map<String, Value>) -> Tamper {
    Tamper::edit(move |token| {
        let Some(own) = token.claims.as_object_mut() else { return };
        for (name, value) in claims.clone() {
            if value.is_null() {
                own.remove(&name)
            } else {
                own.insert(name, value)
            };
        }
    })
}
