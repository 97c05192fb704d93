//! Adding an authenticator app with wrong or malformed codes.

use emulated_tenant::Factor;
use time::Duration;

use super::{APP_PHONE, CODE, CONFIRM, app_code, count, different_code, key, mistake, start_totp};
use crate::support::{ASSOCIATE, TOKEN, World};

// E-09, V-08
#[tokio::test]
async fn a_wrong_code_is_explained_and_can_be_retried() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (before, code) = (key(&browser.page), app_code(&world, &browser.page));
    let wrong = different_code(&code);
    browser.press(CONFIRM, &[(CODE, &wrong)]).await;
    let why = mistake(&browser.page, "code");
    assert!(why.contains("wrong or expired") && !why.contains("UTC"), "{why}");
    assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(""), "a refused code is not put back");
    assert_eq!(key(&browser.page), before, "the same key");
    assert_eq!(browser.page.count("svg.qr"), 1);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "a wrong code does not burn the right one");
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
    assert_eq!(world.calls("POST", ASSOCIATE), 1);
}

// I-04
#[tokio::test]
async fn malformed_codes_are_refused_without_a_tenant_call() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    world.tenant.journal().clear();
    for typed in [
        "",
        "   ",
        "-",
        "12345",
        "1234567",
        "abcdef",
        "12345a",
        "١٢٣٤٥",
        "½２３４５６",
        "+12345",
        "1e5000",
        "0x1234",
    ] {
        browser.press(CONFIRM, &[(CODE, typed)]).await;
        let why = mistake(&browser.page, "code");
        assert!(why.contains("six digits"), "{typed}: {why}");
        assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(typed));
    }
    let long = "1".repeat(10_000);
    browser.press(CONFIRM, &[(CODE, &long)]).await;
    mistake(&browser.page, "code");
    assert_eq!(world.tenant.journal().requests().len(), 0, "the tenant was not asked");
}

// O-07
#[tokio::test]
async fn typed_html_is_shown_as_text() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let typed = "\"><script>alert(1)</script>";
    browser.press(CONFIRM, &[(CODE, typed)]).await;
    mistake(&browser.page, "code");
    assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(typed));
    assert!(!browser.page.html.contains("<script>alert"));
}

//
#[tokio::test]
async fn a_sixth_code_ends_the_enrollment_and_the_next_one_waits_too() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (before, wrong) = (key(&browser.page), different_code(&app_code(&world, &browser.page)));
    for _ in 0..5 {
        browser.press(CONFIRM, &[(CODE, &wrong)]).await;
        assert!(mistake(&browser.page, "code").contains("wrong"));
    }
    let asked = world.calls("POST", TOKEN);
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.limit(), "Too many wrong codes");
    assert!(browser.page.text().contains("minute"), "when to try again: {}", browser.page.text());
    // Wrong codes count for the person, so another set-up gives no further tries.
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_ne!(key(&browser.page), before);
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.limit(), "Too many wrong codes", "{}", browser.page.text());
    assert_eq!(world.calls("POST", TOKEN), asked);
}

#[tokio::test]
async fn the_tenants_limit_of_wrong_codes_is_explained_and_passes() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let wrong = different_code(&app_code(&world, &browser.page));
    for _ in 0..10 {
        browser.press(CONFIRM, &[(CODE, &wrong)]).await;
        assert!(mistake(&browser.page, "code").contains("wrong"));
    }
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    let why = mistake(&browser.page, "code");
    assert!(why.contains("Too many wrong codes") && why.contains("Wait a few minutes"), "{why}");
    world.pass(Duration::minutes(6));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
}

#[tokio::test]
async fn the_code_of_an_existing_app_does_not_confirm_a_new_one() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    world.pass(Duration::seconds(30));
    let old = world.devices(APP_PHONE).totp_code(0).unwrap();
    browser.press(CONFIRM, &[(CODE, &old)]).await;
    assert_eq!(world.calls("POST", TOKEN), 2, "the sign-in and this");
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 1);
    assert!(!browser.page.notice().contains("added"), "{}", browser.page.text());
}
