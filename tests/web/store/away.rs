//! Redis is away: every page says so at once, no message is sent, and everybody stays signed in. Soon after Redis is
//! back, everything works again.

use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, StatusCode};
use url::Url;

use crate::support::redis_set::{DURABLE, RIGHTS, RedisSet};
use crate::support::{Browser, Form, Page, World};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const AWAY: &str = "We cannot look up your visit right now";
/// The promised longest time to a page, and to recovery after the outage.
const ANSWER: Duration = Duration::from_secs(2);
const RETURN: Duration = Duration::from_secs(3);

/// A person in the middle of several flows, on a Redis that is about to fail.
struct Scene {
    redis: RedisSet,
    world: World,
    browser: Browser,
    pages: Vec<Url>,
    forms: Vec<(&'static str, Form)>,
    /// Another person, whose sign-in has only its callback left.
    nora: Browser,
    callback: Url,
}

impl Scene {
    async fn set() -> Option<Self> {
        Some(Self::set_on(RedisSet::start(&DURABLE)?).await)
    }

    async fn set_on(redis: RedisSet) -> Self {
        let redis = redis.with_user("right", RIGHTS);
        let world = World::with(&[("session-store", &redis.url())]).await;
        let mut browser = world.signed_in(ALEX).await;
        let mut forms = Vec::new();
        let mut pages = vec![browser.page.url.clone()];
        browser.follow("Remove authenticator app").await;
        pages.push(browser.page.url.clone());
        forms.push(("remove", browser.page.form("Remove the authenticator app")));
        for (path, button) in [("factors/totp", "Show me the QR code"), ("sign-out", "Sign out")] {
            browser.open(path).await;
            pages.push(browser.page.url.clone());
            forms.push((path, browser.page.form(button)));
        }
        browser.open("factors/sms").await;
        let mut send = browser.page.form("Send the code");
        send.set(&browser.page.field("Phone number"), "+44 7700 900124");
        forms.push(("send", send));
        browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
        pages.push(browser.page.url.clone());
        for button in ["Confirm", "Send another code", "Cancel this set-up"] {
            let mut form = browser.page.form(button);
            form.set("code", "123456");
            forms.push((button, form));
        }
        pages.extend(
            ["factors", "factors/email", "recovery-code"].map(|path| world.portal.join(path).unwrap()),
        );
        let mut nora = world.browser();
        let callback = nora.until_callback(NORA).await;
        // The cool-down between two codes is over.
        world.pass(time::Duration::seconds(30));
        world.tenant.journal().clear();
        Self { redis, world, browser, pages, forms, nora, callback }
    }

    /// Opens every page and sends every form; each response says that the store is away.
    async fn says_so_on_every_page(&self, what: &str) {
        let mut slowest = Duration::ZERO;
        for page in &self.pages {
            slowest = slowest.max(self.says_so(&self.browser, self.browser.client().get(page.clone())).await);
        }
        for (_, form) in &self.forms {
            slowest = slowest.max(self.says_so(&self.browser, self.browser.request(form)).await);
        }
        let stranger = self.world.browser();
        let sign_in = stranger.client().get(self.world.portal.join("sign-in").unwrap());
        slowest = slowest.max(self.says_so(&stranger, sign_in).await);
        slowest = slowest.max(self.says_so(&self.nora, self.nora.client().get(self.callback.clone())).await);
        println!("{what}: the slowest page took {} ms", slowest.as_millis());
        assert_eq!(self.world.changes(), [""; 0], "nothing is asked of the tenant");
        self.is_alive_but_not_ready().await;
    }

    async fn says_so(&self, browser: &Browser, request: RequestBuilder) -> Duration {
        let cookies = browser.cookies();
        let (took, page) = timed(request).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, AWAY),
            "{}",
            page.url
        );
        assert!(page.text().contains("You are not signed out"), "{}", page.text());
        assert!(page.text().contains("Nothing was changed"), "{}", page.text());
        assert_eq!(browser.cookies(), cookies, "{}", page.url);
        took
    }

    async fn is_alive_but_not_ready(&self) {
        for (path, status) in [("healthz", 200), ("readyz", 503), ("readyz?without=store", 200)] {
            let client = reqwest::Client::new();
            let (_, page) = timed(client.get(self.world.admin.join(path).unwrap())).await;
            assert_eq!(page.status, status, "{path}");
        }
    }

    /// Asserts that the list is back within the promised time and that changes work.
    async fn works_again(&mut self, what: &str) {
        let back = Instant::now();
        while self.browser.open("/").await.heading() != LIST {
            assert!(
                back.elapsed() < RETURN,
                "{what}: at {} after {:?}",
                self.browser.page.url,
                back.elapsed()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        println!("{what}: works again after {} ms", back.elapsed().as_millis());
        assert_eq!(self.browser.journey.len(), 1, "without a new sign-in");
        let ready = reqwest::get(self.world.admin.join("readyz").unwrap()).await.unwrap();
        assert_eq!(ready.status(), StatusCode::OK);
        self.browser.open("factors/totp").await;
        self.browser.press("Show me the QR code", &[]).await;
        assert_eq!(self.browser.page.status, StatusCode::OK, "{}", self.browser.page.text());
        assert!(self.browser.page.count(".key") == 1, "{}", self.browser.page.text());
        assert_eq!(self.nora.go(self.callback.clone()).await.heading(), LIST, "the sign-in can be finished");
    }
}

/// A page and the time it took. A slow one has two more tries, because the machine may have been busy.
async fn timed(request: RequestBuilder) -> (Duration, Page) {
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let asked = Instant::now();
        let answer = request.try_clone().unwrap().send().await.unwrap();
        fastest = fastest.min(asked.elapsed());
        if fastest < ANSWER {
            let (url, status, headers) = (answer.url().clone(), answer.status(), answer.headers().clone());
            return (fastest, Page { url, status, headers, html: answer.text().await.unwrap() });
        }
    }
    panic!("no page within {fastest:?}")
}

// P-07, X-06, V-32
#[tokio::test(flavor = "multi_thread")]
async fn redis_stopped() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.stop();
    scene.says_so_on_every_page("stopped").await;
    scene.redis.again();
    scene.works_again("stopped").await;
}

// P-07, X-06
#[tokio::test(flavor = "multi_thread")]
async fn redis_paused() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.signal("STOP");
    scene.says_so_on_every_page("paused").await;
    scene.redis.signal("CONT");
    scene.works_again("paused").await;
}

// P-07
#[tokio::test(flavor = "multi_thread")]
async fn redis_refuses_the_password() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.ask_all("ACL SETUSER portal resetpass >other");
    scene.redis.ask_all("CLIENT KILL USER portal");
    scene.says_so_on_every_page("wrong password").await;
    scene.redis.ask_all("ACL SETUSER portal resetpass >right");
    scene.works_again("wrong password").await;
}

// P-07
#[tokio::test(flavor = "multi_thread")]
async fn redis_takes_no_writes_after_a_failover() {
    let Some(mut scene) = Scene::set().await.filter(|scene| scene.redis.nodes.len() == 1) else { return };
    scene.redis.ask_all("REPLICAOF 127.0.0.1 1");
    scene.redis.ask_all("CONFIG SET replica-serve-stale-data no");
    scene.says_so_on_every_page("demoted").await;
    scene.redis.ask_all("REPLICAOF NO ONE");
    scene.works_again("demoted").await;
}

/// Pages that only read are shown; acts that must be counted or stored are refused.
// R-07, P-07
#[tokio::test(flavor = "multi_thread")]
async fn redis_full() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.ask_all("CONFIG SET maxmemory 1");
    let mut slowest = Duration::ZERO;
    for page in &scene.pages {
        let (took, page) = timed(scene.browser.client().get(page.clone())).await;
        slowest = slowest.max(took);
        assert!(matches!(page.status.as_u16(), 200 | 303), "{}: {}", page.url, page.status);
    }
    for (name, form) in &scene.forms {
        // Acts that remove records free memory, so Redis may accept them.
        if ["sign-out", "remove", "Cancel this set-up"].contains(name) {
            continue;
        }
        slowest = slowest.max(scene.says_so(&scene.browser, scene.browser.request(form)).await);
    }
    slowest = slowest.max(scene.says_so(&scene.nora, scene.nora.client().get(scene.callback.clone())).await);
    println!("full: the slowest page took {} ms", slowest.as_millis());
    assert_eq!(scene.world.changes(), [""; 0], "what cannot be counted is not sent");
    scene.is_alive_but_not_ready().await;
    scene.redis.ask_all("CONFIG SET maxmemory 0");
    scene.works_again("full").await;
}

// P-07
#[tokio::test(flavor = "multi_thread")]
async fn redis_restarted_empty_means_a_clean_new_sign_in() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.stop();
    scene.redis.again_empty();
    let back = Instant::now();
    while scene.browser.open("/").await.status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
    }
    assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
    println!("restarted empty: works again after {} ms", back.elapsed().as_millis());
    // The tenant's own session is alive, so the person need not type a password.
    scene.browser.pass_sign_in(ALEX).await;
    assert_eq!(scene.browser.page.heading(), LIST);
    for page in &scene.pages {
        let (_, page) = timed(scene.browser.client().get(page.clone())).await;
        assert!(matches!(page.status.as_u16(), 200 | 303 | 410), "{}: {}", page.url, page.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_paused_under_a_crowd_is_reported_in_time() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.redis.signal("STOP");
    let asked = Instant::now();
    let all: tokio::task::JoinSet<_> = (0..100)
        .map(|_| {
            let page = scene.browser.client().get(scene.world.portal.clone());
            async move { timed(page).await.1.status }
        })
        .collect();
    assert!(all.join_all().await.iter().all(|status| *status == StatusCode::SERVICE_UNAVAILABLE));
    println!("paused, 100 at once: the last page after {} ms", asked.elapsed().as_millis());
    scene.redis.signal("CONT");
    scene.works_again("paused under a crowd").await;
}

// P-07
#[tokio::test(flavor = "multi_thread")]
async fn a_primary_of_a_cluster_lost_in_the_middle_signs_nobody_out() {
    if let Some(redis) = RedisSet::cluster(&DURABLE) {
        lost_in_the_middle(redis, "cluster").await;
    }
}

// P-07
#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_sentinels_watch_lost_in_the_middle_signs_nobody_out() {
    if let Some(redis) = RedisSet::sentinel(&DURABLE) {
        lost_in_the_middle(redis, "Sentinel").await;
    }
}

async fn lost_in_the_middle(redis: RedisSet, what: &str) {
    let mut scene = Scene::set_on(redis).await;
    scene.redis.stop();
    scene.says_so_on_every_page(what).await;
    scene.redis.again();
    println!("{what}: replaced after {} ms", scene.redis.fail_over().as_millis());
    scene.works_again(what).await;
}

// P-04
#[tokio::test(flavor = "multi_thread")]
async fn the_portal_starts_while_redis_is_away() {
    let Some(redis) = RedisSet::start(&[]) else { return };
    redis.stop();
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.browser();
    browser.open("/").await;
    assert_eq!(
        (browser.page.status, browser.page.heading().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, AWAY)
    );
    redis.again();
    let back = Instant::now();
    while browser.open("/").await.status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
    }
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.heading(), LIST);
}

/// A link that comes while nobody can tell whose session is open may be the next person's.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_followed_while_redis_is_away_leaves_the_next_person_nothing_of_its_own() {
    let Some(redis) = RedisSet::start(&DURABLE) else { return };
    let flags = [("session-store", &*redis.url()), ("return-origins", "https://portal.example.com")];
    let world = World::with(&flags).await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(time::Duration::minutes(5));
    redis.stop();
    let of_nora = "https://portal.example.com/people/zebrafinch&login_hint=quagga@example.com";
    browser.open(&format!("/help?return_to={of_nora}")).await;
    assert!(!browser.page.html.contains("zebrafinch"), "{}", browser.page.html);
    redis.again();
    world.pass(time::Duration::minutes(6));
    world.tenant.sign_out_everywhere();
    browser.open("/no-such-page").await;
    assert!(!browser.page.html.contains("zebrafinch"));
    let back = Instant::now();
    while browser.open("/sign-in").await.status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(back.elapsed() < RETURN, "{:?}", back.elapsed());
    }
    let asked = browser.journey.iter().find(|url| url.path() == "/authorize").unwrap();
    assert!(!asked.as_str().contains("quagga"), "the next person is not asked for her account: {asked}");
}
