//! Two portals that share one Redis.

use std::collections::BTreeSet;

use crate::support::World;
use crate::support::redis::Redis;
use crate::support::redis_set::RedisSet;

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

#[tokio::test(flavor = "multi_thread")]
async fn records_named_after_one_person_are_on_one_node_of_a_cluster() {
    let Some(redis) = RedisSet::cluster(&[]) else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.count(".key"), 1, "{}", browser.page.text());
    let keys: Vec<String> = redis.primaries().flat_map(|node| node.ask::<Vec<String>>("KEYS *")).collect();
    let tags: Vec<&str> =
        keys.iter().filter_map(|key| key.split_once('{')?.1.split_once('}')).map(|it| it.0).collect();
    assert!(tags.len() >= 3, "a live session, a recovery code and an unfinished set-up at least: {keys:?}");
    assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), 1, "{keys:?}");
    assert!(keys.len() > tags.len() && keys.iter().all(|key| key.starts_with("mfa-portal:")), "{keys:?}");
}
