//! Discovery and keys: kept, renewed in turn, and used on for an hour where no newer ones come.

use emulated_tenant::{FaultKind, Tamper};
use time::Duration;
use tokio::task::JoinSet;
use url::Url;

use super::others::arrived;
use crate::support::{Browser, World};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/.well-known/jwks.json";
const NORA: &str = "nothing@example.com";

/// A world in which somebody has signed in so long ago that discovery and keys are due again.
async fn ten_minutes_after_a_sign_in() -> World {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.pass(Duration::minutes(10));
    world.tenant.journal().clear();
    world
}

/// Somebody who has passed the tenant's pages and is about to come back.
async fn about_to_come_back(world: &World) -> (Browser, Url) {
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    (browser, callback)
}

fn is_in(browser: &Browser) -> bool {
    browser.page.status == 200 && browser.page.heading() == "Two-step verification"
}

#[tokio::test]
async fn a_document_that_does_not_come_is_done_without_for_an_hour_and_asked_for_once_a_minute() {
    for fault in [FaultKind::html(503, "<html>"), FaultKind::Drop, FaultKind::json(200, "null")] {
        for path in [DISCOVERY, KEYS] {
            let world = ten_minutes_after_a_sign_in().await;
            world.upset_always("GET", path, fault.clone());
            for _ in 0..3 {
                assert!(is_in(&world.signed_in(NORA).await), "{path} {fault:?}");
            }
            let once = world.calls("GET", path);
            assert!(once <= 2, "a read is tried once more: {once} {fault:?}");
            world.pass(Duration::MINUTE);
            assert!(is_in(&world.signed_in(NORA).await), "{path} {fault:?}");
            assert_eq!(world.calls("GET", path), 2 * once, "{path} {fault:?}");
            world.pass(Duration::HOUR);
            assert_eq!(world.signed_in(NORA).await.page.status, 502, "{path} {fault:?}");
            world.tenant.faults().clear();
            assert!(is_in(&world.signed_in(NORA).await), "{path} {fault:?}");
        }
    }
}

#[tokio::test]
async fn one_person_waits_two_seconds_for_a_newer_document_that_hangs_and_the_others_not_at_all() {
    for path in [DISCOVERY, KEYS] {
        let world = ten_minutes_after_a_sign_in().await;
        let ((mut one, first), (mut two, second)) = match path {
            KEYS => (about_to_come_back(&world).await, about_to_come_back(&world).await),
            _ => ((world.browser(), world.portal.clone()), (world.browser(), world.portal.clone())),
        };
        world.upset_always("GET", path, FaultKind::Hang);
        let waiting = tokio::spawn(async move {
            one.go(first).await;
            one
        });
        arrived(&world, "GET", path, 1).await;
        two.go(second).await;
        assert!(!waiting.is_finished(), "{path}: the other one was there first");
        for mut browser in [waiting.await.unwrap(), two] {
            browser.pass_sign_in(NORA).await;
            assert!(is_in(&browser), "{path}: {}", browser.page.text());
        }
        assert_eq!(world.calls("GET", path), 1, "{path}: and nobody else asks for a minute");
    }
}

#[tokio::test]
async fn whoever_comes_first_to_a_tenant_that_hangs_does_not_hold_up_the_next() {
    let world = World::new().await;
    world.upset("GET", DISCOVERY, FaultKind::Hang);
    let (mut one, mut two) = (world.browser(), world.browser());
    let waiting = tokio::spawn(async move { one.open("/sign-in").await.status.as_u16() });
    arrived(&world, "GET", DISCOVERY, 1).await;
    assert_eq!(two.open("/sign-in").await.heading(), "Sign in");
    assert!(!waiting.is_finished());
    assert_eq!(waiting.await.unwrap(), 504);
}

#[tokio::test]
async fn a_key_that_hangs_holds_up_nobody_whose_key_is_known() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let (mut strange, unknown) = about_to_come_back(&world).await;
    let (mut known, callback) = about_to_come_back(&world).await;
    world.tenant.tamper_id_token(Tamper::unknown_kid());
    world.upset_always("GET", KEYS, FaultKind::Hang);
    let before = world.calls("GET", KEYS);
    let waiting = tokio::spawn(async move { strange.go(unknown).await.status.as_u16() });
    arrived(&world, "GET", KEYS, before + 1).await;
    known.go(callback).await;
    assert!(is_in(&known) && !waiting.is_finished());
    assert_eq!(waiting.await.unwrap(), 504);
}

#[tokio::test]
async fn a_rotation_in_the_middle_of_twenty_sign_ins_fails_none_of_them_and_is_fetched_once() {
    let world = World::new().await;
    let mut under_way = Vec::new();
    for _ in 0..20 {
        under_way.push(about_to_come_back(&world).await);
    }
    let (mut first, callback) = under_way.pop().unwrap();
    first.go(callback).await;
    assert!(is_in(&first));
    world.tenant.rotate_keys();
    world.tenant.rotate_keys();
    world.tenant.forget_previous_keys();
    let all = under_way.into_iter().map(|(mut browser, callback)| async move {
        browser.go(callback).await;
        assert!(is_in(&browser), "{}", browser.page.text());
    });
    all.collect::<JoinSet<()>>().join_all().await;
    assert_eq!(world.calls("GET", KEYS), 2, "one before and one after, seconds later");
}

#[tokio::test]
async fn a_flood_of_unknown_key_ids_asks_for_the_keys_once_a_minute() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let before = world.calls("GET", KEYS);
    for minute in 1..=3 {
        for _ in 0..10 {
            world.tenant.tamper_id_token(Tamper::unknown_kid());
            assert_eq!(world.signed_in(NORA).await.page.status, 502);
        }
        assert_eq!(world.calls("GET", KEYS), before + minute);
        assert!(is_in(&world.signed_in(NORA).await), "genuine keys are known all the while");
        world.pass(Duration::MINUTE);
    }
}

#[tokio::test]
async fn a_document_that_suddenly_names_somebody_else_is_believed_by_nobody() {
    let world = ten_minutes_after_a_sign_in().await;
    world.tenant.tamper_discovery(|document| document["issuer"] = "https://evil.example/".into());
    for _ in 0..2 {
        let mut browser = world.browser();
        browser.open("/sign-in").await;
        assert_eq!(
            (browser.page.status.as_u16(), browser.page.heading().as_str()),
            (502, "This page is not set up correctly")
        );
    }
    world.tenant.clear_tampering();
    assert!(is_in(&world.signed_in(NORA).await));
}
