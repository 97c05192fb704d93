//! Snapshots of removing and replacing.

use super::assert_page;
use crate::factors::APP_PHONE;
use crate::support::World;

const PUSH: &str = "push@example.com";

#[tokio::test]
async fn each_removal_confirmation() {
    let questions = [
        ("app", APP_PHONE, "Remove authenticator app"),
        ("phone", APP_PHONE, "Remove phone ending 0167"),
        ("email", "eight@example.com", "Remove e-mail address …@exam…"),
        ("push-last", PUSH, "Remove push notifications"),
    ];
    for (name, email, control) in questions {
        let world = World::new().await;
        let mut browser = world.signed_in(email).await;
        browser.follow(control).await;
        assert_page(&world, &format!("remove-{name}"), &browser.page);
    }
}

#[tokio::test]
async fn the_last_factor_confirmed_twice_and_removed() {
    let world = World::new().await;
    let mut browser = world.signed_in(PUSH).await;
    browser.follow("Remove push notifications").await;
    browser.press("Remove push notifications", &[]).await;
    assert_page(&world, "remove-push-sure", &browser.page);
    browser.press("Remove push notifications", &[]).await;
    assert_page(&world, "list-push-removed", &browser.page);
}

#[tokio::test]
async fn a_number_removed_twice() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Remove phone ending 0167").await;
    let form = browser.page.form("Remove the number");
    browser.send(&form).await;
    assert_page(&world, "list-phone-removed", &browser.page);
    browser.send(&form).await;
    assert_page(&world, "list-already-removed", &browser.page);
}

#[tokio::test]
async fn replacing_an_app_and_a_number() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Replace authenticator app").await;
    assert_page(&world, "replace-app", &browser.page);
    browser.open("/").await;
    browser.follow("Replace phone ending 0167").await;
    assert_page(&world, "replace-phone", &browser.page);
}

#[tokio::test]
async fn unfinished_enrollments_cleared() {
    let world = World::new().await;
    let mut browser = world.signed_in("eight@example.com").await;
    browser.press("Clear them", &[]).await;
    assert_page(&world, "list-cleared", &browser.page);
}

#[tokio::test]
async fn a_deep_link_to_replace_one_of_two_apps() {
    let world = World::with(&[("return-origins", "https://portal.example.com")]).await;
    let other = emulated_tenant::Authenticator::new(emulated_tenant::Factor::Totp, "dev_Other00000000001")
        .active()
        .with_secret("KRUGKIDROVUWG2ZAKRUGKIDROVUWG2ZA");
    world.tenant.change_person(APP_PHONE, |person| person.authenticators.push(other));
    let mut browser = world.browser();
    browser.open("/?return_to=https://portal.example.com/account%3Fa%3Db&action=replace:totp").await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_page(&world, "which-replace", &browser.page);
}
