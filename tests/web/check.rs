//! `mfa-portal check`: the real command against correct and incorrect setups. Each test makes one mistake and expects
//! its cause and its remedy in the output.

mod application;
mod audience;
mod management;
mod notices;
mod public;
mod sign_in;
mod store;
mod tenant;

use emulated_tenant::{Options, Settings, Tenant};
use serde_json::Value;

use crate::support::process::{Process, SEALING_KEY, command, finished, free_address, tenant};

struct Report {
    code: i32,
    output: String,
}

#[derive(Debug)]
struct Line {
    outcome: String,
    detail: String,
    remedy: String,
}

impl Report {
    /// A check's line, and the line with its remedy if one follows.
    fn line(&self, check: &str) -> Line {
        let mut lines = self.output.lines();
        let is_it = |line: &&str| line.get(20..36).is_some_and(|name| name.trim_end() == check);
        let line = lines.find(is_it).unwrap_or_else(|| panic!("no {check}:\n{}", self.output));
        let remedy = lines.next().and_then(|next| next.trim_start().strip_prefix("→ "));
        Line {
            outcome: line[..18].trim_end().to_owned(),
            detail: line[36..].to_owned(),
            remedy: remedy.unwrap_or_default().to_owned(),
        }
    }

    fn failures(&self) -> Vec<&str> {
        let failed = self.output.lines().filter(|line| line.starts_with("failed "));
        failed.map(|line| line[20..36].trim_end()).collect()
    }

    /// No other check failed, and cause and remedy contain these words.
    fn assert_only_failure(&self, check: &str, cause: &str, remedy: &str) {
        assert_eq!(self.failures(), [check], "{}", self.output);
        assert_eq!(self.code, 1, "{}", self.output);
        let line = self.line(check);
        assert!(line.detail.contains(cause), "{line:?}");
        assert!(line.remedy.contains(remedy), "{line:?}");
    }

    /// The check has no result, for this reason.
    fn assert_unknown(&self, check: &str, reason: &str) {
        let line = self.line(check);
        assert_eq!(line.outcome, "unknown", "{}", self.output);
        assert!(line.detail.contains(reason), "{line:?}");
    }
}

/// Runs the command against this tenant, which allows our URLs; no portal runs at the public URL.
async fn check(tenant: &Tenant, changed: &[(&str, &str)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    let mut command = command("check", tenant, directory.path());
    command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("SESSION_STORE", "memory:");
    command.envs(changed.iter().copied());
    let (code, output) = finished(command).await;
    Report { code, output }
}

async fn check_with(change: impl FnOnce(&mut Settings)) -> Report {
    let tenant = tenant().await;
    tenant.configure(change);
    check(&tenant, &[]).await
}

#[tokio::test]
async fn a_correct_setup_passes_every_check_and_exits_with_0() {
    let tenant = tenant().await;
    let application = tenant.settings();
    let management = [
        ("AUTH0_MANAGEMENT_CLIENT_ID", application.management_client_id.as_str()),
        ("AUTH0_MANAGEMENT_CLIENT_SECRET", application.management_client_secret.as_str()),
    ];
    let process = Process::start(&tenant, &management);
    let changed = [("APP_BASE_URL", process.portal.as_str()), ("SESSION_STORE", "sqlite:sessions.db")];
    let report = check(&tenant, &[&changed[..], &management].concat()).await;
    assert_eq!(report.code, 0, "{}", report.output);
    let outcomes: Vec<&str> = report.output.lines().filter(|line| line.starts_with("ok ")).collect();
    assert_eq!(outcomes.len(), 15, "{}", report.output);
    assert!(report.output.ends_with("15 ok, 0 failed, 0 unknown\n"), "{}", report.output);
}

#[tokio::test]
async fn checking_changes_nothing_and_sends_nothing() {
    let tenant = tenant().await;
    let before = tenant.people();
    check(&tenant, &[]).await;
    assert_eq!(format!("{:?}", tenant.people()), format!("{before:?}"));
    for request in tenant.journal().requests() {
        let harmless =
            request.method == "GET" || (request.path == "/oauth/token" && request.status != Some(200));
        assert!(harmless, "{} {} {:?}", request.method, request.path, request.status);
    }
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let tenant = tenant().await;
    let application = tenant.settings();
    let management = [
        ("AUTH0_MANAGEMENT_CLIENT_ID", application.management_client_id.as_str()),
        ("AUTH0_MANAGEMENT_CLIENT_SECRET", application.management_client_secret.as_str()),
        ("RUST_LOG", "trace"),
    ];
    let wrong = ("AUTH0_CLIENT_SECRET", "a-secret-of-another-application");
    for changed in [management.to_vec(), [&management[..], &[wrong]].concat()] {
        for argument in ["--json", "--brand-name=x"] {
            let directory = tempfile::tempdir().unwrap();
            let mut command = command("check", &tenant, directory.path());
            command.arg(argument).env("APP_BASE_URL", "http://127.0.0.1:3000").envs(changed.iter().copied());
            let (_, output) = finished(command).await;
            for secret in
                [&application.client_secret, &application.management_client_secret, SEALING_KEY, wrong.1]
            {
                assert!(!output.contains(secret), "{output}");
            }
            assert!(!output.contains("eyJ"), "a token: {output}");
        }
    }
}

/// As in `mfa-portal check --json | head -1`.
#[tokio::test]
async fn a_reader_that_goes_away_is_no_bug() {
    let tenant = tenant().await;
    for argument in ["check", "settings", "embed-hash"] {
        let directory = tempfile::tempdir().unwrap();
        let mut command = command(argument, &tenant, directory.path());
        command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("SESSION_STORE", "memory:");
        let mut child = tokio::process::Command::from(command).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("panicked"), "{argument}: {said}");
    }
}

#[tokio::test]
async fn json_output_has_the_same_results() {
    let tenant = tenant().await;
    tenant.configure(|settings| settings.mfa_grant = false);
    let directory = tempfile::tempdir().unwrap();
    let mut command = command("check", &tenant, directory.path());
    command.arg("--json").env("APP_BASE_URL", free_address().as_str());
    let (code, output) = finished(command).await;
    let report: Value = serde_json::from_str(&output).unwrap();
    let of = |check: &str| report.as_array().unwrap().iter().find(|one| one["check"] == check).unwrap();
    assert_eq!((code, of("MFA grant")["outcome"].as_str()), (1, Some("failed")));
    assert!(of("MFA grant")["remedy"].as_str().unwrap().contains("Grant Types"));
    assert_eq!((&of("Tenant")["outcome"], &of("Tenant")["remedy"]), (&"ok".into(), &Value::Null));
    assert_eq!(of("Public address")["outcome"], "unknown");
}

#[tokio::test]
async fn an_invalid_setting_is_refused_as_by_serve() {
    let tenant = tenant().await;
    let report = check(&tenant, &[("AUTH0_SECRET", "short")]).await;
    assert_eq!(report.code, 1);
    assert!(report.output.starts_with("mfa-portal: AUTH0_SECRET: "), "{}", report.output);
}

async fn tenant_at(clock: emulated_tenant::Clock) -> Tenant {
    Tenant::start(Options { clock, ..Options::default() }).await.unwrap()
}
