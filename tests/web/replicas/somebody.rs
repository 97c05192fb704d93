//! People in the middle of a set-up, who look at their list meanwhile and finish it later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Person};
use reqwest::StatusCode;
use tokio::task::JoinSet;

use super::{CODE, CONFIRM, LIST, Pair, SCAN};
use crate::support::{Browser, Form};

/// The promised longest time to recovery once the store works again.
const RETURN: Duration = Duration::from_secs(3);

/// A person who has scanned the code and not typed it yet.
pub(super) struct Somebody {
    email: String,
    browser: Browser,
    confirm: Form,
}

/// People who look at the list again and again.
pub(super) struct Looking {
    people: JoinSet<Somebody>,
    is_over: Arc<AtomicBool>,
    shown: Arc<AtomicUsize>,
    away: Arc<AtomicUsize>,
}

/// Lets them look at their lists until [`Looking::end`].
pub(super) fn look_on_all(people: Vec<Somebody>) -> Looking {
    let (is_over, shown, away) = (Arc::<AtomicBool>::default(), Arc::default(), Arc::default());
    let look = |it: Somebody| it.look_on(is_over.clone(), Arc::clone(&shown), Arc::clone(&away));
    let people = people.into_iter().map(look).collect();
    Looking { people, is_over, shown, away }
}

impl Looking {
    /// Waits for that many more lists, or for a page that says that the store is away.
    pub(super) async fn see(&self, lists: usize) {
        let enough = self.shown.load(Ordering::SeqCst) + lists;
        while self.shown.load(Ordering::SeqCst) < enough && self.away.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How many pages have said that the store is away.
    pub(super) fn away(&self) -> usize {
        self.away.load(Ordering::SeqCst)
    }

    /// The people, the number of lists that they saw, and of pages that said that the store is away.
    pub(super) async fn end(self) -> (Vec<Somebody>, usize, usize) {
        self.is_over.store(true, Ordering::SeqCst);
        let people = self.people.join_all().await;
        (people, self.shown.load(Ordering::SeqCst), self.away.load(Ordering::SeqCst))
    }
}

/// Lets all of them finish at once. Gives the number of pages that said that the store is away.
pub(super) async fn finish_all(pair: &Pair, people: Vec<Somebody>, back: Instant) -> usize {
    let finished: JoinSet<_> = people.into_iter().map(|it| it.finish(back)).collect();
    let mut all_refused = 0;
    for (email, code, refused) in finished.join_all().await {
        all_refused += refused;
        assert_eq!(pair.active(&email, Factor::Totp), 1, "{email}");
        assert_eq!(pair.tenant.devices(&email).recovery_code(), Some(code), "{email}");
    }
    all_refused
}

impl Somebody {
    /// So many people at two replicas.
    pub(super) async fn several(pair: &Pair, count: usize) -> Vec<Self> {
        let mut people = Vec::new();
        for number in 0..count {
            people.push(Self::in_the_middle(pair, number).await);
        }
        people
    }

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

    /// Looks at the list again and again until it is over: it is shown, or says that the store is away.
    async fn look_on(
        mut self,
        is_over: Arc<AtomicBool>,
        shown: Arc<AtomicUsize>,
        away: Arc<AtomicUsize>,
    ) -> Self {
        while !is_over.load(Ordering::SeqCst) {
            let status = self.browser.open("/").await.status;
            assert_eq!(self.browser.journey.len(), 1, "{}: {}", self.email, self.browser.page.text());
            match status {
                StatusCode::OK => shown.fetch_add(1, Ordering::SeqCst),
                StatusCode::SERVICE_UNAVAILABLE => away.fetch_add(1, Ordering::SeqCst),
                other => panic!("{}: {other}", self.email),
            };
            // The unoptimized portal of the tests has a processor to share.
            tokio::time::sleep(Duration::from_millis(200)).await;
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
