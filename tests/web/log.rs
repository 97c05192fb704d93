//! The log as operators read it: numbers, reasons, what is in effect, and no alarm where there is none.

use reqwest::Method;
use serde_json::Value;

use crate::support::process::{Process, tenant};
use crate::support::{Log, World};

const NORA: &str = "nothing@example.com";

/// The field of a line of the JSON log.
fn field(line: &str, name: &str) -> Value {
    serde_json::from_str::<Value>(line).unwrap()["fields"][name].clone()
}

#[tokio::test]
async fn the_start_says_what_is_in_effect_and_no_secret() {
    let tenant = tenant().await;
    let settings = [
        ("SESSION_STORE", "redis://portal:of-redis-alone@127.0.0.1:1/3"),
        ("FACTORS", "totp,sms"),
        ("EMBED_ORIGINS", "https://portal.example.com"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1"),
        ("AUDIT_LOG", "off"),
        ("LIMITS", "off"),
        ("PROOF", "recent"),
    ];
    let process = Process::start(&tenant, &settings);
    let output = process.output();
    let line = output.lines().find(|line| line.contains("serving pages")).unwrap();
    for said in [
        "store=\"redis at 127.0.0.1:1\"",
        "factors=\"totp,sms\"",
        "embed_origins=\"https://portal.example.com\"",
        "return_origins=\"\"",
        "trusted_proxies=\"10.0.0.0/8,192.0.2.1/32\"",
        "limits=\"off\"",
        "proof=\"recent\"",
        "audit_log=\"off\"",
        "audit_person=\"hmac\"",
    ] {
        assert!(line.contains(said), "no {said} in {line}");
    }
    let secret = tenant.settings().client_secret;
    assert!(!line.contains("of-redis-alone") && !line.contains(&secret), "{line}");
}

#[tokio::test]
async fn numbers_in_the_json_log_are_numbers() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json")]);
    process.browser(&tenant).open("/signed-out").await;
    let line = process.says("answered");
    assert!(field(&line, "status").is_u64() && field(&line, "ms").is_f64(), "{line}");
    assert_eq!(field(&line, "reason"), Value::Null, "{line}");
}

#[tokio::test]
async fn the_line_of_a_refused_request_says_why() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json")]);
    let mut browser = process.browser(&tenant);
    browser.open("/callback?state=of-nobody&code=of-nobody").await;
    assert_eq!(field(&process.says("answered"), "reason"), "unknown_callback");
    let url = browser.address("/factors/totp");
    browser.client().post(url).header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(field(&process.says("answered"), "reason"), "foreign_origin");
}

/// A line for each of a stranger's requests stays short.
#[tokio::test]
async fn an_invented_method_is_logged_under_one_name() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json")]);
    let browser = process.browser(&tenant);
    let method = Method::from_bytes("A".repeat(30_000).as_bytes()).unwrap();
    browser.client().request(method, browser.address("/")).send().await.unwrap();
    let line = process.says("answered");
    assert!(line.contains("\"method\":\"other\"") && line.len() < 1_000, "{line}");
}

#[tokio::test]
async fn a_missing_scope_is_named_where_operators_look() {
    let log = Log::begin();
    let world = World::new().await;
    world.tenant.configure(|settings| {
        let granted = ["openid", "profile", "email", "read:authenticators"];
        settings.granted_scopes = Some(granted.map(ToOwned::to_owned).to_vec());
    });
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    assert_eq!(browser.page.status, 403);
    let text = log.text();
    let refusal = text.lines().find(|line| line.contains("request refused")).unwrap();
    assert!(refusal.contains(" WARN ") && refusal.contains("scope=\"enroll\""), "{refusal}");
}

#[tokio::test]
async fn a_level_that_does_not_exist_is_warned_of_and_an_empty_one_is_unset() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("RUST_LOG", "mfa_portal=debgu")]);
    let output = process.output();
    let line = output.lines().find(|line| line.contains("RUST_LOG not understood, using info"));
    assert!(line.is_some_and(|line| line.contains(" WARN ")), "{output}");
    for usual in [&[("RUST_LOG", "mfa_portal=debug")][..], &[("RUST_LOG", "")], &[]] {
        let process = Process::start(&tenant, usual);
        let output = process.output();
        assert!(output.contains(" INFO ") && !output.contains("not understood"), "{usual:?}: {output}");
    }
}

#[tokio::test]
async fn a_lapsed_session_raises_no_alarm() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("SESSION_STORE", "memory:")]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.status, 200);
    // Another process knows nothing of the session, as after its end.
    let next = Process::start(&tenant, &[("SESSION_STORE", "memory:")]);
    let cookies = browser.cookies();
    let client = browser.client();
    let answer = client.get(next.portal.clone()).header("cookie", cookies).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    next.says("answered");
    assert!(!next.output().contains("suspicious"), "{}", next.output());
}
