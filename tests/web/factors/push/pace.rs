//! The polling pace of the waiting page: five seconds at the fastest, slower when the tenant asks for it.

use emulated_tenant::FaultKind;
use time::Duration;

use super::{APP_PHONE, APPROVED, SCAN, meta_refresh, pauses, polls, reload_after, start_push};
use crate::support::{Browser, TOKEN, World};

const SLOW_DOWN: &str = r#"{"error":"slow_down","error_description":"You are polling faster than allowed."}"#;

#[tokio::test]
async fn the_page_reloads_every_five_seconds_without_script() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert_eq!(meta_refresh(&browser).as_deref(), Some("5"));
    assert!(browser.page.attr("[data-waiting]", "data-waiting").as_deref() == Some("5"));
    for _ in 0..3 {
        reload_after(&world, &mut browser, 5).await;
        assert_eq!((browser.page.status.as_u16(), meta_refresh(&browser).as_deref()), (200, Some("5")));
    }
    assert!(world.devices(APP_PHONE).approve_push());
    reload_after(&world, &mut browser, 5).await;
    assert_eq!(browser.page.path(), "/", "the refresh alone finds the approval");
    assert_eq!(pauses(&world), [5, 5, 5]);
}

#[tokio::test]
async fn the_first_view_of_the_page_does_not_poll() {
    let world = World::new().await;
    let browser = start_push(&world, APP_PHONE).await;
    assert_eq!(polls(&world).len(), 0, "nobody can have approved yet");
    drop(browser);
}

#[tokio::test]
async fn reloading_every_second_in_two_tabs_polls_every_five_seconds() {
    let world = World::new().await;
    let mut one = start_push(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    for _ in 0..30 {
        world.pass(Duration::SECOND);
        one.follow(APPROVED).await;
        two.go(one.page.url.clone()).await;
        assert_eq!((one.page.status.as_u16(), two.page.status.as_u16()), (200, 200));
    }
    assert!(polls(&world).len() <= 7, "{:?}", polls(&world));
    assert!(pauses(&world).iter().all(|pause| *pause >= 5), "{:?}", pauses(&world));
}

#[tokio::test]
async fn replicas_share_the_polling_pace() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("shared.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let mut here = start_push(&world, APP_PHONE).await;
    let mut there = here.tab();
    let address = replica.portal.join(here.page.path().trim_start_matches('/')).unwrap();
    for _ in 0..12 {
        reload_after(&world, &mut here, 1).await;
        there.go(address.clone()).await;
        assert_eq!(there.page.status, 200, "{}", there.page.text());
    }
    assert!((2..=3).contains(&polls(&world).len()), "{:?}", polls(&world));
    assert!(pauses(&world).iter().all(|pause| *pause >= 5), "{:?}", pauses(&world));
}

#[tokio::test]
async fn slow_down_halves_the_polling_rate() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    world.upset("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    reload_after(&world, &mut browser, 5).await;
    assert_eq!((browser.page.status.as_u16(), meta_refresh(&browser).as_deref()), (200, Some("10")));
    assert!(browser.page.attr("[data-waiting]", "data-waiting").as_deref() == Some("10"));
    for _ in 0..30 {
        reload_after(&world, &mut browser, 1).await;
    }
    assert_eq!(pauses(&world), [10, 10, 10], "and it stays so");
    world.upset("POST", TOKEN, FaultKind::json(429, SLOW_DOWN));
    reload_after(&world, &mut browser, 10).await;
    assert_eq!(meta_refresh(&browser).as_deref(), Some("20"));
}

#[tokio::test]
async fn repeated_slow_down_stretches_the_pause_to_forty_seconds_at_most() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    world.upset_always("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    for pause in [5, 10, 20, 40, 40] {
        reload_after(&world, &mut browser, pause).await;
    }
    assert_eq!((pauses(&world), meta_refresh(&browser).as_deref()), (vec![10, 20, 40, 40], Some("40")));
    world.tenant.faults().clear();
    assert!(world.devices(APP_PHONE).approve_push());
    reload_after(&world, &mut browser, 40).await;
    assert_eq!(browser.page.path(), "/");
}

#[tokio::test]
async fn too_many_requests_slows_polling_down_too() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let refusal = FaultKind::json(429, r#"{"error":"too_many_requests"}"#);
    world.upset("POST", TOKEN, refusal);
    reload_after(&world, &mut browser, 5).await;
    assert_eq!((browser.page.status.as_u16(), meta_refresh(&browser).as_deref()), (200, Some("10")));
}

#[tokio::test]
async fn five_minutes_of_polling_stay_within_the_tenants_limit() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    for _ in 0..58 {
        reload_after(&world, &mut browser, 5).await;
        assert_eq!(meta_refresh(&browser).as_deref(), Some("5"), "the tenant never said slow down");
    }
    assert_eq!(polls(&world).len(), 58);
}

#[tokio::test]
async fn a_new_enrollment_polls_at_the_usual_pace() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    world.upset("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    reload_after(&world, &mut browser, 5).await;
    browser.press("Cancel this set-up", &[]).await;
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(meta_refresh(&browser).as_deref(), Some("5"));
}

/// The script's poll, which gets no page: the status, and the seconds until the next poll.
async fn background_poll(browser: &Browser) -> (u16, Option<String>) {
    let request = browser.client().get(browser.page.url.clone()).header("prefer", "return=minimal");
    let answer = request.send().await.unwrap();
    let again = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    assert_eq!(answer.text().await.unwrap(), "");
    (status, again)
}

#[tokio::test]
async fn a_background_poll_learns_when_to_retry_and_uses_up_no_notice() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert_eq!(background_poll(&browser).await, (204, Some("5".to_owned())));
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    assert_eq!(background_poll(&browser).await, (205, None), "the page has changed");
    assert_eq!(background_poll(&browser).await, (205, None), "however often it is asked");
    let page = browser.page.url.clone();
    browser.go(page).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().starts_with("Push notifications added"), "{}", browser.page.notice());
}
