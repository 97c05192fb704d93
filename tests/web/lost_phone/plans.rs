//! A plan in several tabs: an earlier one removes nothing of a later one, and each removal is told.

use emulated_tenant::{Factor, Fault, FaultKind, Gate};
use time::Duration;

use super::{ALEX, GO_ON, LINK, REMOVE, active, add_app, mark, protections};
use crate::audit::Stream;
use crate::factors::SCAN;
use crate::support::{LIST, World};

const REGENERATE: &str = "/api/v2/users/auth0%7Capp.phone/recovery-code-regeneration";

#[tokio::test]
async fn the_steps_of_an_earlier_plan_remove_nothing_of_a_later_one() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    mark(&mut browser, &["Authenticator app"]).await;
    let earlier = browser.page.form(REMOVE);
    browser.press("Stop these steps", &[]).await;
    mark(&mut browser, &["Phone ending 0167"]).await;
    browser.tab().send(&earlier).await;
    let mut without = earlier.clone();
    without.set("change", "");
    browser.tab().send(&without).await;
    assert_eq!(protections(&world, ALEX), 3, "neither the old one's app nor the new one's phone");
    browser.press(REMOVE, &[]).await;
    assert_eq!((protections(&world, ALEX), active(&world, ALEX, Factor::Totp).len()), (1, 1));
}

/// It was removed in another tab, or by support, after the page was shown.
// U-05
#[tokio::test]
async fn the_steps_remove_nothing_once_the_other_factor_is_gone() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    mark(&mut browser, &["Authenticator app"]).await;
    let remove = browser.page.form(REMOVE);
    world.tenant.change_person(ALEX, |alex| {
        alex.authenticators.retain(|it| !matches!(it.factor, Factor::Sms | Factor::Voice));
    });
    browser.send(&remove).await;
    assert_eq!(active(&world, ALEX, Factor::Totp).len(), 1, "{}", browser.page.text());
    assert_eq!(browser.page.heading(), "Your lost phone", "{}", browser.page.text());
}

//
#[tokio::test]
async fn each_removal_in_the_steps_is_told_in_the_audit_stream() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    // By hand, with another factor left.
    let mut browser = world.signed_in(ALEX).await;
    mark(&mut browser, &["Phone ending 0167"]).await;
    browser.press(REMOVE, &[]).await;
    let told = stream.wait(&["removal"], 1).await;
    assert_eq!((&told[0]["outcome"], &told[0]["factor"]), (&"success".into(), &"sms".into()), "{told:?}");
    assert!(told[0]["authenticator"].is_string() && told[0]["person"].is_string(), "{told:?}");
    browser.press("Stop these steps", &[]).await;
    // By itself, after the new one works.
    mark(&mut browser, &["Authenticator app"]).await;
    add_app(&world, &mut browser, "New phone").await;
    let told = stream.wait(&["removal"], 2).await;
    assert_eq!((&told[1]["outcome"], &told[1]["factor"]), (&"success".into(), &"totp".into()), "{told:?}");
    assert_ne!(told[0]["operation"], told[1]["operation"]);
    world.flush_audit().await;
    assert_eq!(stream.of(&["removal"]).len(), 2);
}

#[tokio::test]
async fn a_failure_between_two_removals_says_that_something_may_have_changed() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    add_app(&world, &mut browser, "New phone").await;
    mark(&mut browser, &["Authenticator app", "Phone ending 0167"]).await;
    // The first removal succeeds: of the app, or of the number with its twin.
    world.upset("DELETE", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
    world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
    browser.press(REMOVE, &[]).await;
    let left = (protections(&world, ALEX), active(&world, ALEX, Factor::Totp).len());
    assert!([(3, 1), (2, 2)].contains(&left), "{left:?}");
    assert!(!browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
}

/// Its beginning is stored, and what another session has begun is looked for when the turn is lost.
#[tokio::test]
async fn a_plan_that_fails_after_its_beginning_says_that_it_may_have_begun() {
    let world = World::new().await;
    let mut other = world.signed_in(ALEX).await;
    other.open("/factors/push").await;
    other.press(SCAN, &[]).await;
    world.pass(Duration::seconds(31));
    let mut browser = world.signed_in(ALEX).await;
    browser.follow(LINK).await;
    let mut begin = browser.page.form(GO_ON);
    begin.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    // The last list before its beginning is read in the turn.
    for _ in 0..2 {
        world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::ZERO));
    }
    let gate = Gate::new();
    world.upset("GET", LIST, FaultKind::HoldRequest(gate.clone()));
    let beginning = tokio::spawn(async move {
        browser.send(&begin).await;
        browser
    });
    gate.reached().await;
    world.pass(Duration::seconds(6));
    gate.open();
    let browser = beginning.await.unwrap();
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_new_recovery_code_is_noted_in_the_plan_that_another_tab_begins_meanwhile() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow(LINK).await;
    let mut begin = browser.page.form(GO_ON);
    begin.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    world.tenant.journal().clear();
    browser.request(&begin).send().await.unwrap();
    let lists = world.calls("GET", LIST);
    browser.open("/recovery-code").await;
    let renew = browser.page.form("Get a new recovery code");
    // The last list is read in the turn. It is held, and a new code waits for the turn meanwhile.
    for _ in 1..lists {
        world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
    }
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new("GET", LIST, FaultKind::HoldRequest(gate.clone())).times(1));
    let beginning = tokio::spawn(browser.request(&begin).send());
    gate.reached().await;
    let renewing = tokio::spawn(browser.request(&renew).send());
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(world.calls("POST", REGENERATE), 0);
    gate.open();
    for answer in [beginning.await, renewing.await] {
        assert!(answer.unwrap().unwrap().status().is_redirection());
    }
    browser.open("/lost-phone").await;
    assert!(browser.page.text().contains("Done. The old code no longer works."), "{}", browser.page.text());
}
