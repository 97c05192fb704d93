//! A primary is lost while people are in the middle of their set-ups: nobody is signed out, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Person};
use reqwest::StatusCode;
use tokio::task::JoinSet;

use super::{CODE, CONFIRM, LIST, Pair, SCAN};
use crate::support::redis_set::RedisSet;
use crate::support::{ASSOCIATE, Browser, Form};

const PEOPLE: usize = 12;
/// The promised longest time to recovery once the store works again.
const RETURN: Duration = Duration::from_secs(3);

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_fails_over_signs_nobody_out_and_loses_nothing() {
    if let Some(redis) = RedisSet::cluster(&[]) {
        nobody_loses_anything(redis, "cluster").await;
    }
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn sentinels_that_fail_over_sign_nobody_out_and_lose_nothing() {
    if let Some(redis) = RedisSet::sentinel(&[]) {
        nobody_loses_anything(redis, "Sentinels").await;
    }
}

async fn nobody_loses_anything(redis: RedisSet, what: &str) {
    let pair = Pair::start_on(redis, &[]).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Somebody::in_the_middle(&pair, number).await);
    }
    let (over, seen, away) = (Arc::new(AtomicBool::new(false)), Arc::default(), Arc::default());
    let looking: JoinSet<_> =
        people.into_iter().map(|it| it.look_on(over.clone(), Arc::clone(&seen), Arc::clone(&away))).collect();
    let replaced = tokio::task::block_in_place(|| pair.redis.fail_over());
    let back = Instant::now();
    over.store(true, Ordering::SeqCst);
    let finished: JoinSet<_> = looking.join_all().await.into_iter().map(|it| it.finish(back)).collect();
    let mut refused_later = 0;
    for (email, code, refused) in finished.join_all().await {
        refused_later += refused;
        assert_eq!(pair.active(&email, Factor::Totp), 1, "{email}");
        assert_eq!(pair.tenant.devices(&email).recovery_code(), Some(code), "{email}");
    }
    assert_eq!(pair.tenant.journal().count("POST", ASSOCIATE), PEOPLE, "nobody began anew");
    println!(
        "{what}: replaced after {} ms, in which {} pages were shown and {} said that the store is away; {PEOPLE} people went \
         on, 0 signed out, 0 lost; {refused_later} forms were refused after it; all had finished {} ms later",
        replaced.as_millis(),
        AtomicUsize::load(&seen, Ordering::SeqCst),
        AtomicUsize::load(&away, Ordering::SeqCst),
        back.elapsed().as_millis()
    );
}

/// A person who has scanned the code and not typed it yet.
struct Somebody {
    email: String,
    browser: Browser,
    confirm: Form,
}

impl Somebody {
    async fn in_the_middle(pair: &Pair, number: usize) -> Self {
        let email = format!("person.{number}@example.com");
        pair.tenant.add_person(Person::new("Petra Person", &email));
        let mut browser = pair.signed_in(number % 2, &email).await;
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        let key = browser.page.text_of(".key").replace(' ', "");
        let mut confirm = browser.page.form(CONFIRM);
        confirm.set(&browser.page.field(CODE), &pair.tenant.devices(&email).totp_code_of(&key).unwrap());
        Self { email, browser, confirm }
    }

    /// Looks at the list again and again until the failover is over: it is shown, or says that the store is away.
    async fn look_on(
        mut self,
        over: Arc<AtomicBool>,
        seen: Arc<AtomicUsize>,
        away: Arc<AtomicUsize>,
    ) -> Self {
        while !over.load(Ordering::SeqCst) {
            let status = self.browser.open("/").await.status;
            assert_eq!(self.browser.journey.len(), 1, "{}: {}", self.email, self.browser.page.text());
            match status {
                StatusCode::OK => seen.fetch_add(1, Ordering::SeqCst),
                StatusCode::SERVICE_UNAVAILABLE => away.fetch_add(1, Ordering::SeqCst),
                other => panic!("{}: {other}", self.email),
            };
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self
    }

    /// Confirms the set-up, saves the recovery code and looks at the list. Gives the e-mail address, the recovery code and
    /// the number of pages that said that the store is away.
    async fn finish(mut self, back: Instant) -> (String, String, usize) {
        let mut refused = 0;
        while self.browser.send(&self.confirm).await.status == StatusCode::SERVICE_UNAVAILABLE {
            refused += 1;
            assert!(back.elapsed() < RETURN, "{}: {}", self.email, self.browser.page.text());
        }
        let code = self.browser.page.text_of(".recovery").replace(' ', "");
        let mut done = self.browser.page.form("Done");
        done.set("saved", "yes");
        let page = self.browser.send(&done).await;
        assert_eq!(page.path(), "/", "{}", page.text());
        assert_eq!((self.browser.open("/").await.heading().as_str(), self.browser.journey.len()), (LIST, 1));
        (self.email, code, refused)
    }
}
