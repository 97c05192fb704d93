//! Browsers in which somebody has signed in before: they go first, and are counted by their account until it is misused.

use time::Duration;
use tokio::task::JoinSet;

use super::{
    LIST, NORA, OF_NETWORK, PROXIES, Stranger, exchanges, from, networks, one_network, signs_in_meanwhile,
    signs_in_while, use_burst_up,
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

/// The refused codes of an account that go first.
const OF_KNOWN: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browsers_junk_is_soon_counted_as_its_networks() {
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal).known_as(&known(&world, "203.0.113.9").await);
    let before = exchanges(&world);
    stranger.flood(one_network(30)).await;
    let sent = exchanges(&world) - before;
    assert!((OF_NETWORK[0]..=OF_NETWORK[0] + OF_KNOWN).contains(&sent), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_browsers_that_one_account_made_known_go_first_as_one() {
    let world = World::with(&PROXIES).await;
    let mut strangers = Vec::new();
    for network in networks(4) {
        strangers.push(Stranger::new(&world.portal).known_as(&known(&world, &network).await));
        world.tenant.sign_out_everywhere();
    }
    let before = exchanges(&world);
    let floods = strangers.into_iter().map(|it| async move { it.flood(one_network(10)).await });
    floods.collect::<JoinSet<_>>().join_all().await;
    let sent = exchanges(&world) - before;
    assert!((OF_NETWORK[0]..=OF_NETWORK[0] + OF_KNOWN).contains(&sent), "{sent}");
}

/// Junk with a copy of the owner's cookie, from one network or from many that have sent some before.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_cookie_does_not_keep_its_owner_out() {
    let one = vec!["203.0.113.9".to_owned(); 20];
    let many = (0..20).map(|n| format!("{}.{}.7.1", 11 + n, n)).collect::<Vec<_>>();
    for junk in [one, many] {
        let world = World::with(&PROXIES).await;
        let owner = known(&world, "198.51.100.7").await;
        let copy = Stranger::new(&world.portal).known_as(&owner);
        for _ in 0..3 {
            copy.flood(junk.iter().take(20).cloned()).await;
        }
        let (heading, took) = signs_in_while(&copy, &world, owner, junk.clone()).await;
        assert_eq!(heading, LIST, "{}", junk[1]);
        assert!(took.as_secs() < 5, "{}: {took:?}", junk[1]);
    }
}

/// Beginnings of a sign-in, which any page can bring about in a frame, and any neighbour by hand.
#[tokio::test(flavor = "multi_thread")]
async fn a_networks_beginnings_do_not_keep_a_known_browser_from_signing_in() {
    let world = World::with(&PROXIES).await;
    let mut owner = known(&world, "203.0.113.9").await;
    world.tenant.sign_out_everywhere();
    let flood = || begin_often(&world, &[]);
    flood().await;
    let mut neighbour = from(&world, "203.0.113.9");
    neighbour.open("/sign-in").await;
    assert_eq!(neighbour.page.status, 429);
    owner.open("/sign-in").await;
    assert_eq!(owner.pass_sign_in(NORA).await.heading(), LIST);
    flood().await;
    owner.open("/sign-in").await;
    assert_eq!(owner.page.status, 200, "{}", owner.page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_other_sites_use_up_nobodys_limit() {
    for origins in [&[][..], &[("embed-origins", "https://portal.example.com")]] {
        let world = World::with(&[&PROXIES, origins].concat()).await;
        let destination = if origins.is_empty() { "object" } else { "iframe" };
        let told = [
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", destination),
            ("sec-fetch-site", "cross-site"),
        ];
        begin_often(&world, &told).await;
        let mut neighbour = from(&world, "203.0.113.9");
        neighbour.open("/").await;
        assert_eq!(neighbour.pass_sign_in(NORA).await.heading(), LIST, "{origins:?}");
    }
}

/// A page of any site can lead its readers to the sign-in again and again.
#[tokio::test(flavor = "multi_thread")]
async fn navigations_without_a_click_use_up_no_networks_limit() {
    let world = World::with(&PROXIES).await;
    let told =
        [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site")];
    begin_often(&world, &told).await;
    let mut neighbour = from(&world, "203.0.113.9");
    neighbour.open("/").await;
    assert_eq!(neighbour.pass_sign_in(NORA).await.heading(), LIST);
}

/// A program can claim to be a frame.
#[tokio::test(flavor = "multi_thread")]
async fn frames_of_a_network_have_a_limit_of_their_own() {
    let world =
        World::with(&[&PROXIES[..], &[("embed-origins", "https://portal.example.com")]].concat()).await;
    let told =
        [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"), ("sec-fetch-site", "cross-site")];
    begin_often(&world, &told).await;
    let stranger = Stranger::new(&world.portal);
    for path in ["sign-in", "callback?code=x&state=y"] {
        let request = stranger.client.get(stranger.portal.join(path).unwrap());
        let request = request.header("x-forwarded-for", "203.0.113.9");
        let request = told.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        assert_eq!(request.send().await.unwrap().status(), 429, "{path}");
    }
}

/// Begins as many sign-ins from one network as it may begin in ten minutes, and some more.
async fn begin_often(world: &World, headers: &[(&'static str, &'static str)]) {
    let stranger = Stranger::new(&world.portal);
    let mut all = JoinSet::new();
    for _ in 0..8 {
        let (stranger, headers) = (stranger.clone(), headers.to_vec());
        all.spawn(async move {
            for _ in 0..260 {
                let request = stranger.client.get(stranger.portal.join("sign-in").unwrap());
                let request = request.header("x-forwarded-for", "203.0.113.9");
                let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
                request.send().await.unwrap();
            }
        });
    }
    all.join_all().await;
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
