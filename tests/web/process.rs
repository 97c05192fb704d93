//! The real binary: its start, the settings it refuses, its log and its end.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use reqwest::StatusCode;

use crate::support::process::{Process, SEALING_KEY, refused, tenant};

const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";

#[tokio::test]
async fn settings_from_the_environment_start_a_working_portal() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("BRAND_NAME", "Contoso")]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    assert!(browser.page.title().ends_with("Contoso"));
}

#[tokio::test]
async fn the_start_logs_one_line_and_each_request_one_more() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    process.browser(&tenant).open("/signed-out").await;
    process.says("answered");
    let output = process.output();
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 2, "{output}");
    assert!(
        lines[0].contains(&format!("serving pages base_url={} listen=127.0.0.1:", process.portal)),
        "{output}"
    );
}

#[tokio::test]
async fn a_request_log_line_has_the_route_and_not_the_url() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("LOG_FORMAT", "json")]);
    let mut browser = process.browser(&tenant);
    browser.open("/factors/totp/some-id-of-somebody?code=123456").await;
    let line = process.says("answered");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["span"]["route"], "/factors/totp/{enrollment}");
    assert_eq!(
        (line["fields"]["status"].as_u64(), line["span"]["method"].as_str()),
        (Some(303), Some("GET"))
    );
    assert!(!process.output().contains("some-id-of-somebody") && !process.output().contains("123456"));
}

// P-15
#[tokio::test]
async fn store_files_are_readable_by_their_owner_alone() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    let files = process.files();
    assert!(files.iter().any(|(path, _)| path == &process.directory().join("mfa-portal.db")));
    for (path, _) in files {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}

// D-06
#[test]
fn a_missing_required_setting_is_named_and_prevents_the_start() {
    for name in ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_SECRET", "APP_BASE_URL"] {
        let (code, said) = refused(&[(name, "")]);
        assert_ne!(code, 0, "{name}");
        let flag = format!("--{}", name.to_lowercase().replace('_', "-"));
        assert!(said.contains(name) || said.contains(&flag), "{name}: {said}");
    }
}

#[test]
fn a_wrong_setting_is_explained_in_one_line_and_prevents_the_start() {
    let secret = "0123456789abcdef";
    for (name, value, sentence) in [
        ("AUTH0_SECRET", secret, "shorter than 32 bytes. Make one with `openssl rand -hex 32`."),
        ("AUTH0_DOMAIN", "http://example.com", "is not https."),
        ("APP_BASE_URL", "http://example.com", "is not https."),
        ("SESSION_STORE", "postgres://x", "is unknown. Use memory:"),
        ("FACTORS", "totp,pigeon", "«pigeon» is unknown."),
        ("AUTH0_CLIENTID", "x", "AUTH0_CLIENTID is not a setting."),
        ("AUTH0_SECRET_FILE", "/nowhere", "is set, and AUTH0_SECRET_FILE too."),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "«10.0.0.0/33» is not a network."),
    ] {
        let (code, said) = refused(&[(name, value)]);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.starts_with("mfa-portal: ") && said.contains(sentence), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains(secret) && !said.contains("a secret"), "{said}");
    }
}

// K-05
#[tokio::test]
async fn each_secret_flag_is_warned_of_once_without_its_value() {
    let tenant = tenant().await;
    let client_secret = format!("--auth0-client-secret={}", tenant.settings().client_secret);
    let flags = [
        &client_secret,
        &format!("--auth0-secret={SEALING_KEY}"),
        "--auth0-management-client-id=management",
        "--auth0-management-client-secret=another-secret",
        "--session-store=redis://portal:a-password@127.0.0.1:1",
    ];
    let begun = |flags: &[&str]| {
        let shell = ["sh", "-c", r#"exec "$2" "$3" $1"#, "sh", &flags.join(" ")];
        let process = Process::start_under(&shell, &tenant, &[]);
        let output = process.output();
        output.lines().filter(|line| line.contains("WARN")).map(ToOwned::to_owned).collect()
    };
    let mut warnings: Vec<String> = begun(&flags);
    // Nothing listens at that store.
    warnings.retain(|line| !line.contains("audit journal not read"));
    let named = ["AUTH0_CLIENT_SECRET", "AUTH0_SECRET", "AUTH0_MANAGEMENT_CLIENT_SECRET", "SESSION_STORE"];
    assert_eq!(warnings.len(), named.len(), "{warnings:#?}");
    for (warning, name) in warnings.iter().zip(named) {
        assert!(warning.contains(&format!("setting=\"{name}\" file=\"{name}_FILE\"")), "{warning}");
        let values = flags.iter().filter_map(|flag| flag.split_once('=')).map(|(_, value)| value);
        assert!(!values.into_iter().any(|value| warning.contains(value)), "{warning}");
        assert!(!warning.contains("a-password"), "{warning}");
    }
    let harmless: Vec<String> = begun(&["--session-store=memory:", "--brand-name=Contoso"]);
    assert!(harmless.is_empty(), "{harmless:#?}");
}

#[test]
fn a_listen_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (code, said) = refused(&[("LISTEN", &taken.local_addr().unwrap().to_string())]);
    assert_eq!(code, 1);
    assert!(said.contains("LISTEN: cannot listen on 127.0.0.1:"), "{said}");
}

#[test]
fn a_store_that_cannot_be_opened_is_named() {
    let (code, said) = refused(&[("SESSION_STORE", "sqlite:/nowhere/at/all.db")]);
    assert_eq!(code, 1);
    assert!(said.contains("session store"), "{said}");
}

// P-14
#[tokio::test]
async fn sigint_ends_the_process_with_exit_code_0() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    process.signal("INT");
    assert_eq!(process.end().code(), Some(0));
}

// P-04
#[tokio::test]
async fn the_portal_starts_and_says_so_while_the_tenant_is_away() {
    let tenant = tenant().await;
    tenant.stop().await;
    let process = Process::start(&tenant, &[]);
    for (path, status) in [("healthz", StatusCode::OK), ("readyz", StatusCode::OK)] {
        let answer = reqwest::get(process.admin.join(path).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert_eq!(browser.page.heading(), "The sign-in service cannot be reached");
    assert!(browser.page.controls().iter().any(|name| name == "Try again"));
    assert!(browser.set_cookies.is_empty());
}

#[tokio::test]
async fn a_session_survives_a_restart() {
    let tenant = tenant().await;
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("kept.db").display());
    let mut first = Process::start(&tenant, &[("SESSION_STORE", &store)]);
    let mut browser = first.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    first.signal("KILL");
    first.end();
    let second = Process::start(&tenant, &[("SESSION_STORE", &store)]);
    let mut again = second.browser(&tenant);
    browser.cookies().split("; ").for_each(|cookie| again.plant(&format!("{cookie}; Path=/")));
    assert_eq!(again.open("/").await.heading(), LIST);
    assert_eq!(again.journey.len(), 1);
}

// I-10
#[tokio::test]
async fn a_proxy_of_the_environment_sees_no_call() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    let tenant = tenant().await;
    let process = Process::start(&tenant, &names.map(|name| (name, proxy.as_str())));
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody has called");
}

#[tokio::test]
async fn the_start_warns_of_settings_that_leave_something_unprotected() {
    let tenant = tenant().await;
    for (setting, value) in [
        ("LIMITS", "off"),
        ("AUDIT_LOG", "off"),
        ("PROOF", "any"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::/0"),
        ("TRUSTED_PROXIES", "::ffff:0:0/96"),
        ("TRUSTED_PROXIES", "128.0.0.0/1"),
    ] {
        let said = Process::start(&tenant, &[("AUDIT_LOG", "stderr"), (setting, value)]).output();
        let named = format!("setting=\"{setting}\"");
        let warned = said.lines().filter(|line| line.contains("WARN") && line.contains(&named)).count();
        assert_eq!(warned, 1, "{setting}={value}: {said}");
    }
    // Behind a proxy, because nobody else makes it https.
    let behind = [("AUDIT_LOG", "stderr"), ("APP_BASE_URL", "https://mfa.example.com")];
    let said = Process::start(&tenant, &behind).output();
    let unknown = "client addresses unknown, TRUSTED_PROXIES is not set";
    assert_eq!(said.matches(unknown).count(), 1, "{said}");
    let usual = [("AUDIT_LOG", "stderr"), ("TRUSTED_PROXIES", "10.0.0.0/8,fc00::/7,::ffff:192.168.0.0/112")];
    let said = Process::start(&tenant, &usual).output();
    assert!(!said.contains("WARN"), "{said}");
}
