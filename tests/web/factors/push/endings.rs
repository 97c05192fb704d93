//! How a set-up of push ends otherwise: refused on the phone, lapsed, or approved in another tab.

use emulated_tenant::{Answer, Factor};
use time::Duration;

use super::{APP_PHONE, APPROVED, CANCEL, count, polls, qr, refresh, refreshes, unfinished, waiting};
use crate::support::{ASSOCIATE, Browser, World};

const REJECTED: &str = "MFA Authorization rejected.";

/// Both ways in which a refusal on the phone has been seen.
fn forms() -> [Answer; 2] {
    [Answer::new(400, "access_denied", REJECTED), Answer::new(403, "invalid_grant", REJECTED)]
}

/// A person whose phone has said no, in this form.
async fn denied(world: &World, form: Answer) -> Browser {
    world.tenant.configure(|settings| settings.answers.push_denied = form);
    let mut browser = waiting(world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).deny_push());
    browser.follow(APPROVED).await;
    browser
}

#[tokio::test]
async fn a_refusal_on_the_phone_is_said_at_once_in_both_its_forms() {
    for form in forms() {
        let world = World::new().await;
        let browser = denied(&world, form).await;
        assert_eq!(browser.page.heading(), "Your phone said no");
        assert!(browser.page.alert().contains("nothing was added"), "{}", browser.page.text());
        assert_eq!((refresh(&browser), browser.page.count("svg.qr")), (None, 0));
        assert!(!browser.page.html.contains("rejected"), "people never read the tenant's words");
    }
}

#[tokio::test]
async fn whoever_says_too_early_that_they_approved_is_told_so_once() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    assert_eq!((browser.page.notice().as_str(), refresh(&browser).as_deref()), ("", Some("5")));
    let page = browser.page.path().to_owned();
    browser.follow(APPROVED).await;
    assert!(browser.page.notice().contains("has not answered yet"), "{}", browser.page.text());
    assert_eq!(browser.page.count("svg.qr"), 1, "nothing is lost");
    // Without script the page refreshes itself, and does not say it again.
    assert_eq!(refresh(&browser), Some(format!("5; url={page}")));
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    browser.follow(APPROVED).await;
    assert!(browser.page.notice().contains("Push notifications added"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_refusal_is_asked_for_once_and_remembered() {
    let world = World::new().await;
    let [form, _] = forms();
    let mut browser = denied(&world, form).await;
    let asked = polls(&world).len();
    for _ in 0..3 {
        refreshes(&world, &mut browser, 60).await;
        assert_eq!(browser.page.heading(), "Your phone said no");
    }
    assert_eq!(polls(&world).len(), asked);
}

#[tokio::test]
async fn after_a_refusal_the_person_can_start_again_and_nothing_is_left_behind() {
    for form in forms() {
        let world = World::new().await;
        let mut browser = denied(&world, form).await;
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
async fn after_a_refusal_cancelling_clears_what_was_begun() {
    let world = World::new().await;
    let [form, _] = forms();
    let mut browser = denied(&world, form).await;
    assert_eq!(unfinished(&world, APP_PHONE), 2, "a page that is only looked at clears nothing");
    browser.press(CANCEL, &[]).await;
    assert_eq!((browser.page.path(), unfinished(&world, APP_PHONE)), ("/", 0));
}

#[tokio::test]
async fn after_five_minutes_the_page_says_that_the_code_has_lapsed() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    refreshes(&world, &mut browser, 299).await;
    assert_eq!(browser.page.count("svg.qr"), 1);
    let asked = polls(&world).len();
    refreshes(&world, &mut browser, 1).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
    assert!(browser.page.alert().contains("nothing was added"), "{}", browser.page.text());
    assert_eq!((refresh(&browser), browser.page.count("svg.qr")), (None, 0));
    refreshes(&world, &mut browser, 60).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
    assert_eq!(polls(&world).len(), asked, "the tenant is not asked about a lapsed code");
}

#[tokio::test]
async fn a_code_that_the_tenant_takes_for_lapsed_has_lapsed() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    let expired = world.tenant.settings().answers.expired_oob_code;
    world.tenant.configure(|settings| settings.answers.authorization_pending = expired);
    refreshes(&world, &mut browser, 5).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
}

#[tokio::test]
async fn after_it_has_lapsed_a_new_code_is_made_and_the_old_one_is_cleared() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    let picture = qr::read(&browser.page);
    refreshes(&world, &mut browser, 300).await;
    browser.press("Start again", &[]).await;
    assert_ne!(qr::read(&browser.page), picture);
    assert_eq!((world.calls("POST", ASSOCIATE), unfinished(&world, APP_PHONE)), (2, 2));
}

#[tokio::test]
async fn starting_again_after_five_minutes_never_shows_the_lapsed_code() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    let picture = qr::read(&browser.page);
    world.pass(Duration::minutes(5));
    browser.open("/factors/push").await;
    browser.press(super::SCAN, &[]).await;
    assert_ne!(qr::read(&browser.page), picture);
    assert_eq!(refresh(&browser).as_deref(), Some("5"));
}

#[tokio::test]
async fn what_one_tab_has_found_approved_the_other_learns_without_asking() {
    let world = World::new().await;
    let mut one = waiting(&world, APP_PHONE).await;
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
async fn a_page_that_died_after_the_approval_is_made_good_by_the_next_look() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).approve_push());
    world.tenant.change_person(APP_PHONE, |person| {
        for it in person.authenticators.iter_mut().filter(|it| !it.active) {
            it.active = true;
        }
    });
    let malformed = world.tenant.settings().answers.malformed_oob_code;
    world.tenant.configure(|settings| settings.answers.expired_oob_code = malformed);
    refreshes(&world, &mut browser, 300).await;
    assert_eq!(browser.page.path(), "/", "the list shows that it is there: {}", browser.page.text());
}
