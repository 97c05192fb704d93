//! Crashes at the worst moment: nothing that the tenant tells only once is lost.

mod between;
mod ledger;
mod moment;
mod rounds;
mod walker;

use std::fs;
use std::path::Path;
use std::time::Duration;

use emulated_tenant::{Factor, Fault, FaultKind, Tamper, Tenant};
use rusqlite::Connection;
use serde_json::json;

use crate::support::Browser;
use crate::support::process::{Process, tenant};

const NORA: &str = "nothing@example.com";
const LIST: &str = "/mfa/authenticators";

/// Kills the portal after a first association, whose answer brought the recovery code, while it waits for the list. The
/// proof and the start have read one each.
async fn kill_after_association(tenant: &Tenant, store: &str) {
    let mut process = Process::start(tenant, &[("SESSION_STORE", store)]);
    let mut browser = process.browser(tenant);
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    tenant.journal().clear();
    tenant.faults().inject(Fault::new("GET", LIST, FaultKind::Delay(Duration::ZERO)).times(2));
    tenant.faults().inject(Fault::new("GET", LIST, FaultKind::Hang));
    let start = browser.request(&browser.page.form("Show me the QR code"));
    let waiting = tokio::spawn(start.send());
    while tenant.journal().count("GET", LIST) < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    process.signal("KILL");
    process.end();
    waiting.await.unwrap().unwrap_err();
    tenant.faults().clear();
}

fn records(store: &Path) -> Vec<Vec<u8>> {
    let connection = Connection::open(store).unwrap();
    let mut query = connection.prepare("SELECT value FROM records ORDER BY key").unwrap();
    let values = query.query_map([], |row| row.get(0)).unwrap();
    values.filter_map(Result::ok).collect()
}

fn file_contains(store: &Path, record: &[u8]) -> bool {
    let beside = |ending: &str| format!("{}{ending}", store.display());
    let files = [beside(""), beside("-wal"), beside("-journal")];
    files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .any(|bytes| bytes.windows(record.len()).any(|part| part == record))
}

async fn signed_in(process: &Process, tenant: &Tenant) -> Browser {
    let mut browser = process.browser(tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser
}

/// The next sign-in proves its factor some seconds after the first one has ended the person's other sessions.
fn prove_later(tenant: &Tenant) {
    tenant.tamper_id_token(Tamper::edit(|token| {
        token.claims["auth_time"] = json!(token.claims["auth_time"].as_i64().unwrap() + 20);
    }));
}

// E-07
#[tokio::test(flavor = "multi_thread")]
async fn an_unsaved_recovery_code_survives_a_crash_and_a_saved_one_is_erased() {
    let tenant = tenant().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = format!("sqlite:{}", path.display());
    kill_after_association(&tenant, &store).await;
    let code = tenant.devices(NORA).recovery_code().unwrap();

    let process = Process::start(&tenant, &[("SESSION_STORE", &store)]);
    let mut browser = signed_in(&process, &tenant).await;
    // The dead process still holds the lock of the app's set-up.
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let typed = tenant.devices(NORA).last_code(Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &typed)]).await;
    assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code, "once a factor is there");
    for _ in 0..2 {
        prove_later(&tenant);
        let mut browser = signed_in(&process, &tenant).await;
        browser.follow("Show my recovery code").await;
        assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code, "at each visit");
    }
    prove_later(&tenant);
    let mut browser = signed_in(&process, &tenant).await;
    let before = records(&path);
    browser.open("/recovery-code").await;
    let mut form = browser.page.form("Done");
    form.set("saved", "yes");
    browser.send(&form).await;
    let after = records(&path);
    let gone: Vec<_> = before.iter().filter(|record| !after.contains(record)).collect();
    assert_eq!(gone.len(), 2, "the code's record, and that of its time, which is written anew");
    assert!(!gone.iter().any(|record| file_contains(&path, record)), "their bytes are gone from the file");
    browser.open("/recovery-code").await;
    assert!(!browser.page.html.contains(&code[..4]));
}
