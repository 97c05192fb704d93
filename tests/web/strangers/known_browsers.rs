//! Browsers in which somebody has signed in before: they go first and are counted by their account.

use time::Duration;
use tokio::task::JoinSet;

use super::{
    LIST, NORA, OF_NETWORK, PROXIES, Stranger, exchanges, from, networks, signs_in_meanwhile, use_burst_up,
};
use crate::support::{Browser, World};

/// A browser in which Nora has signed in from this network.
async fn known(world: &World, network: &str) -> Browser {
    let mut browser = from(world, network);
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_has_signed_in_before_is_not_held_up_by_its_own_network() {
    let world = World::with(&PROXIES).await;
    let browser = known(&world, "203.0.113.9").await;
    let junk = vec!["203.0.113.9".to_owned(); 20];
    use_burst_up(&world, &junk).await;
    let (heading, took) = signs_in_meanwhile(&world, browser, junk).await;
    assert_eq!(heading, LIST);
    assert!(took.as_secs() < 5, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_has_signed_in_before_goes_before_any_number_of_networks() {
    let world = World::with(&PROXIES).await;
    let browser = known(&world, "198.51.100.7").await;
    // Each sends junk once, so none of them has done harm before.
    let junk = (0..120).map(|n| format!("{}.{}.7.1", 11 + n, n)).collect::<Vec<_>>();
    use_burst_up(&world, &junk).await;
    let (heading, took) = signs_in_meanwhile(&world, browser, junk).await;
    assert_eq!(heading, LIST);
    assert!(took.as_secs() < 5, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browsers_junk_is_counted_as_a_networks_is() {
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal).known_as(&known(&world, "203.0.113.9").await);
    let before = exchanges(&world);
    stranger.flood(networks(30)).await;
    assert_eq!(exchanges(&world) - before, OF_NETWORK[0], "other networks buy a known browser nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_browsers_that_one_account_made_known_are_counted_as_one() {
    let world = World::with(&PROXIES).await;
    let mut strangers = Vec::new();
    for network in networks(4) {
        strangers.push(Stranger::new(&world.portal).known_as(&known(&world, &network).await));
        world.tenant.sign_out_everywhere();
    }
    let before = exchanges(&world);
    let floods = strangers.into_iter().map(|it| async move { it.flood(networks(OF_NETWORK[0])).await });
    floods.collect::<JoinSet<_>>().join_all().await;
    assert_eq!(exchanges(&world) - before, OF_NETWORK[0], "more sign-ins buy an account nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browsers_refused_codes_are_held_against_its_network() {
    let world = World::with(&PROXIES).await;
    let known = Stranger::new(&world.portal).known_as(&known(&world, "192.0.2.1").await);
    let junk = (0..20).map(|n| format!("{}.{}.7.1", 11 + n, n)).collect::<Vec<_>>();
    for some in junk.chunks(OF_NETWORK[0]) {
        let before = exchanges(&world);
        known.flood(some.to_vec()).await;
        assert_eq!(exchanges(&world) - before, some.len());
        world.pass(Duration::MINUTE);
    }
    // Others use the burst up, so that those networks have nothing against them but the known browser's codes.
    let others = (0..40).map(|n| format!("{}.{}.8.1", 140 + n, n)).collect::<Vec<_>>();
    Stranger::new(&world.portal).flood(others).await;
    let (heading, took) = signs_in_meanwhile(&world, from(&world, "198.51.100.7"), junk).await;
    assert_eq!(heading, LIST);
    assert!(took.as_secs() < 5, "{took:?}");
}
