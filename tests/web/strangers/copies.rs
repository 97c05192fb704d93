//! Copies of one callback. They use up no turn that others wait for, whatever networks they come from.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_portal::internals::StoreUrl;
use reqwest::StatusCode;
use tokio::task::JoinSet;

use super::replicas::{SECRET, leave_one_place};
use super::{
    Begun, IN_ALL, NORA, PROXIES, Stranger, assert_comes_through_beside, count, exchanges,
    is_within_one_wait, networks,
};
use crate::support::redis::Redis;
use crate::support::{Browser, World};

/// A sign-in of the stranger's own account, with its code.
async fn own_sign_in(world: &World, network: &str) -> (Begun, String) {
    let mut browser = Browser::telling(world, "x-forwarded-for".parse().unwrap(), network);
    let callback = browser.until_callback(NORA).await;
    let of = |wanted| callback.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned();
    (Begun { cookie: browser.cookies(), state: of("state") }, of("code"))
}

/// The codes of somebody with an account of their own, or junk.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_while_copies_of_a_callback_come_from_many_networks() {
    for is_junk in [true, false] {
        let world = World::with(&PROXIES).await;
        let stranger = Stranger::new(&world.portal);
        stranger.flood(networks(80)).await;
        assert!(is_within_one_wait(exchanges(&world), IN_ALL[0]));
        let mut copies = JoinSet::new();
        for _ in 0..4 {
            let (begun, code) = if is_junk {
                (stranger.begin("192.0.2.1").await, "junk".to_owned())
            } else {
                own_sign_in(&world, "192.0.2.1").await
            };
            for network in 0..150 {
                let (stranger, begun, code) = (stranger.clone(), begun.clone(), format!("code={code}"));
                copies.spawn(async move {
                    stranger.call_back(&begun, &format!("172.{network}.0.1"), &code).await.0
                });
            }
        }
        let mut browser = Browser::telling(&world, "x-forwarded-for".parse().unwrap(), "198.51.100.7");
        let callback = browser.until_callback(NORA).await;
        let answers = assert_comes_through_beside(&world, browser, callback, copies.join_all()).await;
        let is_done = if is_junk { StatusCode::BAD_REQUEST } else { StatusCode::SEE_OTHER };
        assert!(count(&answers, is_done) >= 4, "{is_junk}: each callback has a turn: {answers:?}");
    }
}

/// A portal whose ceiling in all has one place left, for a minute.
async fn world_with_one_place(redis: &Redis) -> World {
    let secret = STANDARD.encode(SECRET);
    let settings =
        [("session-store", &*redis.url()), ("auth0-secret", &secret), ("trusted-proxies", "127.0.0.0/8")];
    let world = World::with(&settings).await;
    leave_one_place(&world, &StoreUrl::Redis(Box::new(redis.url().parse().unwrap()))).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_four_copies_are_turned_away_at_once() {
    let Some(redis) = Redis::start() else { return };
    let world = world_with_one_place(&redis).await;
    let stranger = Stranger::new(&world.portal);
    stranger.flood(networks(1)).await;
    let begun = stranger.begin("192.0.2.1").await;
    let mut copies = JoinSet::new();
    for network in 0..10 {
        let (stranger, begun, sent) = (stranger.clone(), begun.clone(), Instant::now());
        copies.spawn(async move {
            let (status, _) = stranger.call_back(&begun, &format!("172.{network}.0.1"), "code=junk").await;
            assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
            sent.elapsed().as_secs()
        });
    }
    let mut waited = copies.join_all().await;
    waited.sort_unstable();
    assert!(waited[5] < 2 && waited[6] >= 3, "{waited:?}");
}

/// A look ten times a second would let forty in before the first is turned away.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_given_back_goes_to_the_next_at_once() {
    let Some(redis) = Redis::start() else { return };
    let world = world_with_one_place(&redis).await;
    let stranger = Stranger::new(&world.portal);
    let mut begun = Vec::new();
    for network in networks(60) {
        begun.push((own_sign_in(&world, &network).await, network));
    }
    let mut callbacks = JoinSet::new();
    for ((begun, code), network) in begun {
        let stranger = stranger.clone();
        callbacks.spawn(async move { stranger.call_back(&begun, &network, &format!("code={code}")).await.0 });
    }
    let answers = callbacks.join_all().await;
    assert_eq!(count(&answers, StatusCode::SEE_OTHER), 60, "{answers:?}");
}
