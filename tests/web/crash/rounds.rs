//! The crash loop: people press anything, the process is killed under them, and it goes on with what it has kept.
//!
//! `SEED` repeats a run's choices (the machine's timing is not repeated). `FULL=1` makes it a few hundred rounds.

use std::env;
use std::pin::pin;

use emulated_tenant::{Authenticator, Factor, Options, Person, Tenant};
use fastrand::Rng;
use tempfile::TempDir;

use super::ledger::Ledger;
use super::moment::Moment;
use super::walker::Walker;
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;

/// As many people take turns, so that what a dead process held has lapsed when they are back.
const PEOPLE: usize = 16;
/// After so many turns somebody else takes the place: the first set-up of all is the one that must not go wrong.
const TURNS: usize = 10;
/// A turn ends with a kill; if none came by then, with one at rest.
const CLICKS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_repeats_nothing_and_shows_what_is_true() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    Loop::new(&store, 1).await.run(rounds(20, 480)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_of_two_replicas_killed_at_any_moment_people_go_on_at_the_other() {
    let Some(redis) = Redis::start() else { return };
    Loop::new(&redis.url(), 2).await.run(rounds(20, 480)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_of_two_processes_on_one_file_killed_people_go_on_at_the_other() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    Loop::new(&store, 2).await.run(rounds(20, 240)).await;
}

/// `FULL=1` makes it hundreds.
fn rounds(normal: usize, full: usize) -> usize {
    if env::var_os("FULL").is_some_and(|it| it == "1") { full } else { normal }
}

/// A kill loses nothing that was written, on whatever disk; one that a busy machine keeps waiting would only say that the
/// store is away.
pub(super) fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

struct Loop {
    replicas: Replicas,
    count: usize,
    tenant: Tenant,
    people: Vec<(Walker, Ledger)>,
    rng: Rng,
    tally: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    rounds: usize,
    people: usize,
    clicks: usize,
    cut_off: usize,
    at_rest: usize,
}

impl Loop {
    async fn new(store: &str, count: usize) -> Self {
        let seed = env::var("SEED").ok().map_or_else(|| fastrand::u64(..), |seed| seed.parse().unwrap());
        println!("SEED={seed}");
        let tenant = Tenant::start(Options { seed: Some(seed), ..Options::default() }).await.unwrap();
        let mut replicas = Replicas::new(tenant.clone(), store, count).await;
        for at in 0..count {
            replicas.start(at, &[]);
        }
        let (people, tally) = (Vec::new(), Tally::default());
        Self { replicas, count, tenant, people, rng: Rng::with_seed(seed), tally }
    }

    async fn run(mut self, rounds: usize) {
        for round in 0..rounds {
            let at = round % PEOPLE;
            if (round / PEOPLE).is_multiple_of(TURNS) {
                let somebody = self.somebody();
                if at < self.people.len() { self.people[at] = somebody } else { self.people.push(somebody) }
            }
            self.round(at).await;
        }
        println!("{:?}", self.tally);
    }

    fn somebody(&mut self) -> (Walker, Ledger) {
        self.tally.people += 1;
        let email = format!("person{}@example.org", self.tally.people);
        let mut person = Person { email_verified: false, ..Person::new("Some Body", &email) };
        if self.rng.u8(..3) == 0 {
            person = person.with(app_and_phone(self.tally.people));
        }
        self.tenant.add_person(person);
        let ledger = Ledger::new(&self.tenant, &email);
        (Walker::new(&email, self.replicas.browser(), &self.tenant), ledger)
    }

    /// One person's turn: some clicks, until a process dies under one of them.
    async fn round(&mut self, at: usize) {
        self.tally.rounds += 1;
        let mut victim = None;
        for _ in 0..CLICKS {
            let replica = self.rng.usize(..self.count);
            if self.click(at, replica).await {
                victim = Some(replica);
                break;
            }
        }
        let victim = victim.unwrap_or_else(|| {
            self.tally.at_rest += 1;
            self.replicas.kill(0);
            0
        });
        if self.replicas.several() {
            self.look(at).await;
        }
        let limits = if self.rng.bool() { "off" } else { "default" };
        self.replicas.start(victim, &[("LIMITS", limits)]);
        self.look(at).await;
    }

    /// One click, which meets this replica first; whether that died under it.
    async fn click(&mut self, at: usize, replica: usize) -> bool {
        self.tally.clicks += 1;
        self.tenant.journal().clear();
        self.replicas.prefer(replica);
        let (walker, ledger) = &mut self.people[at];
        let click = walker.next(&mut self.rng).await;
        self.replicas.prefer(replica);
        ledger.clicks(&click);
        let request = walker.request(&click);
        let answer = walker.browser.try_to(request);
        let fate = match Moment::of(&click, &mut self.rng) {
            None => answer.await.map(|()| Fate { died: false, answered: true }).unwrap(),
            Some(moment) => struck(moment, &self.tenant, &mut self.replicas, replica, answer).await,
        };
        println!("{} {click} {fate:?} {}", walker.email, walker.browser.page.path());
        if walker.browser.page.status.is_server_error() {
            println!("{}", self.replicas.output());
        }
        if fate.answered {
            walker.arrived(&click);
            ledger.arrives(&click, &walker.browser.page);
        } else {
            self.tally.cut_off += 1;
            ledger.is_cut_off(&click);
            walker.was_cut_off(click);
        }
        fate.died
    }

    /// What the person sees in another tab once the portal is back.
    async fn look(&mut self, at: usize) {
        let (walker, ledger) = &mut self.people[at];
        let mut tab = walker.browser.tab();
        tab.open("/recovery-code").await;
        if walker.stays_signed_in() {
            assert_eq!(tab.journey.len(), 1, "{} is asked to sign in again", walker.email);
        }
        walker.renew_codes();
        tab.pass_sign_in(&walker.email).await;
        ledger.reads_code(&tab.page);
        tab.open("/").await;
        ledger.reads_list(&tab.page);
    }
}

/// What became of a click.
#[derive(Debug)]
struct Fate {
    died: bool,
    answered: bool,
}

/// Kills the replica when the moment comes.
async fn struck(
    moment: Moment,
    tenant: &Tenant,
    replicas: &mut Replicas,
    replica: usize,
    answer: impl Future<Output = reqwest::Result<()>>,
) -> Fate {
    let (mut answer, faults) = (pin!(answer), tenant.faults());
    let answered = tokio::select! {
        answered = &mut answer => Some(answered),
        () = moment.come(&faults) => None,
    };
    let died = answered.is_none();
    if died {
        replicas.kill(replica);
        if replicas.several() {
            moment.passes();
        }
    }
    let answered = match answered {
        Some(answered) => answered,
        None => answer.await,
    };
    faults.clear();
    if died {
        moment.is_over(replicas.several()).await;
    }
    Fate { died, answered: answered.is_ok() }
}

fn app_and_phone(number: usize) -> [Authenticator; 3] {
    let device = |name: &str| format!("dev_{name}{number:08}");
    let app = Authenticator::new(Factor::Totp, &device("App")).keeping("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let text = Authenticator::new(Factor::Sms, &device("Phone")).reached_at("+12025550167");
    let call = Authenticator::new(Factor::Voice, &device("Phone")).reached_at("+12025550167");
    let (text, call) = (text.clone().with_twin(&call.id), call.with_twin(&text.id));
    [app.active(), text.active(), call.active()]
}
