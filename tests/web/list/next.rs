//! The way to add next, and the tone of what was done.

use crate::factors::{APP_PHONE, NOTHING};
use crate::support::{Browser, World};

/// The colours of the notice: `good`, `quiet` or `warn`.
fn tone(browser: &Browser) -> String {
    let class = browser.page.attr("[role=status]", "class").unwrap();
    class.strip_prefix("note ").unwrap().to_owned()
}

/// Adds an app as the first way, up to the list.
async fn add_first_app(world: &World) -> Browser {
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NOTHING).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    let mut form = browser.page.form("Done");
    form.set("saved", "yes");
    browser.send(&form).await;
    browser
}

#[tokio::test]
async fn after_the_first_way_the_list_offers_a_second_one_with_a_button() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = add_first_app(&world).await;
    assert!(browser.page.text().contains("Add a second way now"), "{}", browser.page.text());
    assert_eq!(browser.page.texts(".note .button"), ["Add a phone number"], "of another kind than the first");
    browser.follow("Skip").await;
    assert!(!browser.page.text().contains("Add a second way now"), "it is said once");
    assert!(browser.page.text().contains("keeps you from being locked out"), "and then in small");
}

#[tokio::test]
async fn a_list_on_which_nothing_protects_leads_to_what_does() {
    let world = World::new().await;
    world.tenant.add_person(emulated_tenant::Person::new("Mia Mail", "mia@example.com"));
    let browser = world.signed_in("mia@example.com").await;
    assert_eq!(browser.page.texts(".note.warn .button"), ["Add an authenticator app"]);
}

#[tokio::test]
async fn a_cancelled_set_up_is_no_success() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    browser.press("Cancel this set-up", &[]).await;
    assert!(browser.page.notice().starts_with("The set-up was cancelled."));
    assert_eq!(tone(&browser), "quiet");
}

#[tokio::test]
async fn a_removal_is_a_success_and_that_of_the_last_protection_a_warning() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert_eq!(tone(&browser), "good");
    browser.follow("Remove phone ending 0167").await;
    browser.press("Remove the number", &[]).await;
    browser.press("Remove the number", &[]).await;
    assert_eq!(tone(&browser), "warn");
    assert!(browser.page.notice().contains("Two-step verification is off"), "{}", browser.page.notice());
}
