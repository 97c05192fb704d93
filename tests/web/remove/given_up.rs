//! A protection that another request is about to give up counts as none: removing the other one is removing the last.

use std::time::Duration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use serde_json::json;
use tokio::task::JoinHandle;

use super::APP;
use crate::factors::{APP_PHONE, CANCEL, NUMBER, SCAN};
use crate::support::{Browser, Form, LIST, World};

const PHONE: &str = "sms|dev_AppPhonePhon0001";

/// The next request with this method and path is held.
fn held(world: &World, method: &str, path: &str) -> Gate {
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new(method, path, FaultKind::HoldRequest(gate.clone())).times(1));
    gate
}

/// Sends the form in the background.
fn sent(mut browser: Browser, form: Form) -> JoinHandle<Browser> {
    tokio::spawn(async move {
        browser.send(&form).await;
        browser
    })
}

/// Alex with a phone and an app on the list, which is about to be deleted: a phone has approved it although its set-up was
/// given up.
async fn about_to_be_given_up(world: &World) -> (Browser, Gate, JoinHandle<Browser>) {
    world.tenant.change_person(APP_PHONE, |alex| {
        alex.authenticators.retain(|it| matches!(it.factor, Factor::Sms | Factor::Voice));
    });
    let browser = world.signed_in(APP_PHONE).await;
    let mut tab = browser.tab();
    tab.open("/factors/push").await;
    tab.press(SCAN, &[]).await;
    let cancel = tab.page.form(CANCEL);
    let deletion = held(world, "DELETE", LIST);
    let giving_up = sent(tab, cancel);
    deletion.reached().await;
    world.tenant.change_person(APP_PHONE, |alex| {
        alex.authenticators.iter_mut().for_each(|it| it.active = true);
    });
    (browser, deletion, giving_up)
}

/// Lets the deletion go on, for which the removal waits: the phone is the only protection then.
async fn assert_phone_is_left(
    world: &World,
    deletion: Gate,
    giving_up: JoinHandle<Browser>,
    removing: JoinHandle<Browser>,
) -> Browser {
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!removing.is_finished(), "it waits for its turn");
    deletion.open();
    giving_up.await.unwrap();
    let removed = removing.await.unwrap();
    let left = world.tenant.authenticators(APP_PHONE);
    assert!(left.iter().any(|it| it.active && it.id == PHONE), "{left:?}");
    assert!(left.iter().all(|it| it.factor != Factor::Push), "{left:?}");
    removed
}

// U-05
#[tokio::test]
async fn a_protection_about_to_be_given_up_does_not_count_as_the_other() {
    let world = World::new().await;
    let (mut browser, deletion, giving_up) = about_to_be_given_up(&world).await;
    browser.open(&format!("/authenticators/remove?id={}", PHONE.replace('|', "%7C"))).await;
    assert!(browser.page.text().contains("This is your last way"));
    let form = browser.page.form("Remove the number");
    let removing = sent(browser, form);
    let browser = assert_phone_is_left(&world, deletion, giving_up, removing).await;
    assert_eq!(browser.page.heading(), "Are you sure?");
}

// U-05
#[tokio::test]
async fn a_lost_phone_s_last_protection_stays_while_the_other_is_given_up() {
    let world = World::new().await;
    let (mut browser, deletion, giving_up) = about_to_be_given_up(&world).await;
    browser.open("/lost-phone").await;
    let mut form = browser.page.form("Continue");
    form.set(&format!("on-phone:{PHONE}"), "yes");
    let beginning = sent(browser, form);
    let mut browser = assert_phone_is_left(&world, deletion, giving_up, beginning).await;
    assert_eq!(browser.page.heading(), "Your lost phone", "{}", browser.page.text());
    assert!(!browser.page.buttons().contains(&"Remove them now".to_owned()), "{}", browser.page.text());
    browser.open("/").await;
    assert_eq!(world.tenant.authenticators(APP_PHONE).iter().filter(|it| it.id == PHONE).count(), 1);
}

#[tokio::test]
async fn a_set_up_given_up_makes_no_other_protection_the_last() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    browser.press(CANCEL, &[]).await;
    browser.open(&format!("/authenticators/remove?id={}", APP.replace('|', "%7C"))).await;
    assert!(!browser.page.text().contains("This is your last way"));
    browser.press("Remove the authenticator app", &[]).await;
    assert!(browser.page.notice().contains("removed"), "{}", browser.page.text());
}

/// The tenant may still carry out the first removal, although it refused the second.
// U-05
#[tokio::test]
async fn a_protection_whose_clearing_was_cut_off_does_not_count_after_a_refused_one() {
    let world = World::new().await;
    world.tenant.change_person(APP_PHONE, |alex| {
        alex.authenticators.retain(|it| matches!(it.factor, Factor::Sms | Factor::Voice));
        alex.authenticators.push(Authenticator::new(Factor::Totp, "dev_left"));
    });
    let mut browser = world.signed_in(APP_PHONE).await;
    world.upset("DELETE", LIST, FaultKind::Drop);
    let refusal = json!({"error": "access_denied", "error_description": "Not now."});
    world.upset("DELETE", LIST, FaultKind::json(403, &refusal.to_string()));
    for _ in 0..2 {
        browser.open("/").await;
        browser.press("Clear it", &[]).await;
    }
    let deletions = world.changes().into_iter().filter(|it| it.starts_with("DELETE")).count();
    assert_eq!(deletions, 2);
    world.tenant.change_person(APP_PHONE, |alex| {
        alex.authenticators.iter_mut().for_each(|it| it.active = true);
    });
    browser.open(&format!("/authenticators/remove?id={}", PHONE.replace('|', "%7C"))).await;
    assert!(browser.page.text().contains("This is your last way"), "{}", browser.page.text());
}
