//! Snapshots of adding each factor, and of the recovery code.

use emulated_tenant::FaultKind;
use time::Duration;

use super::assert_page;
use crate::factors::{APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER};
use crate::support::{ASSOCIATE, Browser, World};

const SCAN: &str = "Show me the QR code";

async fn at(world: &World, email: &str, path: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    browser.open(path).await;
    browser
}

#[tokio::test]
async fn an_authenticator_app() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/totp").await;
    assert_page(&world, "totp-new", &browser.page);
    browser.press(SCAN, &[]).await;
    assert_page(&world, "totp-show", &browser.page);
    browser.press(CONFIRM, &[(CODE, "12 34")]).await;
    assert_page(&world, "totp-mistake", &browser.page);
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(APP_PHONE).totp_code_of(&key).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_page(&world, "list-app-added", &browser.page);
}

#[tokio::test]
async fn an_app_without_a_qr_code() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/totp").await;
    let answer = r#"{"authenticator_type":"otp","secret":"JBSWY3DPEHPK3PXP"}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(200, answer));
    browser.press(SCAN, &[]).await;
    assert_page(&world, "totp-without-picture", &browser.page);
}

#[tokio::test]
async fn a_number_for_texts() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/sms").await;
    assert_page(&world, "sms-new", &browser.page);
    browser.press("Send the code", &[("Phone number", "+44 20")]).await;
    assert_page(&world, "sms-new-mistake", &browser.page);
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    assert_page(&world, "sms-sent", &browser.page);
    browser.press(CONFIRM, &[(CODE, "")]).await;
    assert_page(&world, "sms-sent-mistake", &browser.page);
    world.pass(Duration::seconds(10));
    browser.press("Send another code", &[]).await;
    assert_page(&world, "sms-sent-wait", &browser.page);
    world.pass(Duration::seconds(30));
    browser.press("Send another code", &[]).await;
    assert_page(&world, "sms-sent-again", &browser.page);
    browser.press(CANCEL, &[]).await;
    assert_page(&world, "list-cancelled", &browser.page);
}

#[tokio::test]
async fn a_number_for_calls() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/voice").await;
    assert_page(&world, "voice-new", &browser.page);
    browser.press("Call me now", &[("Phone number", NUMBER)]).await;
    assert_page(&world, "voice-sent", &browser.page);
}

#[tokio::test]
async fn an_email_address() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/email").await;
    assert_page(&world, "email-new", &browser.page);
    browser.press("Send the code", &[("E-mail address", "alex")]).await;
    assert_page(&world, "email-new-mistake", &browser.page);
    browser.press("Send the code", &[("E-mail address", "alex@work.example.org")]).await;
    assert_page(&world, "email-sent", &browser.page);
}

#[tokio::test]
async fn push_notifications() {
    let world = World::new().await;
    let mut browser = at(&world, APP_PHONE, "/factors/push").await;
    assert_page(&world, "push-new", &browser.page);
    // A fixed answer, because the real QR code encodes the tenant's port.
    let answer = r#"{"authenticator_type":"oob","oob_channel":"auth0","oob_code":"Fe26.2*x",
        "barcode_uri":"otpauth://totp/Example:alex?enrollment_tx_id=x&base_url=https%3A%2F%2Ftenant.example"}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(200, answer));
    browser.press(SCAN, &[]).await;
    assert_page(&world, "push-show", &browser.page);
}

#[tokio::test]
async fn push_denied_and_push_lapsed() {
    for (name, denied) in [("denied", true), ("lapsed", false)] {
        let world = World::new().await;
        let mut browser = at(&world, APP_PHONE, "/factors/push").await;
        browser.press(SCAN, &[]).await;
        assert!(!denied || world.devices(APP_PHONE).deny_push());
        world.pass(if denied { Duration::seconds(30) } else { Duration::minutes(6) });
        browser.go(browser.page.url.clone()).await;
        assert_page(&world, &format!("push-{name}"), &browser.page);
    }
}

#[tokio::test]
async fn the_recovery_code() {
    let world = World::new().await;
    let mut browser = at(&world, NOTHING, "/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let code = world.devices(NOTHING).totp_code(0).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_page(&world, "recovery-code", &browser.page);
    browser.press("Done", &[]).await;
    assert_page(&world, "recovery-code-mistake", &browser.page);
    browser.open("/").await;
    assert_page(&world, "list-unsaved-recovery-code", &browser.page);
    browser.open("/recovery-code").await;
    let mut form = browser.page.form("Done");
    form.set("saved", "yes");
    browser.send(&form).await;
    assert_page(&world, "list-recovery-code-saved", &browser.page);
    browser.open("/recovery-code").await;
    assert_page(&world, "recovery-code-none", &browser.page);
}

#[tokio::test]
async fn a_new_recovery_code() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let browser = at(&world, APP_PHONE, "/recovery-code").await;
    assert_page(&world, "recovery-code-new", &browser.page);
}
