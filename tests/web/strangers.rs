//! Floods by strangers: junk callbacks cost the tenant and the store no more than the
//! ceilings allow, and nobody else waits for them.

mod copies;
mod known_browsers;
mod replicas;
mod unwritten;

use std::time::Instant;

use mfa_portal::clock::Clock;
use mfa_portal::internals::{Key, KeyRing, RecordKind, Store, StoreUrl};
use mfa_portal::random::Random;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use time::Duration;
use tokio::task::JoinSet;
use url::Url;

use crate::support::{Browser, Log, World};

const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const PROXIES: [(&str, &str); 1] = [("trusted-proxies", "127.0.0.0/8")];
/// Refused codes in all: at once, and then every two seconds.
const IN_ALL: [usize; 2] = [40, 2];
/// Refused codes of one network: at once, and then every ten seconds.
const OF_NETWORK: [usize; 2] = [10, 1];

/// A client that begins sign-ins and sends the callback what it likes.
#[derive(Clone)]
struct Stranger {
    client: Client,
    portal: Url,
    /// The cookie of a known browser, or none.
    known: String,
}

/// A sign-in under way: its cookie and its `state`.
#[derive(Clone)]
struct Begun {
    cookie: String,
    state: String,
}

impl Stranger {
    fn new(portal: &Url) -> Self {
        let client =
            Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([]).build().unwrap();
        Self { client, portal: portal.clone(), known: String::new() }
    }

    /// The same with the cookie of a browser in which somebody has signed in.
    fn known_as(self, browser: &Browser) -> Self {
        let cookies = browser.cookies();
        let known = cookies.split("; ").find(|cookie| cookie.contains("known-browser")).unwrap();
        Self { known: known.to_owned(), ..self }
    }

    async fn begin(&self, network: &str) -> Begun {
        let request = self.client.get(self.portal.join("sign-in").unwrap());
        let answer = request.header("x-forwarded-for", network).send().await.unwrap();
        let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
        let (cookie, to) = (header(SET_COOKIE), Url::parse(&header(LOCATION)).unwrap());
        let state = to.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        Begun { cookie: cookie.split(';').next().unwrap().to_owned(), state }
    }

    /// The answer to the callback with these parameters beside the sign-in's state.
    async fn call_back(&self, begun: &Begun, network: &str, rest: &str) -> (StatusCode, String) {
        let callback = self.portal.join(&format!("callback?{rest}&state={}", begun.state)).unwrap();
        let cookies = format!("{}; {}", begun.cookie, self.known);
        let request = self.client.get(callback).header(COOKIE, cookies);
        let answer = request.header("x-forwarded-for", network).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Sends a junk code from each of these networks at once; returns the statuses.
    async fn flood(&self, networks: impl IntoIterator<Item = String>) -> Vec<StatusCode> {
        let mut all = JoinSet::new();
        for network in networks {
            let stranger = self.clone();
            all.spawn(async move {
                let begun = stranger.begin(&network).await;
                stranger.call_back(&begun, &network, "code=junk").await.0
            });
        }
        all.join_all().await
    }
}

fn exchanges(world: &World) -> usize {
    world.calls("POST", "/oauth/token")
}

fn count(statuses: &[StatusCode], wanted: StatusCode) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

/// Whether no more was sent than `at_once` and what the four seconds of one wait add. `memory:` frees records by the
/// real time too, so the small windows go on while the test's clock stands still.
fn is_within_one_wait(sent: usize, at_once: usize) -> bool {
    (at_once..=at_once + 3 * IN_ALL[1]).contains(&sent)
}

fn one_network(times: usize) -> impl Iterator<Item = String> {
    std::iter::repeat_n("203.0.113.9".to_owned(), times)
}

fn networks(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|n| format!("10.{}.{}.1", n / 250, n % 250))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_networks_junk_codes_stop_at_its_ceiling() {
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal);
    let statuses = stranger.flood(one_network(30)).await;
    let most = OF_NETWORK[0];
    assert_eq!(exchanges(&world), most, "{statuses:?}");
    assert_eq!(count(&statuses, StatusCode::BAD_REQUEST), most);
    assert_eq!(count(&statuses, StatusCode::TOO_MANY_REQUESTS), 30 - most);
    // The network's own window goes on, slowly.
    world.pass(Duration::seconds(10));
    stranger.flood(one_network(5)).await;
    assert_eq!(exchanges(&world), most + OF_NETWORK[1]);
    // Other networks wait for nothing.
    let began = Instant::now();
    let mut browser = Browser::telling(&world, "x-forwarded-for".parse().unwrap(), "198.51.100.7");
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}

#[tokio::test]
async fn callbacks_turned_away_are_one_log_line_a_second() {
    let log = Log::begin();
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal);
    let lines = || {
        let text = log.text();
        let lines =
            text.lines().filter(|line| line.contains("WARN") && line.contains("callbacks turned away"));
        let counts = lines.map(|line| line.split("callbacks=").nth(1).unwrap().split(' ').next().unwrap());
        counts.map(|count| count.parse::<usize>().unwrap()).collect::<Vec<_>>()
    };
    let turned_away = count(&stranger.flood(one_network(30)).await, StatusCode::TOO_MANY_REQUESTS);
    assert!(turned_away > 10);
    assert_eq!(lines(), [1]);
    world.pass(Duration::SECOND);
    let more = count(&stranger.flood(one_network(5)).await, StatusCode::TOO_MANY_REQUESTS);
    assert!(more > 1);
    assert_eq!(lines(), [1, turned_away]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_networks_junk_codes_stop_at_the_ceiling_in_all() {
    for settings in [&PROXIES[..], &[("app-base-url", "https://mfa.example.com")]] {
        let world = World::with(settings).await;
        let stranger = Stranger::new(&world.portal);
        stranger.flood(networks(80)).await;
        let sent = exchanges(&world);
        assert!(is_within_one_wait(sent, IN_ALL[0]), "{settings:?}: {sent}");
        world.pass(Duration::seconds(2));
        stranger.flood(networks(20)).await;
        let more = exchanges(&world) - sent;
        assert!(is_within_one_wait(more, 0) && more > 0, "{settings:?}: {more}");
    }
}

/// The person signs in within five seconds beside this flood, while the clock goes on. Returns the flood's answers.
async fn assert_comes_through_beside<T>(
    world: &World,
    mut person: Browser,
    callback: Url,
    flood: impl Future<Output = T>,
) -> T {
    let began = Instant::now();
    let person = async {
        person.go(callback).await;
        (person.page.heading(), began.elapsed())
    };
    let time = async {
        for _ in 0..10 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            world.pass(Duration::seconds(1));
        }
    };
    let (answers, (heading, took), ()) = tokio::join!(flood, person, time);
    assert_eq!(heading, LIST);
    assert!(took.as_secs() < 5, "{took:?}");
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_while_another_network_floods() {
    // Neither the proxy nor the network is known, only what the proxy claims.
    let world = World::with(&[("app-base-url", "https://mfa.example.com")]).await;
    let stranger = Stranger::new(&world.portal);
    stranger.flood(one_network(60)).await;
    assert!(is_within_one_wait(exchanges(&world), IN_ALL[0]));
    let mut browser = Browser::telling(&world, "x-forwarded-for".parse().unwrap(), "198.51.100.7");
    let callback = browser.until_callback(NORA).await;
    assert_comes_through_beside(&world, browser, callback, stranger.flood(one_network(60))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_turned_away_is_not_used_up_and_its_link_repeats_it() {
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal);
    stranger.flood(one_network(OF_NETWORK[0])).await;
    let mut browser = Browser::telling(&world, "x-forwarded-for".parse().unwrap(), "203.0.113.9");
    let callback = browser.until_callback(NORA).await;
    browser.go(callback.clone()).await;
    assert_eq!(browser.page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.page.heading(), "Many sign-ins are waiting right now");
    assert!(browser.page.text().contains("Nothing was changed"));
    let code = callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    assert!(!browser.page.html.contains(&code), "no page repeats a code");
    world.pass(Duration::MINUTE);
    assert_eq!(browser.follow("Try again").await.heading(), LIST);
}

// V-08
#[tokio::test]
async fn a_callback_without_a_code_uses_nothing_up() {
    let world = World::new().await;
    let stranger = Stranger::new(&world.portal);
    let begun = stranger.begin("").await;
    for junk in ["error=access_denied", "error=access_denied", "x=y", "error=junk&code=junk"] {
        let (status, _) = stranger.call_back(&begun, "", junk).await;
        assert!(status.is_client_error() || status == StatusCode::BAD_GATEWAY, "{junk}: {status}");
    }
    assert_eq!(exchanges(&world), 0);
    let (status, page) = stranger.call_back(&begun, "", "code=junk").await;
    assert_eq!((status, exchanges(&world)), (StatusCode::BAD_REQUEST, 1), "{page}");
    stranger.call_back(&begun, "", "code=junk").await;
    assert_eq!(exchanges(&world), 1, "a state is good for one exchange");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_the_tenant_takes_are_not_counted() {
    let world = World::with(&PROXIES).await;
    for _ in 0..=OF_NETWORK[0] + OF_NETWORK[1] {
        let mut browser = Browser::telling(&world, "x-forwarded-for".parse().unwrap(), "203.0.113.9");
        world.tenant.sign_out_everywhere();
        browser.open("/").await;
        assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_leaves_early_is_counted_all_the_same() {
    let world = World::with(&PROXIES).await;
    let stranger = Stranger::new(&world.portal);
    let slow = emulated_tenant::FaultKind::Delay(std::time::Duration::from_millis(300));
    world.tenant.faults().inject(emulated_tenant::Fault::new("POST", "/oauth/token", slow));
    for _ in 0..OF_NETWORK[0] + 4 {
        let begun = stranger.begin("203.0.113.9").await;
        let before = exchanges(&world);
        let call = stranger.call_back(&begun, "203.0.113.9", "code=junk");
        let _ = tokio::time::timeout(std::time::Duration::from_millis(150), call).await;
        assert!(exchanges(&world) <= before + 1);
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(exchanges(&world) <= OF_NETWORK[0], "{}", exchanges(&world));
}

//
#[tokio::test]
async fn strangers_records_push_nobodys_out_of_memory() {
    let keys = KeyRing::new(&[vec![7; 32].into()]).into();
    let store = Store::open(&StoreUrl::Memory, keys, Clock::system(), Random::system()).unwrap();
    let kept = [RecordKind::Session, RecordKind::RecoveryCode, RecordKind::Enrollment];
    for kind in kept {
        store.put(Key::random_id(kind, "a person's"), &"kept", Duration::HOUR).await.unwrap();
    }
    let limit = store.key_of(RecordKind::Counter, &["texts", "person"]);
    store.increment(limit, Duration::HOUR).await.unwrap();
    // More than all that memory: holds.
    for number in 0..210_000 {
        let kind = if number % 2 == 0 { RecordKind::UsedState } else { RecordKind::NetworkCounter };
        store.increment(Key::random_id(kind, &number.to_string()), Duration::MINUTE).await.unwrap();
    }
    for kind in kept {
        let found: Option<String> = store.get(Key::random_id(kind, "a person's")).await.unwrap();
        assert_eq!(found.as_deref(), Some("kept"), "{kind:?}");
    }
    assert_eq!(store.count(limit).await.unwrap().count, 1);
}

/// Uses the burst up, with codes that are refused of each of these networks.
async fn use_burst_up(world: &World, junk: &[String]) {
    let stranger = Stranger::new(&world.portal);
    for _ in 0..3 {
        stranger.flood(junk.iter().take(20).cloned()).await;
    }
}

/// Signs in from this network while strangers with networks of their own send junk at a pace above the ceiling.
async fn signs_in_meanwhile(
    world: &World,
    browser: Browser,
    junk: Vec<String>,
) -> (String, std::time::Duration) {
    signs_in_while(&Stranger::new(&world.portal), world, browser, junk).await
}

/// The same while this stranger sends it.
async fn signs_in_while(
    stranger: &Stranger,
    world: &World,
    mut browser: Browser,
    junk: Vec<String>,
) -> (String, std::time::Duration) {
    let callback = browser.until_callback(NORA).await;
    let person = async {
        tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
        let began = Instant::now();
        browser.go(callback).await;
        (browser.page.heading(), began.elapsed())
    };
    let paced = async {
        let (mut all, mut last) = (JoinSet::new(), Instant::now());
        // Eight times the ceiling, and little enough for a machine that has more to do.
        for networks in junk.chunks(2).cycle().take(24) {
            for network in networks {
                let (stranger, network) = (stranger.clone(), network.clone());
                all.spawn(async move {
                    let begun = stranger.begin(&network).await;
                    stranger.call_back(&begun, &network, "code=junk").await
                });
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            // As long as the portal has really waited, because a busy machine sleeps longer.
            world.pass(Duration::try_from(last.elapsed()).unwrap());
            last = Instant::now();
        }
        all.join_all().await;
    };
    tokio::join!(person, paced).0
}

fn from(world: &World, network: &str) -> Browser {
    Browser::telling(world, "x-forwarded-for".parse().unwrap(), network)
}

// V-08
#[tokio::test(flavor = "multi_thread")]
async fn a_new_network_signs_in_while_strangers_with_many_networks_send_junk() {
    let far_apart = (0..20).map(|n| format!("{}.{}.7.1", 11 + n, n)).collect::<Vec<_>>();
    let of_one_site = (0..=255).map(|n| format!("2001:db8:7:{n:x}00::1")).collect::<Vec<_>>();
    let of_one_provider = (0..200).map(|n| format!("2001:db8:{n:x}:100::1")).collect::<Vec<_>>();
    for junk in [far_apart, of_one_site, of_one_provider] {
        let world = World::with(&PROXIES).await;
        let browser = from(&world, "198.51.100.7");
        let first = junk[0].clone();
        use_burst_up(&world, &junk).await;
        let (heading, took) = signs_in_meanwhile(&world, browser, junk).await;
        assert_eq!(heading, LIST, "{first}");
        assert!(took.as_secs() < 5, "{first}: {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_network_signs_in_while_more_networks_than_the_queue_has_places_send_junk() {
    let world = World::with(&PROXIES).await;
    let junk: Vec<_> = (0..700).map(|n| format!("2001:db8:{n:x}:100::1")).collect();
    use_burst_up(&world, &junk).await;
    let mut browser = from(&world, "198.51.100.7");
    let callback = browser.until_callback(NORA).await;
    let stranger = Stranger::new(&world.portal);
    let mut begun = Vec::new();
    for network in junk {
        begun.push((stranger.begin(&network).await, network));
    }
    let mut all = JoinSet::new();
    for (begun, network) in begun {
        let stranger = stranger.clone();
        all.spawn(async move { stranger.call_back(&begun, &network, "code=junk").await.0 });
    }
    // Some are turned away at once, because the others wait.
    while all.join_next().await.unwrap().unwrap() != StatusCode::TOO_MANY_REQUESTS {}
    world.pass(Duration::seconds(2));
    browser.go(callback).await;
    assert_eq!(browser.page.heading(), LIST, "{}", browser.page.text());
    all.abort_all();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_of_harmful_networks_signs_in_before_they_do() {
    let same_site = (1..=20).map(|n| format!("203.0.113.{n}")).collect::<Vec<_>>();
    let same_provider = (1..=20).map(|n| format!("2001:db8:{n:x}:100::1")).collect::<Vec<_>>();
    for (own, junk) in [("203.0.113.200", same_site), ("2001:db8:ffff:100::1", same_provider)] {
        let world = World::with(&PROXIES).await;
        use_burst_up(&world, &junk).await;
        let (heading, took) = signs_in_meanwhile(&world, from(&world, own), junk).await;
        assert_eq!(heading, LIST, "{own}");
        assert!(took.as_secs() < 5, "{own}: {took:?}");
    }
}

/// Each as a link that any address can be made to open, with its line in the log.
const LOGGED: [(&str, &str); 5] = [
    ("/?return_to=https://elsewhere.example/", "return_to dropped"),
    ("/?action=add:everything", "action unknown or not offered"),
    ("/?connection=unknown", "connection not listed"),
    ("/?organization=unknown", "is not in ORGANIZATIONS"),
    ("/callback?state=x&code=y", "callback of no sign-in"),
];

#[tokio::test]
async fn links_of_strangers_write_a_line_a_second_of_each_kind() {
    let log = Log::begin();
    let world = World::new().await;
    let client = world.browser();
    for (link, line) in LOGGED {
        for (seconds, lines) in [(0, 1), (2, 2)] {
            world.pass(Duration::seconds(seconds));
            for _ in 0..20 {
                let request = client.client().get(world.portal.join(link).unwrap());
                request.header("sec-fetch-mode", "navigate").send().await.unwrap();
            }
            assert_eq!(log.text().lines().filter(|it| it.contains(line)).count(), lines, "{link}");
        }
        let counted = log.text().lines().rfind(|it| it.contains(line)).unwrap().to_owned();
        assert!(counted.contains("=20"), "the second line counts the ones left out: {counted}");
    }
}
