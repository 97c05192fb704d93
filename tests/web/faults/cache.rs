//! The cache of discovery and signing keys: refreshed when due, served for an hour when a refresh fails.

use std::time::Duration as StdDuration;

use emulated_tenant::{FaultKind, Tamper};
use time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use super::others::wait_for_requests;
use crate::support::{Browser, Log, World};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/.well-known/jwks.json";
const NO_KEYS: &str = r#"{"keys":[]}"#;
const NORA: &str = "nothing@example.com";
const NILS: &str = "nils@example.com";

/// Ten minutes after a sign-in, discovery and keys are due for a refresh.
async fn ten_minutes_after_a_sign_in() -> World {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.pass(Duration::minutes(10));
    world.tenant.journal().clear();
    world
}

/// Passes the tenant's pages. Returns the callback that the browser is about to open.
async fn about_to_return(world: &World) -> (Browser, Url) {
    about_to_return_as(world, NORA).await
}

async fn about_to_return_as(world: &World, email: &str) -> (Browser, Url) {
    let mut browser = world.browser();
    let callback = browser.until_callback(email).await;
    (browser, callback)
}

fn is_signed_in(browser: &Browser) -> bool {
    browser.page.status == 200 && browser.page.heading() == "Two-step verification"
}

#[tokio::test]
async fn an_unavailable_document_is_served_from_the_cache_for_an_hour() {
    for fault in [
        FaultKind::html(503, "<html>"),
        FaultKind::Drop,
        FaultKind::json(200, "null"),
        FaultKind::json(200, NO_KEYS),
    ] {
        for path in [DISCOVERY, KEYS] {
            let world = ten_minutes_after_a_sign_in().await;
            world.upset_always("GET", path, fault.clone());
            for _ in 0..3 {
                assert!(is_signed_in(&world.signed_in(NORA).await), "{path} {fault:?}");
            }
            let once = world.calls("GET", path);
            assert!(once <= 2, "a read is tried once more: {once} {fault:?}");
            world.pass(Duration::MINUTE);
            assert!(is_signed_in(&world.signed_in(NORA).await), "{path} {fault:?}");
            assert_eq!(world.calls("GET", path), 2 * once, "{path} {fault:?}");
            world.pass(Duration::HOUR);
            assert_eq!(world.signed_in(NORA).await.page.status, 502, "{path} {fault:?}");
            world.tenant.faults().clear();
            world.pass(Duration::SECOND);
            assert!(is_signed_in(&world.signed_in(NORA).await), "{path} {fault:?}");
        }
    }
}

#[tokio::test]
async fn visitors_do_not_ask_a_failing_tenant_in_each_other_s_wake() {
    for fault in [FaultKind::html(503, "<html>"), FaultKind::Drop, FaultKind::json(200, "null")] {
        let log = Log::begin();
        let world = World::new().await;
        world.upset_always("GET", DISCOVERY, fault.clone());
        let ask = || async {
            let mut visits = JoinSet::new();
            for _ in 0..30 {
                let mut browser = world.browser();
                visits.spawn(async move { browser.open("/sign-in").await.status.as_u16() });
            }
            assert!(visits.join_all().await.iter().all(|status| *status == 502), "{fault:?}");
        };
        ask().await;
        let once = world.calls("GET", DISCOVERY);
        assert!(once <= 2, "a read is tried once more: {once} {fault:?}");
        let lines = log.text().lines().filter(|line| line.contains("tenant call failed")).count();
        assert_eq!(lines, 1, "{}", log.text());
        world.pass(Duration::SECOND);
        ask().await;
        assert_eq!(world.calls("GET", DISCOVERY), 2 * once, "{fault:?}");
        world.tenant.faults().clear();
        world.pass(Duration::SECOND);
        assert!(is_signed_in(&world.signed_in(NORA).await), "{fault:?}");
    }
}

#[tokio::test]
async fn a_set_without_a_usable_key_keeps_people_out_for_a_second_at_most() {
    for keys in [NO_KEYS, r#"{"keys":[{"kty":"oct","kid":"of-others","k":"AAAA","alg":"HS256"}]}"#] {
        let world = World::new().await;
        world.upset("GET", KEYS, FaultKind::json(200, keys));
        assert_eq!(world.signed_in(NORA).await.page.status, 502);
        world.pass(Duration::SECOND);
        assert!(is_signed_in(&world.signed_in(NORA).await), "{keys}");
    }
}

#[tokio::test]
async fn a_hanging_refresh_delays_one_person_and_nobody_else() {
    for path in [DISCOVERY, KEYS] {
        let world = ten_minutes_after_a_sign_in().await;
        let ((mut one, first), (mut two, second)) = match path {
            KEYS => (about_to_return(&world).await, about_to_return(&world).await),
            _ => ((world.browser(), world.portal.clone()), (world.browser(), world.portal.clone())),
        };
        world.upset_always("GET", path, FaultKind::Hang);
        let waiting = tokio::spawn(async move {
            one.go(first).await;
            one
        });
        wait_for_requests(&world, "GET", path, 1).await;
        two.go(second).await;
        assert!(!waiting.is_finished(), "{path}: the other one was there first");
        for mut browser in [waiting.await.unwrap(), two] {
            browser.pass_sign_in(NORA).await;
            assert!(is_signed_in(&browser), "{path}: {}", browser.page.text());
        }
        assert_eq!(world.calls("GET", path), 1, "{path}: and nobody else asks for a minute");
    }
}

#[tokio::test]
async fn a_hanging_first_fetch_does_not_delay_the_next_person() {
    let world = World::new().await;
    world.upset("GET", DISCOVERY, FaultKind::Hang);
    let (mut one, mut two) = (world.browser(), world.browser());
    let waiting = tokio::spawn(async move { one.open("/sign-in").await.status.as_u16() });
    wait_for_requests(&world, "GET", DISCOVERY, 1).await;
    assert_eq!(two.open("/sign-in").await.heading(), "Sign in");
    assert!(!waiting.is_finished());
    assert_eq!(waiting.await.unwrap(), 504);
}

#[tokio::test]
async fn a_hanging_tenant_is_asked_by_two_visitors_at_once_however_many_come_and_go() {
    let world = World::new().await;
    world.upset_always("GET", DISCOVERY, FaultKind::Hang);
    let mut visits = JoinSet::new();
    for visit in 0..30 {
        let mut browser = world.browser();
        visits.spawn(async move {
            // Every second one leaves before the tenant answers.
            let leaves = if visit % 2 == 0 { StdDuration::from_millis(100) } else { StdDuration::MAX };
            timeout(leaves, async { browser.open("/sign-in").await.status.as_u16() }).await
        });
    }
    wait_for_requests(&world, "GET", DISCOVERY, 2).await;
    world.pass(Duration::seconds(5));
    let statuses: Vec<_> = visits.join_all().await.into_iter().flatten().collect();
    assert_eq!(statuses, [504; 15]);
    let calls = world.calls("GET", DISCOVERY);
    assert!(calls <= 4, "a read is tried once more: {calls}");
    assert_eq!(world.browser().open("/sign-in").await.status, 504);
    assert_eq!(world.calls("GET", DISCOVERY), calls, "the failure is not as old as its call");
}

#[tokio::test]
async fn a_visitor_that_leaves_frees_no_turn_for_the_next_one_s_request() {
    let world = World::new().await;
    world.upset_always("GET", DISCOVERY, FaultKind::Hang);
    for _ in 0..20 {
        let mut browser = world.browser();
        let left = timeout(StdDuration::from_millis(60), browser.open("/sign-in")).await;
        assert!(left.is_err(), "the tenant does not answer");
    }
    let calls = world.calls("GET", DISCOVERY);
    assert!((1..=2).contains(&calls), "{calls}");
}

#[tokio::test]
async fn a_hanging_key_fetch_delays_nobody_whose_key_is_known() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let (mut strange, unknown) = about_to_return(&world).await;
    let (mut known, callback) = about_to_return(&world).await;
    world.tenant.tamper_id_token(Tamper::unknown_kid());
    world.upset_always("GET", KEYS, FaultKind::Hang);
    let before = world.calls("GET", KEYS);
    let waiting = tokio::spawn(async move { strange.go(unknown).await.status.as_u16() });
    wait_for_requests(&world, "GET", KEYS, before + 1).await;
    known.go(callback).await;
    assert!(is_signed_in(&known) && !waiting.is_finished());
    assert_eq!(waiting.await.unwrap(), 504);
}

// F-04, P-11
#[tokio::test]
async fn a_key_rotation_during_twenty_sign_ins_fails_none_and_fetches_once() {
    let world = World::new().await;
    world.tenant.add_person(emulated_tenant::Person::new("Nils Nobody", NILS));
    let mut under_way = Vec::new();
    // One person may have ten sessions at once.
    for email in [NORA, NILS].into_iter().cycle().take(20) {
        under_way.push(about_to_return_as(&world, email).await);
    }
    let (mut first, callback) = under_way.pop().unwrap();
    first.go(callback).await;
    assert!(is_signed_in(&first));
    world.tenant.rotate_keys();
    world.tenant.rotate_keys();
    world.tenant.forget_previous_keys();
    let all = under_way.into_iter().map(|(mut browser, callback)| async move {
        browser.go(callback).await;
        assert!(is_signed_in(&browser), "{}", browser.page.text());
    });
    all.collect::<JoinSet<()>>().join_all().await;
    assert_eq!(world.calls("GET", KEYS), 2, "one before and one after, seconds later");
}

// P-11
#[tokio::test]
async fn unknown_key_ids_fetch_the_keys_once_a_minute_at_most() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let before = world.calls("GET", KEYS);
    for minute in 1..=3 {
        for _ in 0..10 {
            world.tenant.tamper_id_token(Tamper::unknown_kid());
            assert_eq!(world.signed_in(NORA).await.page.status, 502);
        }
        assert_eq!(world.calls("GET", KEYS), before + minute);
        assert!(is_signed_in(&world.signed_in(NORA).await), "genuine keys are known all the while");
        world.pass(Duration::MINUTE);
    }
}

// L-08
#[tokio::test]
async fn a_discovery_document_with_another_issuer_is_rejected() {
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
    world.pass(Duration::SECOND);
    assert!(is_signed_in(&world.signed_in(NORA).await));
}
