//! Redis is away: pages say so at once, and everything works again as soon as it is back.

use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::support::World;
use crate::support::redis::Redis;

const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";

#[tokio::test]
async fn a_paused_redis_is_a_page_within_two_seconds_and_nobody_is_signed_out() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    redis.signal("STOP");
    let asked = Instant::now();
    browser.open("/").await;
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    assert_eq!(browser.page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.page.heading(), "We cannot look up your visit right now");
    redis.signal("CONT");
    let back = Instant::now();
    while browser.open("/").await.heading() != LIST {
        assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
    }
}
