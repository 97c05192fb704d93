//! Copies of one callback. They use up no turn that others wait for, whatever networks they come from.

use std::time::Instant;

use reqwest::StatusCode;
use time::Duration;
use tokio::task::JoinSet;

use super::{Begun, IN_ALL, LIST, NORA, PROXIES, Stranger, count, exchanges, is_within_one_wait, networks};
use crate::support::{Browser, World};

/// A sign-in of the stranger's own account, with its code.
async fn own_sign_in(world: &World) -> (Begun, String) {
    let mut browser = Browser::telling(world, "x-forwarded-for".parse().unwrap(), "192.0.2.1");
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
                own_sign_in(&world).await
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
        let began = Instant::now();
        let person = async {
            browser.go(callback).await;
            (browser.page.heading(), began.elapsed())
        };
        let time = async {
            for _ in 0..10 {
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                world.pass(Duration::seconds(1));
            }
        };
        let ((heading, took), (), answers) = tokio::join!(person, time, copies.join_all());
        assert_eq!(heading, LIST, "{is_junk}");
        assert!(took.as_secs() < 5, "{is_junk}: {took:?}");
        let is_done = if is_junk { StatusCode::BAD_REQUEST } else { StatusCode::SEE_OTHER };
        assert!(count(&answers, is_done) >= 4, "{is_junk}: each callback has a turn: {answers:?}");
    }
}
