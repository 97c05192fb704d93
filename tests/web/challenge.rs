//! `/authenticators/try`: a person checks that an authenticator works; nothing is changed.

mod codes;
mod cool_down;
mod phone;
mod strangers;

use serde_json::json;
use time::Duration;

use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";
const PIA: &str = "push@example.com";
const EDDA: &str = "eight@example.com";

const CHALLENGE: &str = "/mfa/challenge";
pub(crate) const CODE: &str = "Six-digit code";
pub(crate) const CHECK: &str = "Check code";
pub(crate) const TRY_APP: &str = "Test authenticator app";
const TRY_PHONE: &str = "Test your phone ending 0167";
const TRY_PUSH: &str = "Test push notifications";
const TEXT_ME: &str = "Send me a text message";
const CALL_ME: &str = "Call me";
const ASK_MY_PHONE: &str = "Send a request to my phone";
pub(crate) const TYPE_A_CODE: &str = "Type a code from the app";

/// Signs in and waits half a minute, so that the app shows a code that sign-in has not used.
async fn at_the_list(world: &World, email: &str) -> Browser {
    let browser = world.signed_in(email).await;
    world.pass(Duration::seconds(30));
    world.tenant.journal().clear();
    browser
}

/// Follows a try link on the list and presses a button on its page.
async fn start_try(world: &World, email: &str, link: &str, button: &str) -> Browser {
    let mut browser = at_the_list(world, email).await;
    browser.follow(link).await;
    browser.press(button, &[]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    assert!(browser.page.path().starts_with("/authenticators/try/"), "{}", browser.page.url);
    browser
}

fn try_links(browser: &Browser) -> Vec<String> {
    browser
        .page
        .controls()
        .into_iter()
        .filter(|it| it.starts_with("Try ") || it.starts_with("Test "))
        .collect()
}

#[tokio::test]
async fn each_challengeable_factor_has_its_own_try_link() {
    let world = World::new().await;
    let browser = world.signed_in(ALEX).await;
    let mut names = try_links(&browser);
    names.sort();
    assert_eq!(names, [TRY_APP, "Test e-mail to app.phone@example.com", TRY_PHONE]);
}

#[tokio::test]
async fn recovery_codes_and_externally_managed_factors_cannot_be_tried() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    world.lists(&json!([
        {"id": "webauthn-roaming|dev_a", "authenticator_type": "webauthn-roaming", "active": true},
        {"id": "duo|dev_c", "authenticator_type": "duo", "active": true},
        {"id": "recovery-code|dev_d", "authenticator_type": "recovery-code", "active": true},
        {"id": "sms|../dev_e", "authenticator_type": "oob", "oob_channel": "sms", "active": true},
    ]));
    browser.open("/").await;
    assert_eq!((browser.page.entries().len(), try_links(&browser)), (4, Vec::<String>::new()));
    for id in ["webauthn-roaming%7Cdev_a", "duo%7Cdev_c", "recovery-code%7Cdev_d", "sms%7C..%2Fdev_e"] {
        assert_eq!(browser.open(&format!("/authenticators/try?id={id}")).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn opening_the_try_page_sends_nothing() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    for link in try_links(&browser) {
        browser.open("/").await;
        browser.follow(&link).await;
        assert_eq!(browser.page.heading(), link);
        assert!(browser.page.text().contains("Nothing is changed"), "{}", browser.page.text());
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(world.devices(ALEX).messages().len(), 0);
}

#[tokio::test]
async fn a_number_offers_both_a_message_and_a_call() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let controls = browser.page.controls();
    assert!([TEXT_ME, CALL_ME].iter().all(|it| controls.contains(&(*it).to_owned())), "{controls:?}");
    assert!(browser.page.heading().ends_with("phone ending 0167"));
}

#[tokio::test]
async fn a_number_for_messages_only_offers_no_call() {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    world.lists(&json!([{"id": "sms|dev_a", "authenticator_type": "oob", "oob_channel": "sms",
        "active": true, "name": "XXXXXXXX9167"}]));
    browser.open("/").await;
    browser.follow("Test your phone ending 9167").await;
    assert!(!browser.page.controls().contains(&CALL_ME.to_owned()), "{:?}", browser.page.controls());
}

#[tokio::test]
async fn with_several_apps_the_page_says_that_any_code_is_accepted() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow(TRY_APP).await;
    assert!(!browser.page.text().contains("any of your apps"));
    world.lists(&json!([
        {"id": "totp|dev_a", "authenticator_type": "otp", "active": true},
        {"id": "totp|dev_b", "authenticator_type": "otp", "active": true},
    ]));
    browser.open("/authenticators/try?id=totp%7Cdev_b").await;
    assert!(browser.page.text().contains("any of your apps"), "{}", browser.page.text());
}

/// A message costs the same wherever it comes from.
//
#[tokio::test]
async fn trying_a_factor_needs_the_fresh_sign_in_of_sending() {
    let world = World::new().await;
    world.tenant.add_person(emulated_tenant::Person::new("Mia Mail", "mia@example.com"));
    let mut browser = world.signed_in("mia@example.com").await;
    let link = try_links(&browser).remove(0);
    browser.follow(&link).await;
    let mut form = browser.page.form("Send me an e-mail");
    world.pass(Duration::minutes(11));
    browser.open("/").await;
    browser.open("/sign-out").await;
    let fields = browser.page.form("Sign out").fields;
    form.set("csrf_token", &fields.iter().find(|(name, _)| name == "csrf_token").unwrap().1);
    browser.send(&form).await;
    let said = (browser.page.status.as_u16(), browser.page.heading());
    assert_eq!(said, (403, "Please confirm that it is you".to_owned()));
    browser.open("/").await;
    browser.follow(&link).await;
    assert_eq!(
        (browser.page.heading().as_str(), world.devices("mia@example.com").messages().len()),
        ("Sign in", 0)
    );
    browser.pass_sign_in("mia@example.com").await;
    assert_eq!(browser.page.heading(), link);
    browser.press("Send me an e-mail", &[]).await;
    assert_eq!((browser.page.status.as_u16(), world.devices("mia@example.com").messages().len()), (200, 1));
}

#[tokio::test]
async fn a_forged_try_form_sends_nothing() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let mut form = browser.page.form(TEXT_ME);
    form.set("csrf_token", "guessed");
    browser.send(&form).await;
    assert_eq!((browser.page.status.as_u16(), world.devices(ALEX).messages().len()), (403, 0));
}
