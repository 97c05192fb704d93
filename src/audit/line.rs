//! One line of the stream: a JSON object whose fields have a fixed order. A field without a value is left out.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::counted;
use super::event::{Event, Outcome, Reason, Told};
use super::request::Request;
use crate::deadline::Answered;
use crate::factor::Factor;

/// The log's lines name their module here, so that one filter tells the two apart on a shared stream.
const TARGET: &str = "audit";

/// A line. The store keeps one, sealed, for each operation that has not ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    ts: String,
    target: String,
    event: Event,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
    version: String,
}

impl Line {
    pub(super) fn new(told: Told, key: &str, now: OffsetDateTime) -> Self {
        Self {
            ts: written(now),
            target: TARGET.to_owned(),
            event: told.event,
            outcome: told.outcome,
            reason: told.reason,
            operation: None,
            request_id: None,
            person: None,
            key: key.to_owned(),
            session: None,
            client: None,
            factor: None,
            authenticator: None,
            tenant_request_id: None,
            tenant_status: None,
            duration_ms: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The same by this person, whose references these are.
    pub(super) fn by(self, person: String, session: String) -> Self {
        Self { session: Some(session), ..self.of(person) }
    }

    /// The same about this person outside a session.
    pub(super) fn of(self, person: String) -> Self {
        Self { person: Some(person), ..self }
    }

    /// The same about this authenticator, whose reference it is.
    pub(super) fn about(self, authenticator: String) -> Self {
        Self { authenticator: Some(authenticator), ..self }
    }

    /// The same as a part of this operation, whose reference it is.
    pub(super) fn part_of(self, operation: String) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// The same in this request, with the time that it has taken.
    pub(super) fn within(self, request: &Request) -> Self {
        let duration_ms = u64::try_from(request.began.elapsed().as_millis()).ok();
        Self { request_id: Some(request.id.clone()), client: request.client, duration_ms, ..self }
    }

    /// The same after the tenant's answer to this page.
    pub(super) fn answered(self, answered: Option<Answered>) -> Self {
        let Answered { request_id, status, .. } = answered.unwrap_or_default();
        Self { tenant_request_id: request_id, tenant_status: status, ..self }
    }

    /// The same about a factor.
    pub(crate) fn with(self, factor: Factor) -> Self {
        Self { factor: Some(factor.slug().to_owned()), ..self }
    }

    /// Counts it in the metrics.
    pub(super) fn count(&self) {
        let told = Told { event: self.event, outcome: self.outcome, reason: self.reason };
        counted::count(told, self.factor.as_deref());
    }

    /// The JSON object and the end of its line.
    pub(super) fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok().map(|line| line + "\n")
    }
}

/// RFC 3339 in UTC, with milliseconds.
fn written(time: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    time.to_offset(UtcOffset::UTC).format(format).unwrap_or_default()
}
