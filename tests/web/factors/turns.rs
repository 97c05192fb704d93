//! The acts of one person take turns: what one of them decides on, no other one changes before it has ended.

mod clearing;
mod codes;
mod lapsed;
mod push;

use std::time::Duration as StdDuration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use time::Duration;
use tokio::task::{JoinHandle, JoinSet};

use super::{
    ANOTHER_CODE, APP_PHONE, CANCEL, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, sent_code, start_sms,
    start_totp,
};
use crate::challenge::{CHECK, TRY_APP, TYPE_A_CODE};
use crate::support::{ASSOCIATE, Browser, Form, LIST, TOKEN, World};

/// The next request with this method and path is held.
fn hold(world: &World, method: &str, path: &str) -> Gate {
    let gate = Gate::new();
    let held = Fault::new(method, path, FaultKind::HoldRequest(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    gate
}

/// Sends the form in the background.
fn sent(mut browser: Browser, form: Form) -> JoinHandle<Browser> {
    tokio::spawn(async move {
        browser.send(&form).await;
        browser
    })
}

fn with_code(browser: &Browser, code: &str) -> Form {
    let mut form = browser.page.form(CONFIRM);
    form.set("code", code);
    form
}

/// Checks that the request changes nothing at the tenant until the gate opens, and opens it.
async fn waits_for<T>(world: &World, gate: Gate, waiting: &JoinHandle<T>, case: &str) {
    let before = world.changes();
    tokio::time::sleep(StdDuration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "{case}: it waits for its turn");
    assert_eq!(world.changes(), before, "{case}");
    gate.open();
}

/// The second look at the list is held, which decides what is cleared.
fn hold_second_list(world: &World) -> Gate {
    world.upset("GET", LIST, FaultKind::Delay(StdDuration::ZERO));
    hold(world, "GET", LIST)
}

/// An act that changes something at the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Start,
    Resend,
    ConfirmApp,
    ConfirmPhone,
    Cancel,
    Clear,
    Remove,
    TryOut,
}

const ACTS: [Act; 8] = [
    Act::Start,
    Act::Resend,
    Act::ConfirmApp,
    Act::ConfirmPhone,
    Act::Cancel,
    Act::Clear,
    Act::Remove,
    Act::TryOut,
];

impl Act {
    /// Opens its page; returns its form.
    async fn form(self, world: &World, browser: &mut Browser) -> Form {
        match self {
            Self::Start => {
                browser.open("/factors/email").await;
                let mut form = browser.page.form("Send the code");
                form.set(&browser.page.field("E-mail address"), "alex@work.example.org");
                form
            }
            Self::Resend | Self::ConfirmPhone => {
                browser.open("/factors/sms").await;
                browser.press("Send the code", &[("Phone number", NUMBER)]).await;
                if self == Self::Resend {
                    return browser.page.form(ANOTHER_CODE);
                }
                with_code(browser, &sent_code(world, APP_PHONE))
            }
            Self::ConfirmApp | Self::Cancel => {
                browser.open("/factors/totp").await;
                browser.press(SCAN, &[]).await;
                if self == Self::Cancel {
                    return browser.page.form(CANCEL);
                }
                with_code(browser, &app_code(world, &browser.page))
            }
            Self::Clear => {
                browser.open("/").await;
                let button = browser.page.buttons().into_iter().find(|it| it.starts_with("Clear"));
                browser.page.form(&button.unwrap())
            }
            Self::Remove => {
                browser.open("/authenticators/remove?id=sms%7Cdev_AppPhonePhon0001").await;
                browser.page.form("Remove the number")
            }
            Self::TryOut => {
                browser.open("/").await;
                browser.follow(TRY_APP).await;
                browser.press(TYPE_A_CODE, &[]).await;
                let mut form = browser.page.form(CHECK);
                form.set("code", "000000");
                form
            }
        }
    }

    /// The call by which it changes something.
    fn call(self) -> (&'static str, &'static str) {
        match self {
            Self::Start | Self::Resend => ("POST", ASSOCIATE),
            Self::ConfirmApp | Self::ConfirmPhone | Self::TryOut => ("POST", TOKEN),
            Self::Cancel | Self::Clear | Self::Remove => ("DELETE", LIST),
        }
    }
}

async fn take_turns(first: Act, second: Act) {
    let case = format!("{second:?} beside {first:?}");
    let world = World::with(&[("limits", "off")]).await;
    let left = Authenticator::new(Factor::Email, "dev_LeftUnfinished01");
    world.tenant.change_person(APP_PHONE, |alex| alex.authenticators.push(left));
    let mut holds = world.signed_in(APP_PHONE).await;
    let mut waits = holds.tab();
    let later = second.form(&world, &mut waits).await;
    let now = first.form(&world, &mut holds).await;
    let (method, path) = first.call();
    let gate = hold(&world, method, path);
    let holding = sent(holds, now);
    gate.reached().await;
    let waiting = sent(waits, later);
    waits_for(&world, gate, &waiting, &case).await;
    for page in [holding.await.unwrap().page, waiting.await.unwrap().page] {
        assert!(!page.status.is_server_error(), "{case}: {}", page.text());
    }
}

#[tokio::test]
async fn the_acts_of_one_person_take_turns() {
    for first in ACTS {
        let mut pairs = JoinSet::new();
        for second in ACTS.into_iter().filter(|second| *second != first) {
            pairs.spawn(take_turns(first, second));
        }
        pairs.join_all().await;
    }
}

#[tokio::test]
async fn codes_for_two_set_ups_at_once_confirm_both() {
    let world = World::new().await;
    let app = start_totp(&world, APP_PHONE).await;
    let mut phone = app.tab();
    phone.open("/factors/sms").await;
    phone.press("Send the code", &[("Phone number", NUMBER)]).await;
    let codes = [
        (with_code(&app, &app_code(&world, &app.page)), app),
        (with_code(&phone, &sent_code(&world, APP_PHONE)), phone),
    ];
    world.upset_always("POST", TOKEN, FaultKind::Delay(StdDuration::from_secs(2)));
    for confirming in codes.map(|(form, browser)| sent(browser, form)) {
        let confirmed = confirming.await.unwrap();
        assert!(confirmed.page.text().contains("added"), "{}", confirmed.page.text());
    }
    for factor in [Factor::Totp, Factor::Sms] {
        assert_eq!(count(&world, APP_PHONE, factor, true), 2, "{factor:?}");
    }
}

/// The words of a tab and the tenant's list must agree, however the two requests interleave.
fn agree(world: &World, confirms: &Browser, cancels: &Browser) {
    let active = count(world, NOTHING, Factor::Totp, true);
    // The first page that shows it says so, and both lead to the recovery code that comes with it.
    let said_added = |browser: &Browser| browser.page.path() == "/recovery-code";
    assert_eq!(count(world, NOTHING, Factor::Totp, false), 0);
    assert_eq!(
        (said_added(confirms), said_added(cancels)),
        (active == 1, active == 1),
        "{active} active; {} | {}",
        confirms.page.text(),
        cancels.page.text()
    );
}

#[tokio::test]
async fn a_confirmation_while_a_cancellation_deletes_says_that_the_set_up_ended() {
    let world = World::new().await;
    let confirms = start_totp(&world, NOTHING).await;
    let mut cancels = confirms.tab();
    cancels.go(confirms.page.url.clone()).await;
    let right = with_code(&confirms, &app_code(&world, &confirms.page));
    let gate = hold(&world, "DELETE", LIST);
    let cancel = cancels.page.form(CANCEL);
    let cancelling = sent(cancels, cancel);
    gate.reached().await;
    let confirming = sent(confirms, right);
    waits_for(&world, gate, &confirming, "confirmation").await;
    let confirms = confirming.await.unwrap();
    assert_eq!(
        (confirms.page.status.as_u16(), confirms.page.heading().as_str()),
        (410, "This set-up has ended")
    );
    agree(&world, &confirms, &cancelling.await.unwrap());
}

#[tokio::test]
async fn a_cancellation_during_a_confirmation_says_that_it_was_added() {
    for held in [FaultKind::HoldRequest, FaultKind::HoldResponse] {
        let world = World::new().await;
        let confirms = start_totp(&world, NOTHING).await;
        let mut cancels = confirms.tab();
        cancels.go(confirms.page.url.clone()).await;
        let right = with_code(&confirms, &app_code(&world, &confirms.page));
        let gate = Gate::new();
        world.upset("POST", TOKEN, held(gate.clone()));
        let confirming = sent(confirms, right);
        gate.reached().await;
        let cancel = cancels.page.form(CANCEL);
        let cancelling = sent(cancels, cancel);
        waits_for(&world, gate, &cancelling, "cancellation").await;
        agree(&world, &confirming.await.unwrap(), &cancelling.await.unwrap());
        assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1);
    }
}

/// The list that leads to the old number fails once the new one was added.
#[tokio::test]
async fn a_page_that_fails_after_a_change_says_that_its_end_is_unknown() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Replace phone ending 0167").await;
    browser.press("Set up the new one", &[]).await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    let right = with_code(&browser, &sent_code(&world, APP_PHONE));
    world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
    let browser = sent(browser, right).await.unwrap();
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 2);
}

#[tokio::test]
async fn many_requests_of_one_session_hold_up_no_other_one() {
    let world = World::with(&[("limits", "off")]).await;
    let mut floods = world.signed_in(APP_PHONE).await;
    // The app has another code then.
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(APP_PHONE).await;
    floods.open("/factors/totp").await;
    let mut clear = floods.page.form(SCAN);
    clear.action = floods.address("/authenticators/clear");
    owner.open("/factors/email").await;
    let mut start = owner.page.form("Send the code");
    start.set(&owner.page.field("E-mail address"), "alex@work.example.org");
    world.upset_always("GET", LIST, FaultKind::Delay(StdDuration::from_millis(50)));
    let flood: Vec<_> = (0..80).map(|_| sent(floods.tab(), clear.clone())).collect();
    let ended = || flood.iter().filter(|it| it.is_finished()).count();
    // Waiting requests look every 50 ms, so the moment of the owner's first look decides much without fairness.
    for pause in [300, 15, 30, 45] {
        tokio::time::sleep(StdDuration::from_millis(pause)).await;
        let before = ended();
        owner.send(&start).await;
        let passed_by = ended() - before;
        assert!(owner.page.buttons().contains(&CONFIRM.to_owned()), "{}", owner.page.text());
        assert!(passed_by < 8, "{passed_by} of 80 came before the owner's act");
    }
}

/// The owner shares its set-up of a number, and their own app ends its session meanwhile.
#[tokio::test]
async fn a_session_that_was_ended_meanwhile_gives_nothing_up() {
    let world = World::new().await;
    let thief = start_sms(&world, NOTHING).await;
    world.pass(Duration::seconds(31));
    let owner = start_totp(&world, NOTHING).await;
    let cancel = thief.page.form(CANCEL);
    let right = with_code(&owner, &app_code(&world, &owner.page));
    let gate = hold(&world, "POST", TOKEN);
    let confirming = sent(owner, right);
    gate.reached().await;
    let cancelling = sent(thief, cancel);
    waits_for(&world, gate, &cancelling, "cancellation").await;
    assert!(confirming.await.unwrap().page.text().contains("added"));
    assert_eq!(cancelling.await.unwrap().page.status.as_u16(), 401);
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 1);
}
