//! The tenant's signing keys (JWKS): cached, fetched again when they rotate, and never fetched in a flood.

use emulated_tenant::{Fault, FaultKind, Tamper};
use reqwest::StatusCode;
use time::Duration;

use super::{LIST, NORA, has_session};
use crate::support::World;

const KEYS: &str = "/.well-known/jwks.json";

fn fetched(world: &World) -> usize {
    world.tenant.journal().count("GET", KEYS)
}

// F-04
#[tokio::test]
async fn many_sign_ins_fetch_the_keys_once() {
    let world = World::new().await;
    for _ in 0..5 {
        assert_eq!(world.signed_in(NORA).await.page.heading(), LIST);
    }
    assert_eq!(fetched(&world), 1);
}

#[tokio::test]
async fn the_next_key_is_known_before_it_is_used() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    world.tenant.rotate_keys();
    assert_eq!(browser.go(callback).await.heading(), LIST);
    assert_eq!(fetched(&world), 1);
}

// F-04
#[tokio::test]
async fn a_key_published_during_a_sign_in_is_fetched() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.pass(Duration::minutes(2));
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    world.tenant.rotate_keys();
    world.tenant.rotate_keys();
    world.tenant.forget_previous_keys();
    assert_eq!(browser.go(callback).await.heading(), LIST);
    assert_eq!(fetched(&world), 2);
}

#[tokio::test]
async fn keys_are_fetched_again_after_ten_minutes() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.tenant.tamper_id_token(Tamper::edit(|_| ()));
    world.pass(Duration::minutes(10));
    world.signed_in(NORA).await;
    assert_eq!(fetched(&world), 2);
}

// F-04
#[tokio::test]
async fn unknown_kids_cause_at_most_one_key_fetch_a_minute() {
    let world = World::new().await;
    for minute in 1..=3 {
        for _ in 0..10 {
            world.tenant.tamper_id_token(Tamper::unknown_kid());
            let browser = world.signed_in(NORA).await;
            assert!(!has_session(&browser));
        }
        assert_eq!(fetched(&world), minute);
        world.pass(Duration::minutes(1));
    }
    assert_eq!(world.signed_in(NORA).await.page.heading(), LIST, "a genuine token still works");
}

#[tokio::test]
async fn a_failed_key_fetch_signs_nobody_in_and_is_repeated() {
    let world = World::new().await;
    for (kind, heading) in [
        (FaultKind::html(503, "<h1>Bad gateway</h1>"), "The sign-in service cannot be reached"),
        (FaultKind::json(200, "[]"), "The sign-in service gave an unexpected answer"),
        (FaultKind::BigBody(1_000_000), "The sign-in service gave an unexpected answer"),
    ] {
        world.tenant.faults().inject(Fault::new("GET", KEYS, kind));
        let browser = world.signed_in(NORA).await;
        assert_eq!(
            (browser.page.status, browser.page.heading().as_str()),
            (StatusCode::BAD_GATEWAY, heading)
        );
        assert!(!has_session(&browser));
        world.tenant.faults().clear();
        world.pass(Duration::seconds(1));
    }
    assert_eq!(world.signed_in(NORA).await.page.heading(), LIST);
}
