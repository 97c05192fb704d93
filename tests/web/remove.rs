//! Removing an authenticator: the confirmation page, its form, and the notice afterwards.

mod direct;
mod given_up;
mod ids;
mod lost;
mod refused;
mod turns;

use emulated_tenant::Factor;

use crate::factors::APP_PHONE;
use crate::support::{Browser, Form, World};

const APP: &str = "totp|dev_AppPhoneTotp0001";
const EIGHT: &str = "eight@example.com";
const PUSH: &str = "push@example.com";
const REMOVE_APP: &str = "Remove the authenticator app";

/// The path of the tenant's endpoint that removes this id.
fn address(id: &str) -> String {
    format!("/mfa/authenticators/{}", id.replace('|', "%7C"))
}

/// A person on the confirmation page that this control of the list leads to.
async fn confirmation_page(world: &World, email: &str, control: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    browser.follow(control).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.path()), (200, "/authenticators/remove"));
    world.tenant.journal().clear();
    browser
}

/// The form of the confirmation page, changed to any id.
fn form_for(browser: &Browser, button: &str, id: &str) -> Form {
    let mut form = browser.page.form(button);
    form.set("id", id);
    form
}

fn has(world: &World, email: &str, id: &str) -> bool {
    world.tenant.authenticators(email).iter().any(|it| it.id == id)
}

#[tokio::test]
async fn an_app_is_removed_after_confirmation() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    assert!(browser.page.heading().contains("authenticator app"), "{}", browser.page.heading());
    assert!(has(&world, APP_PHONE, APP), "the page only asks");
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!(browser.journey.len(), 2, "a form leads on to a page");
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("Authenticator app removed"), "{}", browser.page.notice());
    assert!(!has(&world, APP_PHONE, APP));
    assert_eq!(world.changes(), [format!("DELETE {}", address(APP))]);
}

#[tokio::test]
async fn the_confirmation_page_removes_nothing_however_often_opened() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let there = browser.page.url.clone();
    for _ in 0..3 {
        browser.go(there.clone()).await;
    }
    browser.open("/").await;
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(browser.page.entries().len(), 4);
}

#[tokio::test]
async fn keep_it_leads_back_and_removes_nothing() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    browser.follow("Keep it").await;
    assert_eq!(browser.page.path(), "/");
    assert!(has(&world, APP_PHONE, APP));
}

// U-06
#[tokio::test]
async fn removing_a_number_removes_texts_and_calls_and_says_so() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove phone ending 0167").await;
    assert!(browser.page.heading().contains("0167"), "it names which one");
    assert!(
        browser.page.text().contains("Text messages and phone calls") && browser.page.text().contains("both")
    );
    browser.press("Remove the number", &[]).await;
    assert!(browser.page.notice().contains("0167"), "{}", browser.page.notice());
    let left = world.tenant.authenticators(APP_PHONE);
    assert!(!left.iter().any(|it| matches!(it.factor, Factor::Sms | Factor::Voice)), "{left:?}");
}

// U-06
#[tokio::test]
async fn removing_push_removes_its_code_generator_and_says_so() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, PUSH, "Remove push notifications").await;
    assert!(
        browser.page.text().contains("the codes that the Auth0 Guardian app shows"),
        "{}",
        browser.page.text()
    );
    browser.press("Remove push notifications", &[]).await;
    browser.press("Remove push notifications", &[]).await;
    assert!(browser.page.notice().contains("Push notifications removed"), "{}", browser.page.text());
    assert_eq!(world.tenant.authenticators(PUSH).len(), 1, "the profile's address");
}

#[tokio::test]
async fn an_unidentifiable_push_twin_is_mentioned() {
    let world = World::new().await;
    let extra = emulated_tenant::Authenticator::new(Factor::Totp, "dev_Extra00000000001")
        .active()
        .with_secret("KRUGKIDROVUWG2ZAKRUGKIDROVUWG2ZA");
    world.tenant.change_person(PUSH, |person| person.authenticators.push(extra));
    let browser = confirmation_page(&world, PUSH, "Remove push notifications").await;
    assert!(
        browser.page.text().contains("if you remove one, the other goes with it"),
        "{}",
        browser.page.text()
    );
}

#[tokio::test]
async fn an_enrolled_email_address_is_removed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, EIGHT, "Remove e-mail address …@exam…").await;
    assert!(browser.page.heading().contains("…@exam…"), "{}", browser.page.heading());
    browser.press("Remove the address", &[]).await;
    assert!(browser.page.notice().contains("E-mail address removed"));
    assert!(!world.tenant.authenticators(EIGHT).iter().any(|it| it.factor == Factor::Email));
}

// U-05
#[tokio::test]
async fn the_last_factor_is_removed_only_after_a_second_warning() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, PUSH, "Remove push notifications").await;
    assert!(browser.page.text().contains("This is your last way to verify"), "{}", browser.page.text());
    assert!(browser.page.text().contains("two-step verification is off"), "it names what follows");
    browser.press("Remove push notifications", &[]).await;
    assert_eq!(
        (browser.page.heading().as_str(), world.changes()),
        ("Are you sure?", Vec::new()),
        "asked twice"
    );
    assert!(browser.page.text().contains("This is your last way to verify"));
    browser.press("Remove push notifications", &[]).await;
    assert!(browser.page.text().contains("Two-step verification is off"), "{}", browser.page.text());
}

#[tokio::test]
async fn one_of_several_factors_has_no_last_factor_warning() {
    let world = World::new().await;
    let browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    assert!(!browser.page.text().contains("last way"));
}

#[tokio::test]
async fn the_remaining_factor_has_the_warning_once_the_other_is_removed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    browser.press(REMOVE_APP, &[]).await;
    browser.follow("Remove phone ending 0167").await;
    assert!(browser.page.text().contains("This is your last way to verify"));
}

#[tokio::test]
async fn a_double_click_removes_once_and_leads_to_the_list() {
    let world = World::new().await;
    let browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let form = browser.page.form(REMOVE_APP);
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    for answer in [one.unwrap(), two.unwrap()] {
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/"));
    }
    assert!(!has(&world, APP_PHONE, APP));
    assert_eq!(world.tenant.authenticators(APP_PHONE).iter().filter(|it| it.active).count(), 4);
}

// U-06
#[tokio::test]
async fn a_removal_already_done_in_another_tab_is_reported() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let form = browser.page.form(REMOVE_APP);
    browser.send(&form).await;
    world.tenant.journal().clear();
    browser.send(&form).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("not on your list any more"), "{}", browser.page.notice());
    assert_eq!(world.changes(), Vec::<String>::new());
}
