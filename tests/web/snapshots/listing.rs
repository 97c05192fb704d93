//! Snapshots of the list.

use serde_json::json;
use time::Duration;

use super::assert_page;
use crate::factors::{APP_PHONE, NOTHING};
use crate::support::World;

#[tokio::test]
async fn each_seeded_persons_list() {
    for (name, email) in [
        ("nothing", NOTHING),
        ("app-phone", APP_PHONE),
        ("push", "push@example.com"),
        ("eight", "eight@example.com"),
    ] {
        let world = World::new().await;
        let browser = world.signed_in(email).await;
        assert_page(&world, &format!("list-{name}"), &browser.page);
    }
}

#[tokio::test]
async fn a_list_with_email_only() {
    let world = World::new().await;
    world.tenant.add_person(emulated_tenant::Person::new("Mia Mail", "mia@example.com"));
    let browser = world.signed_in("mia@example.com").await;
    assert_page(&world, "list-email-only", &browser.page);
}

#[tokio::test]
async fn a_list_with_factors_managed_elsewhere() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    world.lists(&json!([
        {"id": "webauthn-roaming|dev_a", "authenticator_type": "webauthn-roaming", "active": true, "name": "YubiKey"},
        {"id": "duo|dev_b", "authenticator_type": "duo", "active": true},
        {"id": "sms|dev_c", "authenticator_type": "oob", "oob_channel": "sms", "active": true, "name": "+1123XXXXX"},
    ]));
    browser.open("/").await;
    assert_page(&world, "list-managed-elsewhere", &browser.page);
}

#[tokio::test]
async fn a_list_that_may_only_be_read() {
    let world = World::new().await;
    let scopes = ["openid", "profile", "email", "read:authenticators"].map(ToOwned::to_owned);
    world.tenant.configure(|settings| settings.granted_scopes = Some(scopes.into()));
    let browser = world.signed_in(APP_PHONE).await;
    assert_page(&world, "list-read-only", &browser.page);
}

#[tokio::test]
async fn a_list_shortly_before_the_visit_ends() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.pass(Duration::seconds(500));
    browser.open("/").await;
    assert_page(&world, "list-ends-soon", &browser.page);
}

#[tokio::test]
async fn a_list_under_a_path_with_ways_out() {
    let world = World::with(&[
        ("app-base-url", "http://127.0.0.1:{port}/account/mfa"),
        ("portal-url", "https://account.example.com/"),
        ("support-url", "https://help.example.com/"),
    ])
    .await;
    let browser = world.signed_in(NOTHING).await;
    assert_page(&world, "list-under-a-path", &browser.page);
}

#[tokio::test]
async fn the_choice_of_factors_to_add() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors").await;
    assert_page(&world, "choose", &browser.page);
}
