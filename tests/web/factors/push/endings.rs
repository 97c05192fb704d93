//! Other endings of an enrollment of push: denied on the phone, lapsed, or approved in another tab.

use emulated_tenant::{Factor, Refusal};
use time::Duration;

use super::{
    APP_PHONE, APPROVED, CANCEL, count, meta_refresh, polls, qr, reload_after, start_push, unfinished,
};
use crate::support::{ASSOCIATE, Browser, World};

const REJECTED: &str = "MFA Authorization rejected.";

/// A denial as recorded traffic shows it, and as Auth0 documents it (*Enroll and Challenge Push Authenticators*).
fn denials() -> [Refusal; 2] {
    [Refusal::new(400, "access_denied", REJECTED), Refusal::new(403, "invalid_grant", REJECTED)]
}

/// Starts an enrollment that the phone denies with this answer.
async fn start_denied_push(world: &World, form: Refusal) -> Browser {
    world.tenant.configure(|settings| settings.refusals.push_denied = form);
    let mut browser = start_push(world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).deny_push());
    browser.follow(APPROVED).await;
    browser
}

#[tokio::test]
async fn a_denial_on_the_phone_is_shown_in_both_wire_forms() {
    for form in denials() {
        let world = World::new().await;
        let browser = start_denied_push(&world, form).await;
        assert_eq!(browser.page.heading(), "The request was denied on your phone");
        assert!(browser.page.alert().contains("nothing was added"), "{}", browser.page.text());
        assert_eq!((meta_refresh(&browser), browser.page.count("svg.qr")), (None, 0));
        assert!(!browser.page.html.contains("rejected"), "people never read the tenant's words");
    }
}

#[tokio::test]
async fn claiming_the_approval_too_early_is_answered_once() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert_eq!((browser.page.notice().as_str(), meta_refresh(&browser).as_deref()), ("", Some("5")));
    let page = browser.page.path().to_owned();
    browser.follow(APPROVED).await;
    assert!(browser.page.notice().contains("has not answered yet"), "{}", browser.page.text());
    assert_eq!(browser.page.count("svg.qr"), 1, "nothing is lost");
    // The reload leaves the notice's parameter out, so the notice is shown once.
    assert_eq!(meta_refresh(&browser), Some(format!("5; url={page}")));
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    browser.follow(APPROVED).await;
    assert!(browser.page.notice().contains("Push notifications added"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_denial_is_polled_once_and_remembered() {
    let world = World::new().await;
    let [form, _] = denials();
    let mut browser = start_denied_push(&world, form).await;
    let asked = polls(&world).len();
    for _ in 0..3 {
        reload_after(&world, &mut browser, 60).await;
        assert_eq!(browser.page.heading(), "The request was denied on your phone");
    }
    assert_eq!(polls(&world).len(), asked);
}

#[tokio::test]
async fn starting_again_after_a_denial_leaves_nothing_behind() {
    for form in denials() {
        let world = World::new().await;
        let mut browser = start_denied_push(&world, form).await;
        let before = browser.page.url.clone();
        browser.press("Start again", &[]).await;
        assert_ne!(browser.page.url, before);
        assert_eq!((world.calls("POST", ASSOCIATE), unfinished(&world, APP_PHONE)), (2, 2));
        assert!(world.devices(APP_PHONE).approve_push());
        browser.follow(APPROVED).await;
        assert_eq!(browser.page.path(), "/");
        assert_eq!(count(&world, APP_PHONE, Factor::Push, true), 1);
    }
}

#[tokio::test]
async fn cancelling_after_a_denial_clears_the_enrollment() {
    let world = World::new().await;
    let [form, _] = denials();
    let mut browser = start_denied_push(&world, form).await;
    assert_eq!(unfinished(&world, APP_PHONE), 2, "a page that is only looked at clears nothing");
    browser.press(CANCEL, &[]).await;
    assert_eq!((browser.page.path(), unfinished(&world, APP_PHONE)), ("/", 0));
}

#[tokio::test]
async fn the_code_lapses_after_five_minutes() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    reload_after(&world, &mut browser, 299).await;
    assert_eq!(browser.page.count("svg.qr"), 1);
    let asked = polls(&world).len();
    reload_after(&world, &mut browser, 1).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
    assert!(browser.page.alert().contains("nothing was added"), "{}", browser.page.text());
    assert_eq!((meta_refresh(&browser), browser.page.count("svg.qr")), (None, 0));
    reload_after(&world, &mut browser, 60).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
    assert_eq!(polls(&world).len(), asked, "the tenant is not asked about a lapsed code");
}

#[tokio::test]
async fn a_code_the_tenant_calls_expired_has_lapsed() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let expired = world.tenant.settings().refusals.expired_oob_code;
    world.tenant.configure(|settings| settings.refusals.authorization_pending = expired);
    reload_after(&world, &mut browser, 5).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
}

#[tokio::test]
async fn starting_again_after_the_lapse_makes_a_new_code() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let picture = qr::read(&browser.page);
    reload_after(&world, &mut browser, 300).await;
    browser.press("Start again", &[]).await;
    assert_ne!(qr::read(&browser.page), picture);
    assert_eq!((world.calls("POST", ASSOCIATE), unfinished(&world, APP_PHONE)), (2, 2));
}

#[tokio::test]
async fn starting_again_after_five_minutes_never_shows_the_lapsed_code() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let picture = qr::read(&browser.page);
    world.pass(Duration::minutes(5));
    browser.open("/factors/push").await;
    browser.press(super::SCAN, &[]).await;
    assert_ne!(qr::read(&browser.page), picture);
    assert_eq!(meta_refresh(&browser).as_deref(), Some("5"));
}

#[tokio::test]
async fn an_approval_found_by_one_tab_reaches_the_other_without_a_poll() {
    let world = World::new().await;
    let mut one = start_push(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    one.follow(APPROVED).await;
    assert!(one.page.notice().starts_with("Push notifications added"));
    let asked = polls(&world).len();
    two.follow(APPROVED).await;
    assert_eq!(two.page.path(), "/");
    assert!(two.page.notice().starts_with("Push notifications added"), "{}", two.page.text());
    assert_eq!((polls(&world).len(), count(&world, APP_PHONE, Factor::Push, true)), (asked, 1));
}

#[tokio::test]
async fn an_approval_that_went_unrecorded_is_found_in_the_list() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).approve_push());
    world.tenant.change_person(APP_PHONE, |person| {
        for it in person.authenticators.iter_mut().filter(|it| !it.active) {
            it.active = true;
        }
    });
    let malformed = world.tenant.settings().refusals.malformed_oob_code;
    world.tenant.configure(|settings| settings.refusals.expired_oob_code = malformed);
    reload_after(&world, &mut browser, 300).await;
    assert_eq!(browser.page.path(), "/", "the list shows that it is there: {}", browser.page.text());
}
