//! Snapshots of signing in and out.

use super::assert_page;
use crate::factors::APP_PHONE;
use crate::support::World;

#[tokio::test]
async fn signing_out() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/sign-out").await;
    assert_page(&world, "sign-out", &browser.page);
    browser.press("Sign out", &[]).await;
    assert_page(&world, "signed-out", &browser.page);
    let mut elsewhere = world.browser();
    elsewhere.open("/sign-out").await;
    assert_page(&world, "sign-out-ended", &elsewhere.page);
}

#[tokio::test]
async fn a_callback_without_a_pending_sign_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/callback?code=x&state=y").await;
    assert_page(&world, "error-sign-in-unknown", &browser.page);
}

#[tokio::test]
async fn each_failed_sign_in() {
    let ends = [
        ("cancelled", "access_denied", "User has canceled the interaction."),
        ("blocked", "unauthorized", "user is blocked"),
        ("misconfigured", "access_denied", "Service not found: https://custom.example/mfa/"),
        ("refused", "server_error", "Something."),
    ];
    for (name, error, description) in ends {
        let world = World::new().await;
        let end = Some((error.to_owned(), description.to_owned()));
        world.tenant.configure(|settings| settings.authorize_error = end);
        let mut browser = world.browser();
        browser.open("/").await;
        assert_page(&world, &format!("error-sign-in-{name}"), &browser.page);
    }
}
