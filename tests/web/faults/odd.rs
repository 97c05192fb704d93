//! Well-formed answers that make no sense, and deadlines too near for another call.

use std::time::Duration;

use emulated_tenant::{Factor, FaultKind};

use crate::factors::{APP_PHONE, CODE, CONFIRM, NUMBER};
use crate::support::{ASSOCIATE, LIST, TOKEN, World};

const STRANGE: &str = "The sign-in service gave an unexpected answer";

#[tokio::test]
async fn a_million_year_token_is_used_for_a_day_at_most() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.token_lifetime = 1_000_000_000_000_000);
    let mut browser = world.signed_in(APP_PHONE).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    world.pass(time::Duration::DAY);
    browser.open("/sign-out").await;
    assert!(!browser.page.text().contains("Signed in as"), "{}", browser.page.text());
}

// F-06
#[tokio::test]
async fn a_token_expired_on_arrival_is_an_error_page_and_no_loop() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.token_lifetime = 0);
    let browser = world.signed_in(APP_PHONE).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, STRANGE));
}

#[tokio::test]
async fn an_answer_without_a_token_confirms_nothing() {
    for answer in ["{}", r#"{"access_token":null}"#, r#"{"token_type":"Bearer"}"#] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", NUMBER)]).await;
        let code = world.devices(APP_PHONE).last_code(Factor::Sms).unwrap();
        world.upset("POST", TOKEN, FaultKind::json(200, answer));
        browser.press(CONFIRM, &[(CODE, &code)]).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, STRANGE));
        assert!(browser.page.text().contains("Nothing was changed"), "{answer}: {}", browser.page.text());
    }
}

// F-01, P-12
#[tokio::test]
async fn a_change_without_time_left_is_not_started() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    world.upset("GET", LIST, FaultKind::Delay(Duration::from_millis(7_600)));
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.status, 504, "{}", browser.page.text());
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
    assert_eq!(world.calls("POST", ASSOCIATE), 0);
}
