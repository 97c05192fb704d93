//! Trying push: the page polls without script at the pace of an enrollment, and shows the outcome.

use emulated_tenant::{FaultKind, Refusal};
use time::Duration;

use super::{ALEX, ASK_MY_PHONE, PIA, TRY_PUSH, at_the_list, start_try};
use crate::factors::ON_ITS_WAY;
use crate::factors::push::{APPROVED, meta_refresh, pauses, polls, reload_after};
use crate::support::{Browser, TOKEN, World};

async fn request_push(world: &World) -> Browser {
    start_try(world, PIA, TRY_PUSH, ASK_MY_PHONE).await
}

#[tokio::test]
async fn an_approved_push_request_works() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    assert_eq!(browser.page.heading(), "Approve on your phone");
    assert!(world.devices(PIA).approve_push());
    browser.follow(APPROVED).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
    assert!(browser.page.text().contains("Push notifications work."), "{}", browser.page.text());
}

#[tokio::test]
async fn the_page_reloads_and_all_tabs_together_poll_every_five_seconds() {
    let world = World::new().await;
    let mut one = request_push(&world).await;
    assert_eq!((meta_refresh(&one).as_deref(), polls(&world).len()), (Some("5"), 0));
    let mut two = one.tab();
    for _ in 0..20 {
        reload_after(&world, &mut one, 1).await;
        two.go(one.page.url.clone()).await;
        assert_eq!((one.page.status.as_u16(), two.page.status.as_u16()), (200, 200));
    }
    assert!((4..=5).contains(&polls(&world).len()), "{:?}", polls(&world));
    assert!(pauses(&world).iter().all(|pause| *pause >= 5), "{:?}", pauses(&world));
    assert!(world.devices(PIA).approve_push());
    reload_after(&world, &mut one, 5).await;
    let found = polls(&world).len();
    reload_after(&world, &mut two, 5).await;
    for tab in [&one, &two] {
        assert!(tab.page.text().contains("Push notifications work."), "{}", tab.page.text());
    }
    assert_eq!(polls(&world).len(), found, "the second tab learns it from the first");
}

#[tokio::test]
async fn slow_down_makes_the_page_poll_less_often() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    world.upset("POST", TOKEN, FaultKind::json(400, r#"{"error":"slow_down"}"#));
    for _ in 0..26 {
        reload_after(&world, &mut browser, 1).await;
    }
    assert_eq!((pauses(&world), meta_refresh(&browser).as_deref()), (vec![10, 10], Some("10")));
}

#[tokio::test]
async fn a_denied_push_is_shown_in_both_wire_forms_and_polled_once() {
    for (status, error) in [(400, "access_denied"), (403, "invalid_grant")] {
        let world = World::new().await;
        let denial = Refusal::new(status, error, "MFA Authorization rejected.");
        world.tenant.configure(|settings| settings.refusals.push_denied = denial);
        let mut browser = request_push(&world).await;
        assert!(world.devices(PIA).deny_push());
        browser.follow(APPROVED).await;
        assert_eq!(browser.page.heading(), "The request was denied on your phone");
        assert!(browser.page.alert().contains("if it was not you"), "{}", browser.page.text());
        let asked = polls(&world).len();
        reload_after(&world, &mut browser, 60).await;
        assert_eq!(
            (browser.page.heading().as_str(), polls(&world).len()),
            ("The request was denied on your phone", asked)
        );
        browser.press("Send another request", &[]).await;
        assert!(world.devices(PIA).approve_push());
        browser.follow(APPROVED).await;
        assert!(browser.page.text().contains("Push notifications work."), "{}", browser.page.text());
    }
}

#[tokio::test]
async fn a_new_push_request_right_after_a_denial_has_to_wait() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    let requests = world.devices(PIA).pushes().len();
    assert!(world.devices(PIA).deny_push());
    browser.follow(APPROVED).await;
    browser.press("Send another request", &[]).await;
    assert_eq!((browser.page.limit().as_str(), browser.page.heading().as_str()), (ON_ITS_WAY, TRY_PUSH));
    assert!(browser.page.alert().contains("30 seconds"), "{}", browser.page.alert());
    assert_eq!(world.devices(PIA).pushes().len(), requests);
}

#[tokio::test]
async fn a_double_click_sends_one_push_request_and_leads_to_one_page() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, PIA).await;
    browser.follow(TRY_PUSH).await;
    let (form, requests) = (browser.page.form(ASK_MY_PHONE), world.devices(PIA).pushes().len());
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    assert_eq!(one.unwrap().headers()["location"], two.unwrap().headers()["location"]);
    assert_eq!(world.devices(PIA).pushes().len(), requests + 1);
}

#[tokio::test]
async fn an_unanswered_push_request_lapses_after_five_minutes() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    reload_after(&world, &mut browser, 299).await;
    assert_eq!(meta_refresh(&browser).as_deref(), Some("5"));
    reload_after(&world, &mut browser, 1).await;
    assert_eq!((browser.page.heading().as_str(), meta_refresh(&browser)), ("Nobody answered", None));
    assert!(browser.page.alert().contains("online"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_push_request_the_tenant_calls_expired_has_lapsed() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    let expired = world.tenant.settings().refusals.expired_oob_code;
    world.tenant.configure(|settings| settings.refusals.authorization_pending = expired);
    reload_after(&world, &mut browser, 5).await;
    assert_eq!(browser.page.heading(), "Nobody answered");
}

#[tokio::test]
async fn a_push_request_accepts_no_typed_code() {
    let world = World::new().await;
    let mut browser = request_push(&world).await;
    let id = browser.page.path().rsplit('/').next().unwrap().to_owned();
    browser.open("/sign-out").await;
    let mut form = browser.page.form("Sign out");
    form.action = world.portal.join(&format!("authenticators/try/{id}/confirm")).unwrap();
    form.set("code", "123456");
    browser.send(&form).await;
    assert_eq!((browser.page.status.as_u16(), polls(&world).len()), (404, 0));
}

#[tokio::test]
async fn another_persons_push_request_is_not_found_and_never_polled() {
    let world = World::new().await;
    let owner = request_push(&world).await;
    assert!(world.devices(PIA).approve_push());
    let mut stranger = world.signed_in(ALEX).await;
    world.tenant.journal().clear();
    for _ in 0..2 {
        world.pass(Duration::seconds(5));
        stranger.go(owner.page.url.clone()).await;
        assert_eq!(stranger.page.status, 404);
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}
