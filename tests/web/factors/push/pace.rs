//! How often the waiting page asks: never faster than every five seconds, and slower when the tenant says so.

use emulated_tenant::FaultKind;
use time::Duration;

use super::{APP_PHONE, APPROVED, SCAN, pauses, polls, refresh, refreshes, waiting};
use crate::support::{Browser, TOKEN, World};

const SLOW_DOWN: &str = r#"{"error":"slow_down","error_description":"You are polling faster than allowed."}"#;

#[tokio::test]
async fn the_page_looks_again_by_itself_every_five_seconds_without_script() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    assert_eq!(refresh(&browser).as_deref(), Some("5"));
    assert!(browser.page.text().contains("every 5 seconds"));
    for _ in 0..3 {
        refreshes(&world, &mut browser, 5).await;
        assert_eq!((browser.page.status.as_u16(), refresh(&browser).as_deref()), (200, Some("5")));
    }
    assert!(world.devices(APP_PHONE).approve_push());
    refreshes(&world, &mut browser, 5).await;
    assert_eq!(browser.page.path(), "/", "the refresh alone finds the approval");
    assert_eq!(pauses(&world), [5, 5, 5]);
}

#[tokio::test]
async fn the_page_as_it_first_comes_does_not_ask() {
    let world = World::new().await;
    let browser = waiting(&world, APP_PHONE).await;
    assert_eq!(polls(&world).len(), 0, "nobody can have approved yet");
    drop(browser);
}

#[tokio::test]
async fn reloading_every_second_in_two_tabs_asks_every_five_seconds() {
    let world = World::new().await;
    let mut one = waiting(&world, APP_PHONE).await;
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
async fn replicas_share_the_pace() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("shared.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let mut here = waiting(&world, APP_PHONE).await;
    let mut there = here.tab();
    let address = replica.portal.join(here.page.path().trim_start_matches('/')).unwrap();
    for _ in 0..12 {
        refreshes(&world, &mut here, 1).await;
        there.go(address.clone()).await;
        assert_eq!(there.page.status, 200, "{}", there.page.text());
    }
    assert!((2..=3).contains(&polls(&world).len()), "{:?}", polls(&world));
    assert!(pauses(&world).iter().all(|pause| *pause >= 5), "{:?}", pauses(&world));
}

#[tokio::test]
async fn when_the_tenant_says_slow_down_the_page_asks_half_as_often() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    world.upset("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    refreshes(&world, &mut browser, 5).await;
    assert_eq!((browser.page.status.as_u16(), refresh(&browser).as_deref()), (200, Some("10")));
    assert!(browser.page.text().contains("every 10 seconds"));
    for _ in 0..30 {
        refreshes(&world, &mut browser, 1).await;
    }
    assert_eq!(pauses(&world), [10, 10, 10], "and it stays so");
    world.upset("POST", TOKEN, FaultKind::json(429, SLOW_DOWN));
    refreshes(&world, &mut browser, 10).await;
    assert_eq!(refresh(&browser).as_deref(), Some("20"));
}

#[tokio::test]
async fn however_often_the_tenant_says_slow_down_the_person_is_still_answered() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    world.upset_always("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    for pause in [5, 10, 20, 40, 40] {
        refreshes(&world, &mut browser, pause).await;
    }
    assert_eq!((pauses(&world), refresh(&browser).as_deref()), (vec![10, 20, 40, 40], Some("40")));
    world.tenant.faults().clear();
    assert!(world.devices(APP_PHONE).approve_push());
    refreshes(&world, &mut browser, 40).await;
    assert_eq!(browser.page.path(), "/");
}

#[tokio::test]
async fn a_refusal_because_of_too_many_requests_slows_the_page_down_too() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    let refusal = FaultKind::json(429, r#"{"error":"too_many_requests"}"#);
    world.upset("POST", TOKEN, refusal);
    refreshes(&world, &mut browser, 5).await;
    assert_eq!((browser.page.status.as_u16(), refresh(&browser).as_deref()), (200, Some("10")));
}

#[tokio::test]
async fn five_minutes_of_waiting_stay_within_what_the_tenant_allows() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    for _ in 0..58 {
        refreshes(&world, &mut browser, 5).await;
        assert_eq!(refresh(&browser).as_deref(), Some("5"), "the tenant never said slow down");
    }
    assert_eq!(polls(&world).len(), 58);
}

#[tokio::test]
async fn a_new_set_up_begins_at_the_usual_pace() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    world.upset("POST", TOKEN, FaultKind::json(400, SLOW_DOWN));
    refreshes(&world, &mut browser, 5).await;
    browser.press("Cancel this set-up", &[]).await;
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(refresh(&browser).as_deref(), Some("5"));
}

/// What a script is answered that only asks whether to wait on.
async fn glance(browser: &Browser) -> (u16, Option<String>) {
    let request = browser.client().get(browser.page.url.clone()).header("prefer", "return=minimal");
    let answer = request.send().await.unwrap();
    let again = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    assert_eq!(answer.text().await.unwrap(), "");
    (status, again)
}

#[tokio::test]
async fn a_script_that_only_asks_learns_when_to_ask_again_and_uses_up_no_words_of_success() {
    let world = World::new().await;
    let mut browser = waiting(&world, APP_PHONE).await;
    assert_eq!(glance(&browser).await, (204, Some("5".to_owned())));
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    assert_eq!(glance(&browser).await, (205, None), "the page has changed");
    assert_eq!(glance(&browser).await, (205, None), "however often it is asked");
    let page = browser.page.url.clone();
    browser.go(page).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().starts_with("Push notifications added"), "{}", browser.page.notice());
}
