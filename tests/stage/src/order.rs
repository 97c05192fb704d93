//! The orders of a test: time passes, the tenant fails, a phone answers.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, Fault, FaultKind, Settings, Tamper};
use serde::Deserialize;
use serde_json::{Map, Value};
use stage::Stage;
use time::Duration;

use crate::person::{Seed, factors};

/// One order, such as `{"pass": 30}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Moves the clock forward, in seconds.
    Pass(i64),
    /// Makes requests to the tenant fail.
    Fault(FaultOrder),
    /// Ends all faults.
    Heal,
    /// Adds a person, or replaces the one with that address.
    Person(Seed),
    /// Approves or denies the push request on the person's phone.
    Push { email: String, approve: bool },
    /// Resets the tenant's counters of wrong codes, texts and e-mails.
    ForgetLimits,
    /// Ends every session at the tenant.
    SignOutEverywhere,
    /// Changes settings of the tenant.
    Tenant(Dashboard),
    /// Changes claims of the next ID token; null removes one.
    IdToken(Map<String, Value>),
}

#[derive(Deserialize)]
pub(crate) struct FaultOrder {
    method: String,
    /// The beginning of the path.
    path: String,
    /// How often; every time if missing.
    times: Option<u32>,
    how: Effect,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Effect {
    /// This response instead of the real one.
    Json { status: u16, body: Value },
    /// A gateway's response.
    Html { status: u16, body: String },
    /// Closes the connection without doing anything.
    Drop,
    /// Closes the connection after the work is done.
    DropAfter,
    /// Never responds.
    Hang,
    /// Delays the real response, in milliseconds.
    Delay(u64),
}

impl Effect {
    fn kind(self) -> FaultKind {
        match self {
            Self::Json { status, body } => FaultKind::json(status, &body.to_string()),
            Self::Html { status, body } => FaultKind::html(status, &body),
            Self::Drop => FaultKind::Drop,
            Self::DropAfter => FaultKind::DropAfter,
            Self::Hang => FaultKind::Hang,
            Self::Delay(milliseconds) => FaultKind::Delay(StdDuration::from_millis(milliseconds)),
        }
    }
}

/// Settings of the tenant to change; missing ones stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dashboard {
    #[serde(default, deserialize_with = "factors")]
    factors: Option<Vec<Factor>>,
    recovery_codes: Option<bool>,
    granted_scopes: Option<Vec<String>>,
}

impl Dashboard {
    fn apply(self, settings: &mut Settings) {
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
    /// Carries the order out; returns whether it had an effect.
    pub(crate) fn carry_out(self, stage: &Stage) -> bool {
        let tenant = &stage.tenant;
        match self {
            Self::Pass(seconds) => stage.pass(Duration::seconds(seconds)),
            Self::Fault(FaultOrder { method, path, times, how }) => {
                tenant.faults().inject(Fault { method, path, times, kind: how.kind() });
            }
            Self::Heal => tenant.faults().clear(),
            Self::Person(seed) => seed.add_to(tenant),
            Self::Push { email, approve: true } => return stage.devices(&email).approve_push(),
            Self::Push { email, approve: false } => return stage.devices(&email).deny_push(),
            Self::ForgetLimits => tenant.clear_limits(),
            Self::SignOutEverywhere => tenant.sign_out_everywhere(),
            Self::Tenant(dashboard) => tenant.configure(|settings| dashboard.apply(settings)),
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
