//! The crash loop: people press anything while processes are killed, and the ledger checks that nothing is lost.
//!
//! `SEED` repeats a run's choices (the machine's timing is not repeated). `FULL=1` makes it a few hundred rounds.

use std::env;
use std::pin::pin;

use emulated_tenant::{Authenticator, Factor, Options, Person, Tenant};
use fastrand::Rng;

use super::ledger::Ledger;
use super::moment::Moment;
use super::walker::Walker;
use crate::support::process::in_memory;
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;

/// Enough people take turns that a dead process's locks have lapsed at a person's next turn.
const PEOPLE: usize = 16;
/// Turns before a new person takes over, because a first enrollment has the most to lose.
const TURNS: usize = 10;
/// Clicks of a turn. If no click was interrupted, the process is killed at rest.
const CLICKS: usize = 12;

// P-05, P-17
#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_any_moment_loses_and_repeats_nothing() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    Loop::new(&store, 1).await.run(rounds(20, 480)).await;
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn people_go_on_at_the_other_replica_when_one_is_killed() {
    let Some(redis) = Redis::start() else { return };
    Loop::new(&redis.url(), 2).await.run(rounds(20, 480)).await;
}

// P-17
#[tokio::test(flavor = "multi_thread")]
async fn people_go_on_at_the_other_process_on_the_same_file() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    Loop::new(&store, 2).await.run(rounds(20, 240)).await;
}

fn rounds(normal: usize, full: usize) -> usize {
    if env::var_os("FULL").is_some_and(|it| it == "1") { full } else { normal }
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
                let somebody = self.new_person();
                if at < self.people.len() { self.people[at] = somebody } else { self.people.push(somebody) }
            }
            self.turn(at).await;
        }
        println!("{:?}", self.tally);
    }

    fn new_person(&mut self) -> (Walker, Ledger) {
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

    /// One person's turn: clicks until a process dies.
    async fn turn(&mut self, at: usize) {
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
            self.check_in_second_tab(at).await;
        }
        let limits = if self.rng.bool() { "off" } else { "default" };
        self.replicas.start(victim, &[("LIMITS", limits)]);
        self.check_in_second_tab(at).await;
    }

    /// One click, sent to this replica first. Returns whether the replica died.
    async fn click(&mut self, at: usize, replica: usize) -> bool {
        self.tally.clicks += 1;
        self.tenant.journal().clear();
        self.replicas.prefer(replica);
        let (walker, ledger) = &mut self.people[at];
        let click = walker.next_click(&mut self.rng).await;
        self.replicas.prefer(replica);
        ledger.before_click(&click);
        let request = walker.request(&click);
        let answer = walker.browser.try_to(request);
        let fate = match Moment::of(&click, &mut self.rng) {
            None => answer.await.map(|()| Fate { died: false, answered: true }).unwrap(),
            Some(moment) => kill_at(moment, &self.tenant, &mut self.replicas, replica, answer).await,
        };
        println!("{} {click} {fate:?} {}", walker.email, walker.browser.page.path());
        if walker.browser.page.status.is_server_error() {
            println!("{}", self.replicas.output());
        }
        if fate.answered {
            walker.after_answer(&click);
            ledger.after_answer(&click, &walker.browser.page);
        } else {
            self.tally.cut_off += 1;
            ledger.after_crash(&click);
            walker.after_crash(click);
        }
        fate.died
    }

    /// Checks recovery code and list in another tab.
    async fn check_in_second_tab(&mut self, at: usize) {
        let (walker, ledger) = &mut self.people[at];
        let mut tab = walker.browser.tab();
        tab.open("/recovery-code").await;
        if walker.stays_signed_in() {
            let asked = tab.journey.iter().any(|url| !walker.is_home(url) || url.path() == "/sign-in");
            assert!(!asked, "{} is asked to sign in again: {:?}", walker.email, tab.journey);
        }
        walker.renew_codes();
        tab.pass_sign_in(&walker.email).await;
        ledger.check_recovery_page(&tab.page);
        tab.open("/").await;
        ledger.check_list(&tab.page);
    }
}

#[derive(Debug)]
struct Fate {
    died: bool,
    answered: bool,
}

/// Sends the click and kills the replica at the moment.
async fn kill_at(
    moment: Moment,
    tenant: &Tenant,
    replicas: &mut Replicas,
    replica: usize,
    answer: impl Future<Output = reqwest::Result<()>>,
) -> Fate {
    let (mut answer, faults) = (pin!(answer), tenant.faults());
    let answered = tokio::select! {
        answered = &mut answer => Some(answered),
        () = moment.wait_for(&faults) => None,
    };
    let died = answered.is_none();
    if died {
        replicas.kill(replica);
        if replicas.several() {
            moment.release_tenant();
        }
    }
    let answered = match answered {
        Some(answered) => answered,
        None => answer.await,
    };
    faults.clear();
    if died {
        moment.finish_call(replicas.several()).await;
    }
    Fate { died, answered: answered.is_ok() }
}

fn app_and_phone(number: usize) -> [Authenticator; 3] {
    let device = |name: &str| format!("dev_{name}{number:08}");
    let app =
        Authenticator::new(Factor::Totp, &device("App")).with_secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let text = Authenticator::new(Factor::Sms, &device("Phone")).with_contact("+12025550167");
    let call = Authenticator::new(Factor::Voice, &device("Phone")).with_contact("+12025550167");
    let (text, call) = (text.clone().with_twin(&call.id), call.with_twin(&text.id));
    [app.active(), text.active(), call.active()]
}
