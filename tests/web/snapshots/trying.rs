//! Snapshots of trying an authenticator out.

use time::Duration;

use super::assert_page;
use crate::factors::APP_PHONE;
use crate::support::{Browser, World};

async fn asked(world: &World, email: &str, control: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    world.pass(Duration::seconds(30));
    browser.follow(control).await;
    browser
}

#[tokio::test]
async fn trying_an_app() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, "Test authenticator app").await;
    assert_page(&world, "try-app", &browser.page);
    browser.press("Type a code from the app", &[]).await;
    assert_page(&world, "try-app-code", &browser.page);
    browser.press("Check code", &[("Six-digit code", "123")]).await;
    assert_page(&world, "try-app-mistake", &browser.page);
    let code = world.devices(APP_PHONE).totp_code(0).unwrap();
    browser.press("Check code", &[("Six-digit code", &code)]).await;
    assert_page(&world, "list-app-works", &browser.page);
}

#[tokio::test]
async fn trying_a_number() {
    let world = World::new().await;
    let control = "Test your phone ending 0167";
    let mut browser = asked(&world, APP_PHONE, control).await;
    assert_page(&world, "try-phone", &browser.page);
    browser.press("Send me a text message", &[]).await;
    assert_page(&world, "try-phone-code", &browser.page);
}

#[tokio::test]
async fn trying_push() {
    let world = World::new().await;
    let mut browser = asked(&world, "push@example.com", "Test push notifications").await;
    assert_page(&world, "try-push", &browser.page);
    browser.press("Send a request to my phone", &[]).await;
    assert_page(&world, "try-push-waiting", &browser.page);
    assert!(world.devices("push@example.com").deny_push());
    world.pass(Duration::seconds(30));
    browser.go(browser.page.url.clone()).await;
    assert_page(&world, "try-push-ended", &browser.page);
}
