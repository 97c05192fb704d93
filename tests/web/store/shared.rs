//! Two portals that share one Redis.

use crate::support::World;
use crate::support::redis::Redis;

const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";

#[tokio::test]
async fn a_session_is_valid_at_every_portal_on_the_same_redis() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let replica = world.beside(&[("session-store", &redis.url())]);
    let browser = world.signed_in(NORA).await;
    let mut elsewhere = replica.browser();
    browser.cookies().split("; ").for_each(|cookie| elsewhere.plant(&format!("{cookie}; Path=/")));
    assert_eq!(elsewhere.open("/").await.heading(), LIST);
    assert_eq!(elsewhere.journey.len(), 1);
}

#[tokio::test]
async fn every_redis_key_has_an_expiry() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let keys: Vec<String> = redis.ask("KEYS *");
    assert!(keys.len() >= 4, "a session, a used state, an enrollment and counters: {keys:?}");
    for key in keys {
        assert!(key.starts_with("mfa-portal:"), "{key}");
        let left: i64 = redis.ask(&format!("PTTL {key}"));
        // The names and dates of a person are kept for 400 days; nothing is kept longer.
        assert!((1..=400 * 86_400_000).contains(&left), "{key} lives for {left} ms");
    }
}

// P-01
#[tokio::test]
async fn a_session_takes_less_than_two_kilobytes() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    world.signed_in(NORA).await;
    let keys: Vec<String> = redis.ask("KEYS *");
    let sizes: Vec<u64> = keys.iter().map(|key| redis.ask(&format!("MEMORY USAGE {key}"))).collect();
    assert!(sizes.iter().all(|bytes| *bytes < 2048), "of a session and short-lived counters: {sizes:?}");
}
