//! The metrics: every name with its kind, labels and HELP, in one table. `docs/metrics.md` shows the same table to
//! operators. The file that counts something holds the handles, which are made once.
//!
//! No label's value comes from a request, so nobody can add series, and none names a person.

mod table;

use std::sync::LazyLock;

pub(crate) use self::table::*;
use ::metrics::{Counter, Gauge, Histogram, Label, Unit};

/// One metric. `labels` are the names of its labels in their order.
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    kind: Kind,
    labels: &'static [&'static str],
    help: &'static str,
}

enum Kind {
    Counter,
    Gauge,
    /// A histogram of seconds with these upper bounds.
    Seconds(&'static [f64]),
}

impl Metric {
    /// The counter with these values of its labels.
    pub(crate) fn counter(&self, values: &[&str]) -> Counter {
        ::metrics::counter!(self.name, self.labelled(values))
    }

    /// The gauge with these values of its labels.
    pub(crate) fn gauge(&self, values: &[&str]) -> Gauge {
        ::metrics::gauge!(self.name, self.labelled(values))
    }

    /// The histogram with these values of its labels.
    pub(crate) fn histogram(&self, values: &[&str]) -> Histogram {
        ::metrics::histogram!(self.name, self.labelled(values))
    }

    fn labelled(&self, values: &[&str]) -> Vec<Label> {
        debug_assert_eq!(self.labels.len(), values.len(), "{}", self.name);
        self.labels.iter().zip(values).map(|(name, value)| Label::new(*name, (*value).to_owned())).collect()
    }

    fn describe(&self) {
        match self.kind {
            Kind::Counter => ::metrics::describe_counter!(self.name, self.help),
            Kind::Gauge => ::metrics::describe_gauge!(self.name, self.help),
            Kind::Seconds(_) => ::metrics::describe_histogram!(self.name, Unit::Seconds, self.help),
        }
    }
}

/// The histograms with the upper bounds of their buckets, in seconds.
pub(crate) fn buckets() -> impl Iterator<Item = (&'static str, &'static [f64])> {
    ALL.iter().filter_map(|metric| match metric.kind {
        Kind::Seconds(bounds) => Some((metric.name, bounds)),
        Kind::Counter | Kind::Gauge => None,
    })
}

/// Describes every metric to the recorder, and registers those without labels at zero.
pub(crate) fn register() {
    for metric in ALL {
        metric.describe();
    }
    LazyLock::force(&PLAIN);
    BUILD_INFO.gauge(&[env!("CARGO_PKG_VERSION"), env!("MFA_PORTAL_COMMIT")]).set(1);
}

/// The metrics without labels, and the alarms.
pub(crate) static PLAIN: LazyLock<Plain> = LazyLock::new(|| Plain {
    audit_lines_lost: AUDIT_LINES_LOST.counter(&[]),
    connections_open: CONNECTIONS_OPEN.gauge(&[]),
    connections_too_slow: CONNECTIONS_TOO_SLOW.counter(&[]),
    connections_waited: CONNECTIONS_WAITED.counter(&[]),
    log_lines_lost: LOG_LINES_LOST.counter(&[]),
    message_warnings: MESSAGE_ALARMS.counter(&["warning"]),
    message_refusals: MESSAGE_ALARMS.counter(&["refusing"]),
    messages: MESSAGES.counter(&[]),
    messages_refused: MESSAGES_REFUSED.counter(&[]),
    panics: PANICS.counter(&[]),
});

/// The handles of [`PLAIN`].
pub(crate) struct Plain {
    pub(crate) audit_lines_lost: Counter,
    pub(crate) connections_open: Gauge,
    pub(crate) connections_too_slow: Counter,
    pub(crate) connections_waited: Counter,
    pub(crate) log_lines_lost: Counter,
    /// Half of MESSAGE_CEILING is reached.
    pub(crate) message_warnings: Counter,
    /// MESSAGE_CEILING is passed.
    pub(crate) message_refusals: Counter,
    pub(crate) messages: Counter,
    pub(crate) messages_refused: Counter,
    pub(crate) panics: Counter,
}
