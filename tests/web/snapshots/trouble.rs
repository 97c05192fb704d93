//! Snapshots of error pages.

use emulated_tenant::FaultKind;
use time::Duration;

use super::assert_page;
use crate::factors::{APP_PHONE, CODE, CONFIRM};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

const SCAN: &str = "Show me the QR code";

async fn about_to_scan(world: &World) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    browser
}

#[tokio::test]
async fn each_refused_association() {
    let refusals = [
        ("token-ended", 401, "invalid_grant", "The mfa_token provided is invalid. Try getting a new token."),
        ("missing-scope", 403, "insufficient_scope", ""),
        ("already-enrolled", 403, "access_denied", "User is already enrolled."),
        (
            "limit-reached",
            400,
            "invalid_request",
            "The user has reached the maximum number of authenticators.",
        ),
        ("not-available", 400, "unsupported_challenge_type", ""),
        ("too-many-sent", 400, "too_many_sms", ""),
        ("too-many-wrong", 400, "invalid_request", "Too many failed codes."),
        ("too-many", 429, "too_many_requests", ""),
        ("gone", 404, "authenticator_not_found", ""),
        ("no-recovery-code", 403, "unsupported_challenge_type", "User does not have a recovery-code."),
        ("refused", 400, "invalid_request", "Anything."),
        ("misconfigured", 403, "unauthorized_client", ""),
    ];
    for (name, status, error, description) in refusals {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        let body = serde_json::json!({"error": error, "error_description": description}).to_string();
        world.upset("POST", ASSOCIATE, FaultKind::json(status, &body));
        browser.press(SCAN, &[]).await;
        assert_page(&world, &format!("error-{name}"), &browser.page);
    }
}

#[tokio::test]
async fn an_unreachable_or_unreadable_tenant() {
    let patience = FaultKind::Status {
        status: 503,
        headers: vec![("retry-after".to_owned(), "120".to_owned())],
        content_type: "text/html".to_owned(),
        body: String::new(),
    };
    for (name, fault) in [
        ("tenant-away", FaultKind::json(502, "")),
        ("tenant-away-retry", patience),
        ("tenant-unreadable", FaultKind::json(200, "null")),
    ] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.upset_always("GET", LIST, fault);
        browser.open("/").await;
        assert_page(&world, &format!("error-{name}"), &browser.page);
    }
}

#[tokio::test]
async fn a_change_with_an_unknown_outcome() {
    let world = World::new().await;
    let mut browser = about_to_scan(&world).await;
    world.upset("POST", ASSOCIATE, FaultKind::DropAfter);
    browser.press(SCAN, &[]).await;
    assert_page(&world, "error-maybe-changed", &browser.page);
}

#[tokio::test]
async fn an_ended_enrollment_and_unknown_addresses() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp/AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_page(&world, "error-set-up-ended", &browser.page);
    browser.open("/nowhere").await;
    assert_page(&world, "error-not-found", &browser.page);
    browser.open("/factors/totp/AAAAAAAAAAAAAAAAAAAAAA/confirm").await;
    assert_page(&world, "error-wrong-method", &browser.page);
}

#[tokio::test]
async fn too_many_wrong_codes_in_one_enrollment() {
    let world = World::new().await;
    let mut browser = about_to_scan(&world).await;
    browser.press(SCAN, &[]).await;
    let refusal = r#"{"error":"invalid_grant","error_description":"Invalid otp_code."}"#;
    world.upset_always("POST", TOKEN, FaultKind::json(403, refusal));
    while browser.page.limit().is_empty() {
        browser.press(CONFIRM, &[(CODE, "000000")]).await;
    }
    assert_page(&world, "error-too-many-tries", &browser.page);
}

#[tokio::test]
async fn a_form_after_the_visit_has_ended() {
    let world = World::new().await;
    let mut browser = about_to_scan(&world).await;
    world.pass(Duration::minutes(20));
    browser.press(SCAN, &[]).await;
    assert_page(&world, "error-signed-out", &browser.page);
}

#[tokio::test]
async fn a_foreign_form_and_a_form_too_large() {
    let world = World::new().await;
    let browser = about_to_scan(&world).await;
    let form = browser.page.form(SCAN);
    let mut foreign = form.clone();
    foreign.set("csrf_token", "somebody-elses");
    let mut tab = browser.tab();
    tab.page = crate::support::Page::blank(&browser.page.url);
    tab.send(&foreign).await;
    assert_page(&world, "error-foreign-form", &tab.page);
    let mut large = form.clone();
    large.set("code", &"x".repeat(20_000));
    tab.page = crate::support::Page::blank(&browser.page.url);
    tab.send(&large).await;
    assert_page(&world, "error-too-large", &tab.page);
}

#[tokio::test]
async fn an_authenticator_that_cannot_be_removed() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/authenticators/remove?id=recovery-code%7Cdev_AppPhoneReco0001").await;
    assert_page(&world, "error-not-removable", &browser.page);
}
