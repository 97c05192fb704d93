//! Limits that belong to a person, not to a set-up or a page.

use reqwest::StatusCode;
use time::Duration;

use super::paths::{TRY_PHONE, try_out};
use super::{ASSOCIATE, NORA, SENT};
use crate::support::{Browser, TOKEN, World};

const ALEX: &str = "app.phone@example.com";
const CODE: &str = "Six-digit code";
const CONFIRM: &str = "Confirm";
const TOO_MANY_CODES: &str = "Too many wrong codes";
const TOO_MANY_CHANGES: &str = "Too many changes were made";
const TOO_MANY_STARTS: &str = "Too many set-ups were begun";

async fn start_app(browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
}

async fn try_app(browser: &mut Browser) {
    browser.open("/").await;
    browser.follow("Test authenticator app").await;
    browser.press("Type a code from the app", &[]).await;
}

/// Those of all factors and sessions together.
//
#[tokio::test]
async fn twenty_set_ups_are_begun_in_an_hour() {
    let world = World::new().await;
    for round in 0..20 {
        // Another message waits for the pause of its address.
        world.pass(Duration::minutes(1));
        let mut browser = world.signed_in(NORA).await;
        if round % 4 == 0 {
            browser.open("/factors/email").await;
            browser.press("Send the code", &[("E-mail address", "nora@example.org")]).await;
        } else {
            start_app(&mut browser).await;
        }
        browser.press("Cancel this set-up", &[]).await;
    }
    assert_eq!(world.calls("POST", ASSOCIATE), 20);
    let mut browser = world.signed_in(NORA).await;
    start_app(&mut browser).await;
    assert_eq!((browser.page.path(), browser.page.limit().as_str()), ("/factors/totp", TOO_MANY_STARTS));
    browser.open("/factors/push").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!((browser.page.path(), browser.page.limit().as_str()), ("/factors/push", TOO_MANY_STARTS));
    assert_eq!(world.calls("POST", ASSOCIATE), 20, "the tenant is not asked");
    world.pass(Duration::HOUR);
    let mut browser = world.signed_in(NORA).await;
    start_app(&mut browser).await;
    assert_eq!(browser.page.count(".key"), 1, "{}", browser.page.text());
}

/// The messages of ten minutes are those of set-ups and trials together.
#[tokio::test]
async fn set_ups_that_are_refused_use_up_no_messages() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    for _ in 0..20 {
        start_app(&mut browser).await;
        browser.press("Cancel this set-up", &[]).await;
    }
    for last in 0..8 {
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", &format!("+44 7700 90010{last}"))]).await;
        assert_eq!(browser.page.limit(), TOO_MANY_STARTS);
    }
    let sent = world.devices(ALEX).messages().len();
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, SENT);
    assert_eq!(world.devices(ALEX).messages().len(), sent + 1, "{}", browser.page.text());
}

// R-03, V-26, V-29
#[tokio::test]
async fn wrong_codes_of_many_set_ups_and_tries_count_together() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    world.tenant.journal().clear();
    for round in 0..12 {
        if round % 2 == 0 {
            start_app(&mut browser).await;
            browser.press(CONFIRM, &[(CODE, "000000")]).await;
            browser.open("/factors/totp").await;
            browser.press("Show me the QR code", &[]).await;
            browser.press("Cancel this set-up", &[]).await;
        } else {
            try_app(&mut browser).await;
            browser.press("Check code", &[(CODE, "000000")]).await;
        }
    }
    assert_eq!(world.calls("POST", TOKEN), 5, "the tenant locks the person after ten, at sign-in too");
    start_app(&mut browser).await;
    browser.press(CONFIRM, &[(CODE, "000000")]).await;
    assert_eq!(browser.page.limit(), TOO_MANY_CODES);
    assert!(browser.page.text().contains("Try again in 60 minutes"), "{}", browser.page.text());
    assert!(!browser.page.text().contains("Begin a new one from your list"), "{}", browser.page.text());
}

//
#[tokio::test]
async fn a_right_code_gives_back_its_own_count_and_no_other() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.token_lifetime = 3600);
    let mut browser = world.signed_in(ALEX).await;
    for _ in 0..4 {
        try_app(&mut browser).await;
        browser.press("Check code", &[(CODE, "000000")]).await;
    }
    for _ in 0..3 {
        world.pass(Duration::seconds(30));
        try_app(&mut browser).await;
        let code = world.devices(ALEX).totp_code(0).unwrap();
        browser.press("Check code", &[(CODE, &code)]).await;
        assert!(browser.page.text().contains("The authenticator app works."), "{}", browser.page.text());
    }
    world.tenant.journal().clear();
    for _ in 0..3 {
        try_app(&mut browser).await;
        browser.press("Check code", &[(CODE, "000000")]).await;
    }
    assert_eq!(world.calls("POST", TOKEN), 1, "four were wrong before");
}

#[tokio::test]
async fn a_wrong_code_is_forgotten_after_an_hour() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    try_app(&mut browser).await;
    for _ in 0..5 {
        browser.press("Check code", &[(CODE, "000000")]).await;
    }
    world.pass(Duration::hours(1));
    let mut browser = world.signed_in(ALEX).await;
    world.pass(Duration::seconds(30));
    try_app(&mut browser).await;
    let code = world.devices(ALEX).totp_code(0).unwrap();
    browser.press("Check code", &[(CODE, &code)]).await;
    assert!(browser.page.text().contains("The authenticator app works."), "{}", browser.page.text());
}

#[tokio::test]
async fn clearing_and_removing_are_limited_together() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    world.tenant.change_person(ALEX, |alex| {
        let extra =
            emulated_tenant::Authenticator::new(emulated_tenant::Factor::Totp, "dev_Left000000000001");
        alex.authenticators.push(extra);
    });
    browser.open("/").await;
    let clear = browser.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    let form = browser.page.form(&clear);
    for _ in 0..20 {
        assert_eq!(browser.send(&form).await.status, StatusCode::OK);
    }
    browser.send(&form).await;
    assert_eq!((browser.page.path(), browser.page.limit().as_str()), ("/", TOO_MANY_CHANGES));
    browser.open("/").await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert_eq!(browser.page.limit(), TOO_MANY_CHANGES, "{}", browser.page.text());
    assert_eq!(browser.page.path(), "/authenticators/remove");
    assert_eq!(world.tenant.authenticators(ALEX).iter().filter(|it| it.id.starts_with("totp")).count(), 1);
}

#[tokio::test]
async fn new_recovery_codes_are_limited_per_person() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let mut browser = world.signed_in(ALEX).await;
    for _ in 0..5 {
        browser.open("/recovery-code").await;
        browser.press("Get a new recovery code", &[]).await;
        let mut form = browser.page.form("Done");
        form.set("saved", "yes");
        browser.send(&form).await;
    }
    let code = world.devices(ALEX).recovery_code();
    browser.open("/recovery-code").await;
    browser.press("Get a new recovery code", &[]).await;
    assert_eq!((browser.page.path(), browser.page.limit().as_str()), ("/recovery-code", TOO_MANY_CHANGES));
    assert_eq!(world.devices(ALEX).recovery_code(), code, "the tenant is not asked");
}

#[tokio::test]
async fn requests_of_one_person_are_limited_across_sessions_and_replicas() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("shared.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let (mut one, mut two) = (world.signed_in(NORA).await, replica.signed_in(NORA).await);
    let mut alex = world.signed_in(ALEX).await;
    world.tenant.journal().clear();
    for _ in 0..300 {
        one.open("/").await;
        two.open("/").await;
    }
    let asked = world.calls("GET", "/mfa/authenticators");
    assert!((200..=280).contains(&asked), "{asked}");
    for browser in [&one, &two] {
        assert_eq!(browser.page.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(browser.page.header("retry-after"), "60");
    }
    assert_eq!(alex.open("/").await.status, StatusCode::OK, "others go on");
    world.pass(Duration::minutes(1));
    assert_eq!(one.open("/").await.status, StatusCode::OK);
}
