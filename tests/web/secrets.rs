//! Canaries: each secret of a visit is searched for in logs, URLs, headers, cookies, pages, store files, metrics and
//! the memory.

mod memory;
mod notices;

use std::collections::BTreeMap;

use emulated_tenant::{Factor, Fault, FaultKind, Tenant};
use reqwest::header::HeaderMap;
use url::Url;

use crate::support::Browser;
use crate::support::canary::{self, Searched};
use crate::support::process::{Process, tenant};

const NORA: &str = "nothing@example.com";
const NUMBER: &str = "+447700900123";
const ADDRESS: &str = "nora.canary@example.org";
const TYPED_WRONG: &str = "918273";

/// One page that the browser was shown.
struct Seen {
    url: Url,
    headers: HeaderMap,
    html: String,
}

/// A visit to the real binary that uses every kind of secret, with everything recorded.
struct Walk {
    tenant: Tenant,
    process: Process,
    browser: Browser,
    pages: Vec<Seen>,
    addresses: Vec<Url>,
}

impl Walk {
    async fn through_everything(settings: &[(&str, &str)]) -> Self {
        Self::at(tenant().await, settings).await
    }

    async fn at(tenant: Tenant, settings: &[(&str, &str)]) -> Self {
        let process = Process::start(&tenant, &[settings, &[("PROOF", "any")]].concat());
        let browser = process.browser(&tenant);
        let mut walk = Self { tenant, process, browser, pages: Vec::new(), addresses: Vec::new() };
        walk.open("/").await;
        walk.browser.pass_sign_in(NORA).await;
        walk.note();
        walk.meets_trouble().await;
        walk.adds_an_app().await;
        walk.adds_a_number().await;
        walk.adds_an_address().await;
        walk.signs_out().await;
        walk
    }

    async fn adds_an_app(&mut self) {
        self.open("/factors/totp").await;
        self.press("Show me the QR code", &[]).await;
        self.press("Confirm", &[("Six-digit code", TYPED_WRONG)]).await;
        let code = self.tenant.devices(NORA).totp_code(0).unwrap();
        self.press("Confirm", &[("Six-digit code", &code)]).await;
        assert_eq!(self.browser.page.path(), "/recovery-code");
        let mut form = self.browser.page.form("Done");
        form.set("saved", "yes");
        self.browser.send(&form).await;
        self.note();
    }

    async fn adds_a_number(&mut self) {
        self.open("/factors/sms").await;
        self.press("Send the code", &[("Phone number", NUMBER)]).await;
        self.press("Confirm", &[("Six-digit code", TYPED_WRONG)]).await;
        let code = self.tenant.devices(NORA).last_code(Factor::Sms).unwrap();
        self.press("Confirm", &[("Six-digit code", &code)]).await;
    }

    async fn adds_an_address(&mut self) {
        self.open("/factors/email").await;
        self.press("Send the code", &[("E-mail address", ADDRESS)]).await;
        let code = self.tenant.devices(NORA).last_code(Factor::Email).unwrap();
        self.press("Confirm", &[("Six-digit code", &code)]).await;
    }

    /// Tenant answers that are cut off in the middle of a secret, and a repeated callback.
    async fn meets_trouble(&mut self) {
        let broken = r#"{"access_token":"canary-in-a-broken-answer","secret":"canary-in-a-broken-answer"#;
        for (path, page) in [("/mfa/authenticators", "/"), ("/oauth/token", "/sign-in")] {
            self.tenant.faults().inject(Fault::new("*", path, FaultKind::json(200, broken)));
            self.open(page).await;
            assert!(self.browser.page.title().starts_with("Error:"));
            self.tenant.faults().clear();
        }
        self.open("/sign-in").await;
        let callback = self.addresses.iter().rfind(|url| url.path() == "/callback").cloned().unwrap();
        self.browser.go(callback).await;
        self.note();
    }

    async fn signs_out(&mut self) {
        self.open("/sign-out").await;
        self.press("Sign out", &[]).await;
        assert_eq!(self.browser.page.path(), "/signed-out");
    }

    async fn open(&mut self, path: &str) {
        self.browser.open(path).await;
        self.note();
    }

    async fn press(&mut self, button: &str, typed: &[(&str, &str)]) {
        self.browser.press(button, typed).await;
        self.note();
    }

    fn note(&mut self) {
        let page = &self.browser.page;
        if page.url.origin() == self.process.portal.origin() {
            let (url, headers, html) = (page.url.clone(), page.headers.clone(), page.html.clone());
            self.pages.push(Seen { url, headers, html });
        }
        self.addresses.extend(self.browser.journey.iter().cloned());
    }

    /// Every secret that passed between portal, tenant and browser, with its name.
    fn canaries(&self) -> BTreeMap<String, String> {
        let mut found = canary::of(&self.tenant);
        let fixed = [
            ("broken answer", "canary-in-a-broken-answer".to_owned()),
            ("wrong code", TYPED_WRONG.to_owned()),
        ];
        found.extend(fixed.map(|(name, value)| (value, name.to_owned())));
        let cookies = self.browser.set_cookies.iter().filter_map(|cookie| {
            let (name, rest) = cookie.split_once('=')?;
            let value = rest.split(';').next().filter(|value| !value.is_empty())?;
            // The mark of a sign-out is the same for everybody.
            let is_secret = name.starts_with("mfa-portal") && name != "mfa-portal-signed-out";
            is_secret.then(|| (value.to_owned(), name.to_owned()))
        });
        found.extend(cookies);
        let names: Vec<&String> = found.values().collect();
        for expected in
            ["access_token", "id_token", "oob_code", "secret", "recovery_codes", "otp", "binding_code"]
        {
            assert!(names.iter().any(|name| *name == expected), "no {expected} among {names:?}");
        }
        found
    }
}

fn assert_none(place: &str, text: &str, canaries: &BTreeMap<String, String>) {
    let searched = Searched::new(text.as_bytes());
    for (secret, name) in canaries {
        assert!(!searched.holds(secret), "{place} holds the {name} {secret}");
    }
}

// L-24, K-01, K-04
#[tokio::test]
async fn the_trace_level_log_holds_no_secret() {
    for format in ["text", "json"] {
        let finest = "trace,mfa_portal=trace,hyper=trace,hyper_util=trace,reqwest=trace,rustls=trace,tower_sessions=trace,\
                      tower_sessions_core=trace,tower_http=trace,axum=trace,oauth2=trace,h2=trace";
        let walk = Walk::through_everything(&[("RUST_LOG", finest), ("LOG_FORMAT", format)]).await;
        let log = walk.process.output();
        assert!(log.matches("answered").count() >= 25, "{log}");
        assert_none("the log", &log, &walk.canaries());
        assert!(!log.contains("auth0|nothing") && !log.contains(NORA), "the log names the person");
    }
}

// A-03, K-01
#[tokio::test]
async fn the_audit_stream_holds_no_secret_and_no_name() {
    let walk = Walk::through_everything(&[("AUDIT_LOG", "stdout")]).await;
    let output = walk.process.output();
    let told: Vec<&str> = output.lines().filter(|line| line.contains("\"target\":\"audit\"")).collect();
    assert!(told.len() >= 15, "{output}");
    let told = told.join("\n");
    assert_none("the audit stream", &told, &walk.canaries());
    assert!(!told.contains("auth0|nothing") && !told.contains(NORA), "{told}");
}

// L-24, K-01
#[tokio::test]
async fn urls_headers_and_cookies_hold_no_secret() {
    let walk = Walk::through_everything(&[]).await;
    let canaries = walk.canaries();
    for address in walk.addresses.iter().filter(|url| url.path() != "/callback") {
        assert_none("an address", address.as_str(), &canaries);
    }
    let cookies: BTreeMap<_, _> =
        canaries.iter().filter(|(_, name)| name.starts_with("mfa-portal")).collect();
    let others = canaries.iter().filter(|(secret, _)| !cookies.contains_key(secret));
    let others = others.map(|(secret, name)| (secret.clone(), name.clone())).collect();
    for cookie in &walk.browser.set_cookies {
        assert_none("a cookie", cookie, &others);
    }
    for page in &walk.pages {
        assert_none(page.url.path(), &format!("{:?}", page.headers), &others);
    }
}

// L-24, K-01
#[tokio::test]
async fn a_secret_is_shown_only_on_the_page_made_for_it() {
    let walk = Walk::through_everything(&[]).await;
    let canaries = walk.canaries();
    let mut shown = Vec::new();
    for page in &walk.pages {
        let searched = Searched::new(page.html.as_bytes());
        for (secret, name) in canaries.iter().filter(|(secret, _)| searched.holds(secret)) {
            let is_meant = canary::is_shown_at(page.url.path(), name);
            assert!(is_meant, "{} shows the {name} {secret}", page.url);
            shown.push(name.as_str());
        }
    }
    for expected in ["secret", "recovery_codes", "phone_number"] {
        assert!(
            shown.contains(&expected),
            "the {expected} is shown nowhere, so this test looks at the wrong pages"
        );
    }
}

// S-06, K-01
#[tokio::test]
async fn store_files_hold_no_secret_and_no_name() {
    let walk = Walk::through_everything(&[]).await;
    let mut canaries = walk.canaries();
    canaries.extend([("auth0|nothing", "sub"), (NORA, "address")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let files = walk.process.files();
    assert!(files.iter().any(|(path, _)| path.ends_with("mfa-portal.db-wal")), "{files:?}");
    assert!(files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 10_000);
    for (path, bytes) in &files {
        for (secret, name) in &canaries {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds the {name} {secret}", path.display());
        }
    }
}

// K-01
#[tokio::test]
async fn metrics_hold_no_secret() {
    let walk = Walk::through_everything(&[]).await;
    let url = walk.process.admin.join("metrics").unwrap();
    let figures = reqwest::get(url).await.unwrap().text().await.unwrap();
    assert!(figures.contains("mfa_portal_http_requests_total"), "{figures}");
    assert_none("/metrics", &figures, &walk.canaries());
    assert!(!figures.contains("AAAA") && !figures.contains("auth0"), "{figures}");
}
