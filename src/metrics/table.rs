//! The table of metrics. Names follow Prometheus' conventions: base units, and `_total` for what only grows.

use super::Kind::{Counter, Gauge, Seconds};
use super::Metric;

/// Seconds until a page is answered. The bound of one second is that of the service level in `docs/metrics.md`; a page
/// has ten seconds at most.
const PAGES: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Seconds of a call to the tenant, which has eight at most.
const CALLS: &[f64] = &[0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];
/// Seconds of a step at the store.
const STEPS: &[f64] = &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

macro_rules! table {
    ($($constant:ident = $kind:expr, $name:literal, [$($label:literal),*], $help:literal;)*) => {
        $(pub(crate) const $constant: Metric =
            Metric { name: $name, kind: $kind, labels: &[$($label),*], help: $help };)*
        /// Every metric.
        pub(super) const ALL: &[Metric] = &[$($constant),*];
    };
}

table! {
    HTTP_REQUESTS = Counter, "mfa_portal_http_requests_total", ["route", "method", "status"],
        "Requests answered, by route below the base path.";
    HTTP_SECONDS = Seconds(PAGES), "mfa_portal_http_request_duration_seconds", ["route", "method"],
        "Time until a request was answered.";
    EVENTS = Counter, "mfa_portal_events_total", ["event", "outcome", "reason", "factor"],
        "Security events, with the names of the audit stream.";
    TENANT_CALLS = Counter, "mfa_portal_tenant_calls_total", ["call", "outcome"],
        "Calls to the tenant, by what came of them.";
    TENANT_SECONDS = Seconds(CALLS), "mfa_portal_tenant_call_duration_seconds", ["call"],
        "Time of a call to the tenant until its answer was read, or it failed.";
    RATE_LIMIT = Gauge, "mfa_portal_tenant_rate_limit", ["call"],
        "X-RateLimit-Limit of the tenant's last answer to this call; NaN before one.";
    RATE_LIMIT_REMAINING = Gauge, "mfa_portal_tenant_rate_limit_remaining", ["call"],
        "X-RateLimit-Remaining of the tenant's last answer to this call; NaN before one.";
    RATE_LIMIT_RESET = Gauge, "mfa_portal_tenant_rate_limit_reset_timestamp_seconds", ["call"],
        "X-RateLimit-Reset of the tenant's last answer to this call; NaN before one.";
    STORE_CALLS = Counter, "mfa_portal_store_calls_total", ["engine", "outcome"],
        "Steps at the session store.";
    STORE_SECONDS = Seconds(STEPS), "mfa_portal_store_call_duration_seconds", ["engine"],
        "Time of a step at the session store.";
    MESSAGES = Counter, "mfa_portal_messages_total", [],
        "Text messages and phone calls that were counted towards MESSAGE_CEILING.";
    MESSAGES_REFUSED = Counter, "mfa_portal_messages_refused_total", [],
        "Text messages and phone calls refused above MESSAGE_CEILING.";
    MESSAGE_ALARMS = Counter, "mfa_portal_message_alarms_total", ["level"],
        "Times that half of MESSAGE_CEILING was reached, or all of it.";
    NOTICES = Counter, "mfa_portal_notices_total", ["to", "fate"],
        "Notices of changes by what became of them; kept ones that were neither sent nor given up wait.";
    CONNECTIONS_OPEN = Gauge, "mfa_portal_connections_open", [],
        "Open connections of both listeners, the scrape's included.";
    CONNECTIONS_WAITED = Counter, "mfa_portal_connections_waited_total", [],
        "Connections that waited because all slots were taken.";
    CONNECTIONS_TOO_SLOW = Counter, "mfa_portal_connections_too_slow_total", [],
        "Connections closed because the client was too slow.";
    AUDIT_LINES_LOST = Counter, "mfa_portal_audit_lines_lost_total", [],
        "Lines of the audit stream that could not be written.";
    LOG_LINES_LOST = Counter, "mfa_portal_log_lines_lost_total", [],
        "Log lines dropped because standard error was not read in time.";
    PANICS = Counter, "mfa_portal_panics_total", [],
        "Bugs that ended a request or a background task.";
    BUILD_INFO = Gauge, "mfa_portal_build_info", ["version", "commit"],
        "Always 1; the labels say which build runs.";
    PROCESS_CPU = Counter, "process_cpu_seconds_total", [],
        "Processor time of the process, in whole seconds.";
    PROCESS_MEMORY = Gauge, "process_resident_memory_bytes", [],
        "Resident memory of the process.";
    PROCESS_START = Gauge, "process_start_time_seconds", [],
        "Start of the process in Unix time.";
}
