//! Spans of a trace (OpenTelemetry): a request, and its calls to the tenant and to the store. They hold names of ours,
//! statuses and ids of requests: no address, no header, nothing of a person. Without a tracer nothing is recorded.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, Span};

/// Of `traceparent` in its one version so far (W3C Trace Context §3.2).
const LENGTH: usize = 55;

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// From now on spans are recorded, unless they already are.
pub(crate) fn install(tracer: SdkTracer) {
    // The first one stays.
    let _ = TRACER.set(tracer);
}

/// The span of a request, from its beginning to its answer.
pub(crate) struct RequestSpan(Span);

impl RequestSpan {
    /// Begins it as a part of the caller's trace, if the caller names one. `None` while nothing is recorded.
    pub(crate) fn begin(
        method: &'static str,
        route: &str,
        id: &str,
        traceparent: Option<&str>,
    ) -> Option<Self> {
        let tracer = TRACER.get()?;
        let span =
            tracer.span_builder(format!("{method} {route}")).with_kind(SpanKind::Server).with_attributes([
                KeyValue::new("http.request.method", method),
                KeyValue::new("http.route", route.to_owned()),
                KeyValue::new("mfa_portal.request_id", id.to_owned()),
            ]);
        let caller = traceparent.filter(|text| text.len() == LENGTH).map(Caller);
        let parent =
            caller.map(|it| TraceContextPropagator::new().extract_with_context(&Context::new(), &it));
        Some(Self(tracer.build_with_context(span, &parent.unwrap_or_default())))
    }

    /// The context that its children belong to.
    pub(crate) fn context(&self) -> SpanContext {
        self.0.span_context().clone()
    }

    /// Ends it.
    pub(crate) fn answered(mut self, status: u16) {
        self.0.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if status >= 500 {
            self.0.set_status(Status::error(""));
        }
    }
}

/// The caller's `traceparent` without its `tracestate`, which may hold anything.
struct Caller<'a>(&'a str);

impl Extractor for Caller<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// Records a call that has ended, as a part of a request's span.
pub(crate) fn note(
    request: SpanContext,
    name: String,
    took: Duration,
    has_failed: bool,
    attributes: impl IntoIterator<Item = KeyValue>,
) {
    let Some(tracer) = TRACER.get() else { return };
    #[expect(clippy::disallowed_methods, reason = "a span is about the system's time, as its request's is")]
    let ended = std::time::SystemTime::now();
    let span = tracer
        .span_builder(name)
        .with_kind(SpanKind::Client)
        .with_start_time(ended.checked_sub(took).unwrap_or(ended))
        .with_attributes(attributes);
    let mut span = tracer.build_with_context(span, &Context::new().with_remote_span_context(request));
    if has_failed {
        span.set_status(Status::error(""));
    }
    span.end_with_timestamp(ended);
}
