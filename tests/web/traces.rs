//! Traces: spans reach a collector as parts of their callers' traces, and hold nothing of a person.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use emulated_tenant::Tenant;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use tokio::net::TcpListener;

use crate::support::process::{Process, tenant};

const NORA: &str = "nothing@example.com";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";
const PATIENCE: Duration = Duration::from_secs(20);

/// A collector, and what it was sent.
struct Collector {
    url: String,
    seen: Arc<Mutex<Vec<Bytes>>>,
}

impl Collector {
    async fn start(answer: StatusCode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Bytes>>> = Arc::default();
        let kept = seen.clone();
        let take = move |body: Bytes| {
            kept.lock().unwrap().push(body);
            async move { answer }
        };
        let routes = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, seen }
    }

    fn process(&self, tenant: &Tenant) -> Process {
        // The SDK reads the second one, so that a batch does not wait for five seconds.
        let changed = [("OTEL_EXPORTER_OTLP_ENDPOINT", self.url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
        Process::start(tenant, &changed)
    }

    fn spans(&self) -> Vec<Span> {
        let seen = self.seen.lock().unwrap().clone();
        let requests = seen.into_iter().map(|body| ExportTraceServiceRequest::decode(body).unwrap());
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|it| it.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// Waits for a span of this name.
    async fn span(&self, name: &str) -> Span {
        let begun = Instant::now();
        loop {
            if let Some(span) = self.spans().into_iter().find(|span| span.name == name) {
                return span;
            }
            let names: Vec<_> = self.spans().into_iter().map(|span| span.name).collect();
            assert!(begun.elapsed() < PATIENCE, "no {name} in {names:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn attribute(span: &Span, name: &str) -> String {
    let found = span.attributes.iter().find(|it| it.key == name).and_then(|it| it.value.clone()?.value);
    match found {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[tokio::test]
async fn spans_of_a_request_and_its_calls_reach_the_collector() {
    let (collector, tenant) = (Collector::start(StatusCode::OK).await, tenant().await);
    let process = collector.process(&tenant);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser.open("factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let request = collector.span("POST /factors/totp").await;
    assert_eq!(
        (request.kind(), attribute(&request, "http.response.status_code").as_str()),
        (SpanKind::Server, "303")
    );
    assert_eq!(attribute(&request, "http.route"), "/factors/totp");
    let children: Vec<_> =
        collector.spans().into_iter().filter(|it| it.parent_span_id == request.span_id).collect();
    for name in ["tenant associate", "tenant list", "store read", "store write"] {
        let child =
            children.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{name}: {children:?}"));
        assert_eq!((child.kind(), &child.trace_id), (SpanKind::Client, &request.trace_id));
        let [began, ended] = [child.start_time_unix_nano, child.end_time_unix_nano];
        let within = |time: u64| (request.start_time_unix_nano..=request.end_time_unix_nano).contains(&time);
        assert!(began <= ended && within(ended), "{name}");
    }
    let associate = children.iter().find(|it| it.name == "tenant associate").unwrap();
    assert_eq!(attribute(associate, "mfa_portal.outcome"), "ok");
    assert_eq!(attribute(associate, "http.response.status_code"), "200");
}

#[tokio::test]
async fn spans_hold_nothing_of_a_person_and_no_secret() {
    let (collector, tenant) = (Collector::start(StatusCode::OK).await, tenant().await);
    let process = collector.process(&tenant);
    let mut browser = process.browser(&tenant);
    browser.open("/?return_to=https://portal.example.com/secret-place").await;
    browser.pass_sign_in(NORA).await;
    browser.open("factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let code = tenant.devices(NORA).last_code(emulated_tenant::Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    collector.span("tenant confirm").await;
    let cookies = browser.cookies();
    let session = cookies.split("; ").find_map(|it| it.strip_prefix("mfa-portal-session=")).unwrap();
    let sub = tenant.person(NORA).unwrap().sub;
    let sent = collector.seen.lock().unwrap().concat();
    let sent = String::from_utf8_lossy(&sent);
    for text in
        [NORA, "Nora", &sub, session, &code, "7700", "secret-place", "eyJhbGciOi", "127.0.0.1", "state="]
    {
        assert!(!sent.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_request_is_part_of_its_callers_trace() {
    let (collector, tenant) = (Collector::start(StatusCode::OK).await, tenant().await);
    let process = collector.process(&tenant);
    let ask = |path: &str, traceparent: String| {
        let request = reqwest::Client::new().get(process.portal.join(path).unwrap());
        request.header("traceparent", traceparent).header("tracestate", "vendor=who-it-is").send()
    };
    ask("signed-out", format!("00-{TRACE}-{CALLER}-01")).await.unwrap();
    let span = collector.span("GET /signed-out").await;
    assert_eq!((hex(&span.trace_id), hex(&span.parent_span_id)), (TRACE.to_owned(), CALLER.to_owned()));
    assert_eq!(span.trace_state, "");
    // The caller has chosen not to be traced.
    ask("lost-phone", format!("00-{TRACE}-{CALLER}-00")).await.unwrap();
    for wrong in ["", "00", &"0".repeat(55), &format!("00-{TRACE}-{CALLER}-01-{}", "x".repeat(4000))] {
        ask("sign-out", wrong.to_owned()).await.unwrap();
    }
    let span = collector.span("GET /sign-out").await;
    assert!(hex(&span.trace_id) != TRACE && span.parent_span_id.is_empty(), "{span:?}");
    assert!(!collector.spans().iter().any(|span| span.name == "GET /lost-phone"));
}

#[tokio::test]
async fn an_id_of_the_proxy_is_in_the_log_and_never_becomes_ours() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let ask = |id: String| {
        let request = reqwest::Client::new().get(process.portal.join("signed-out").unwrap());
        request.header("x-request-id", id).send()
    };
    let id = "2b1f9d7e-8c1a-4a55-9b57-1f0d0a6c7e11";
    let answer = ask(id.to_owned()).await.unwrap();
    assert_ne!(answer.headers()["x-request-id"], id, "it is the nonce of the page's scripts");
    assert!(process.says("request answered").contains(&format!("forwarded_id=\"{id}\"")));
    for bad in ["", "two words", "a\"quote", "nora@example.com", &"x".repeat(65)] {
        ask(bad.to_owned()).await.unwrap();
        let line = process.says("request answered");
        assert!(!line.contains("forwarded_id"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_delays_no_page_and_is_told_in_the_log() {
    let tenant = tenant().await;
    for answer in [None, Some(StatusCode::UNAUTHORIZED)] {
        let collector = match answer {
            Some(answer) => Collector::start(answer).await,
            None => Collector { url: "http://127.0.0.1:1".to_owned(), seen: Arc::default() },
        };
        let mut process = collector.process(&tenant);
        let begun = Instant::now();
        assert_eq!(process.browser(&tenant).open("signed-out").await.status, 200);
        // Sending gives up after five seconds.
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        process.says("spans not sent");
        process.signal("TERM");
        assert!(process.end().success());
    }
}

// The test waits for the process while the collector answers.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_spans_are_sent_before_the_end() {
    let (collector, tenant) = (Collector::start(StatusCode::OK).await, tenant().await);
    // A batch would wait for a minute.
    let changed =
        [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "60000")];
    let mut process = Process::start(&tenant, &changed);
    process.browser(&tenant).open("signed-out").await;
    process.signal("TERM");
    assert!(process.end().success());
    assert!(collector.spans().iter().any(|span| span.name == "GET /signed-out"));
}
