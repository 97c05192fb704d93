//! `/metrics`: what is counted and how it is named, over HTTP against the real binary.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use emulated_tenant::{Fault, FaultKind, Tenant};

use crate::docs::file;
use crate::support::Browser;
use crate::support::process::{Process, tenant};

const NORA: &str = "nothing@example.com";
const LIST: &str = "/mfa/authenticators";

/// One scrape.
struct Scrape(String);

impl Scrape {
    async fn of(process: &Process) -> Self {
        let url = process.admin.join("metrics").unwrap();
        Self(reqwest::get(url).await.unwrap().text().await.unwrap())
    }

    /// A whole number: the series by its name without the prefix, and its labels.
    fn count(&self, series: &str) -> u64 {
        self.text(series).parse().unwrap()
    }

    /// Any number.
    fn value(&self, series: &str) -> f64 {
        self.text(series).parse().unwrap()
    }

    fn text(&self, series: &str) -> &str {
        let line = self.0.lines().find_map(|line| line.strip_prefix("mfa_portal_")?.strip_prefix(series));
        let value = line.unwrap_or_else(|| panic!("{series} is not in\n{}", self.0));
        value.trim()
    }

    /// The names and labels of every series.
    fn series(&self) -> BTreeSet<&str> {
        let samples = self.0.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        samples.map(|line| line.rsplit_once(' ').unwrap().0).collect()
    }

    /// Each metric as a row of docs/metrics.md.
    fn rows(&self) -> BTreeMap<String, String> {
        let about = |kind: &str| -> BTreeMap<&str, &str> {
            let lines = self.0.lines().filter_map(|line| line.strip_prefix(kind));
            lines.map(|line| line.split_once(' ').unwrap()).collect()
        };
        let (kinds, helps) = (about("# TYPE "), about("# HELP "));
        let row = |(name, kind): (&&str, &&str)| {
            let labels = self.labels(name);
            let row = format!("| `{name}` | {kind} | {labels} | {} |", helps[*name]);
            ((*name).to_owned(), row)
        };
        kinds.iter().map(row).collect()
    }

    /// The labels of a metric, as the table has them.
    fn labels(&self, name: &str) -> String {
        let own = |line: &&str| {
            let rest = line.strip_prefix(name).unwrap_or_default();
            ["{", " ", "_bucket"].iter().any(|next| rest.starts_with(next))
        };
        let line = self.0.lines().find(own).unwrap_or_else(|| panic!("{name} has no series"));
        let Some((_, labels)) = line.split_once('{') else { return String::new() };
        let names = labels.split("\",").filter_map(|label| label.split('=').next());
        names.filter(|name| *name != "le").map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

async fn signed_in(process: &Process, tenant: &Tenant) -> Browser {
    let mut browser = process.browser(tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser
}

#[tokio::test]
async fn the_document_has_every_metric_and_no_other() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    // The requests of a route are there from its first one.
    process.browser(&tenant).open("/signed-out").await;
    let document = fs::read_to_string(file("docs/metrics.md")).unwrap();
    let mut rows = Scrape::of(&process).await.rows();
    let table = document.split_once("\n## Every metric\n").unwrap().1;
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let name = row.split('`').nth(1).unwrap();
        let actual = rows.remove(name);
        assert_eq!(actual.as_deref(), Some(row), "{name} as the process has it");
    }
    assert!(rows.is_empty(), "not in docs/metrics.md: {:#?}", rows.into_values());
}

#[tokio::test]
async fn requests_and_calls_are_counted_by_what_came_of_them() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut browser = signed_in(&process, &tenant).await;
    browser.open("/factors/totp/some-id").await;
    browser.open("/factors/totp/another-id").await;
    let scrape = Scrape::of(&process).await;
    for (series, value) in [
        (r#"http_requests_total{route="/",method="GET",status="200"}"#, 1),
        (r#"http_requests_total{route="/",method="GET",status="503"}"#, 0),
        (r#"http_requests_total{route="/callback",method="GET",status="303"}"#, 1),
        (r#"http_requests_total{route="/factors/totp/{enrollment}",method="GET",status="410"}"#, 2),
        (r#"http_request_duration_seconds_count{route="/factors/totp/{enrollment}",method="GET"}"#, 2),
        (r#"http_request_duration_seconds_bucket{route="/callback",method="GET",le="+Inf"}"#, 1),
        (r#"tenant_calls_total{call="list",outcome="ok"}"#, 1),
        (r#"tenant_calls_total{call="token",outcome="ok"}"#, 1),
        (r#"tenant_call_duration_seconds_bucket{call="token",le="8"}"#, 1),
        (r#"store_calls_total{engine="sqlite",outcome="failed"}"#, 0),
        (r#"events_total{event="sign_in",outcome="success",reason="",factor=""}"#, 1),
        (r#"tenant_rate_limit{call="list"}"#, 300),
        (r#"tenant_rate_limit_remaining{call="list"}"#, 299),
    ] {
        assert_eq!(scrape.count(series), value, "{series}");
    }
    assert!(scrape.count(r#"store_calls_total{engine="sqlite",outcome="ok"}"#) > 5);
    assert!(scrape.count(r#"store_call_duration_seconds_count{engine="sqlite"}"#) > 5);
    assert!(scrape.value(r#"tenant_rate_limit_reset_timestamp_seconds{call="list"}"#) > 1.7e9);
    // Nothing is known of a call that was not made.
    assert!(scrape.value(r#"tenant_rate_limit_remaining{call="remove"}"#).is_nan());
}

#[tokio::test]
async fn every_event_of_a_set_up_was_at_zero_before() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let before = Scrape::of(&process).await;
    let mut browser = signed_in(&process, &tenant).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = tenant.devices(NORA).totp_code_of(&key).unwrap();
    let wrong = if code == "123456" { "654321" } else { "123456" };
    browser.press("Confirm", &[("Six-digit code", wrong)]).await;
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    browser.open("/authenticators/remove/unknown").await;
    let after = Scrape::of(&process).await;
    for (event, outcome, reason) in [
        ("enrollment_started", "success", ""),
        ("enrollment_failed", "failure", "wrong_code"),
        ("enrollment_confirmed", "success", ""),
    ] {
        let series =
            format!(r#"events_total{{event="{event}",outcome="{outcome}",reason="{reason}",factor="totp"}}"#);
        assert_eq!((before.count(&series), after.count(&series)), (0, 1), "{series}");
    }
    // A mistyped code is no failure of the tenant.
    for (outcome, calls) in [("ok", 1), ("refused", 1), ("misconfigured", 0), ("unintelligible", 0)] {
        let series = format!(r#"tenant_calls_total{{call="confirm",outcome="{outcome}"}}"#);
        assert_eq!(after.count(&series), calls, "{series}");
    }
    let (before, after) = (before.series(), after.series());
    let new: Vec<_> = after.difference(&before).filter(|series| !series.contains("_http_request")).collect();
    assert!(new.is_empty(), "not there from the start: {new:#?}");
}

#[tokio::test]
async fn a_failed_call_is_counted_by_its_cause() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut browser = signed_in(&process, &tenant).await;
    for (outcome, fault) in [
        ("rate_limited", FaultKind::json(429, r#"{"error":"too_many_requests"}"#)),
        ("unreachable", FaultKind::html(503, "<h1>Away</h1>")),
        ("unintelligible", FaultKind::json(200, r#"{"no":"list"}"#)),
        ("misconfigured", FaultKind::json(403, r#"{"error":"insufficient_scope"}"#)),
    ] {
        let series = format!(r#"tenant_calls_total{{call="list",outcome="{outcome}"}}"#);
        let before = Scrape::of(&process).await.count(&series);
        tenant.faults().inject(Fault::new("GET", LIST, fault));
        browser.open("/").await;
        tenant.faults().clear();
        assert!(browser.page.status.as_u16() >= 400, "{outcome}: {}", browser.page.heading());
        let after = Scrape::of(&process).await.count(&series);
        assert!(before == 0 && after > 0, "{series}: {before}, {after}");
    }
    let series = r#"events_total{event="tenant_failed",outcome="failure",reason="unreachable",factor=""}"#;
    assert_eq!(Scrape::of(&process).await.count(series), 1);
}

#[tokio::test]
async fn a_limit_of_ours_is_counted_by_which() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut browser = signed_in(&process, &tenant).await;
    let series = r#"events_total{event="limit",outcome="refused",reason="pause",factor=""}"#;
    assert_eq!(Scrape::of(&process).await.count(series), 0);
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    browser.press("Cancel this set-up", &[]).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert_eq!(Scrape::of(&process).await.count(series), 1, "{}", browser.page.text());
}

#[tokio::test]
async fn a_store_that_fails_is_counted() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let browser = signed_in(&process, &tenant).await;
    for (path, bytes) in process.files() {
        fs::write(path, vec![b'x'; bytes.len()]).unwrap();
    }
    let mut browser = browser.tab();
    browser.open("/").await;
    assert_eq!(browser.page.status, 503);
    let scrape = Scrape::of(&process).await;
    assert!(scrape.count(r#"store_calls_total{engine="sqlite",outcome="failed"}"#) >= 1);
    assert!(
        scrape.count(r#"events_total{event="store_failed",outcome="failure",reason="store_away",factor=""}"#)
            >= 1
    );
}

#[tokio::test]
async fn routes_are_named_without_the_base_path() {
    let tenant = tenant().await;
    let portal = crate::support::process::free_address().join("account/security").unwrap();
    let process = Process::start_at(portal, &tenant, &[]);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for path in ["/account/security", "/account/security/", "/account/security/signed-out"] {
        client.get(process.portal.join(path).unwrap()).send().await.unwrap();
    }
    let scrape = Scrape::of(&process).await;
    let seconds = |route: &str| {
        scrape.count(&format!(r#"http_request_duration_seconds_count{{route="{route}",method="GET"}}"#))
    };
    assert_eq!((seconds("/"), seconds("/signed-out")), (2, 1));
    assert!(!scrape.0.contains("account"), "{}", scrape.0);
}

#[tokio::test]
async fn the_figures_of_the_process_are_plausible() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let scrape = Scrape::of(&process).await;
    let figure = |name: &str| -> f64 {
        scrape.0.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().parse().unwrap()
    };
    let memory = figure("process_resident_memory_bytes ");
    assert!((5e6..2e9).contains(&memory), "{memory}");
    assert!(figure("process_start_time_seconds ") > 1.7e9);
    assert!(figure("process_cpu_seconds_total ") >= 0.0);
    let version = format!(r#"build_info{{version="{}",commit="#, env!("CARGO_PKG_VERSION"));
    assert!(scrape.0.contains(&version), "{}", scrape.0);
}

/// The rest are the process' own looks at the store.
// P-19
#[tokio::test(flavor = "multi_thread")]
async fn a_list_asks_the_store_twice() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("SESSION_STORE", "memory:")]);
    let mut browser = signed_in(&process, &tenant).await;
    browser.open("/").await;
    let calls = r#"store_calls_total{engine="memory",outcome="ok"}"#;
    let before = Scrape::of(&process).await.count(calls);
    for _ in 0..20 {
        browser.open("/").await;
    }
    let calls = Scrape::of(&process).await.count(calls) - before;
    assert_eq!(calls / 20, 2, "{calls} in 20 lists");
}
