//! The acts of one person take turns: what one of them decides on, no other one changes before it has ended.

use std::time::Duration as StdDuration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use time::Duration;
use tokio::task::{JoinHandle, JoinSet};

use super::push::start_push;
use super::{
    ANOTHER_CODE, APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, different_code,
    sent_code, start_sms, start_totp,
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

/// The waiting page of a push set-up that is given up in another tab, and its poll, which the tenant is looking at.
async fn polling(world: &World) -> (Browser, Form, Gate, JoinHandle<Browser>) {
    let mut looks = start_push(world, NOTHING).await;
    let mut cancels = looks.tab();
    cancels.go(looks.page.url.clone()).await;
    let cancel = cancels.page.form(CANCEL);
    world.pass(Duration::seconds(5));
    let gate = hold(world, "POST", TOKEN);
    let there = looks.page.url.clone();
    let looking = tokio::spawn(async move {
        looks.go(there).await;
        looks
    });
    gate.reached().await;
    (cancels, cancel, gate, looking)
}

/// A phone approves in nobody's turn, and its page waits for what the cancellation leaves.
#[tokio::test]
async fn an_approval_while_a_cancellation_deletes_says_that_the_set_up_ended() {
    let world = World::new().await;
    let (cancels, cancel, poll, looking) = polling(&world).await;
    let deletion = hold(&world, "DELETE", LIST);
    let cancelling = sent(cancels, cancel);
    deletion.reached().await;
    assert!(world.devices(NOTHING).approve_push());
    poll.open();
    poll.left().await;
    waits_for(&world, deletion, &looking, "approval").await;
    let (looks, cancels) = (looking.await.unwrap(), cancelling.await.unwrap());
    assert_eq!(looks.page.heading(), "This set-up has ended", "{}", looks.page.text());
    assert!(cancels.page.text().contains("Nothing was added"), "{}", cancels.page.text());
    assert_eq!(count(&world, NOTHING, Factor::Push, true), 0);
}

#[tokio::test]
async fn an_approval_that_an_unanswered_deletion_may_still_undo_is_called_unknown() {
    let world = World::new().await;
    let (cancels, cancel, poll, looking) = polling(&world).await;
    world.upset_always("DELETE", LIST, FaultKind::json(503, "{}"));
    sent(cancels, cancel).await.unwrap();
    assert!(world.devices(NOTHING).approve_push());
    poll.open();
    let looks = looking.await.unwrap();
    assert!(looks.page.text().contains("We do not know"), "{}", looks.page.text());
}

/// A tenant may take an approval only once it is asked.
#[tokio::test]
async fn a_set_up_that_is_being_given_up_is_asked_for_no_more() {
    let world = World::new().await;
    let mut looks = start_push(&world, NOTHING).await;
    let mut cancels = looks.tab();
    cancels.go(looks.page.url.clone()).await;
    let cancel = cancels.page.form(CANCEL);
    world.pass(Duration::seconds(5));
    let deletion = hold(&world, "DELETE", LIST);
    let cancelling = sent(cancels, cancel);
    deletion.reached().await;
    let there = looks.page.url.clone();
    let looking = tokio::spawn(async move {
        looks.go(there).await;
        looks
    });
    // The tenant is asked for nothing.
    waits_for(&world, deletion, &looking, "poll").await;
    cancelling.await.unwrap();
    assert_eq!(looking.await.unwrap().page.heading(), "This set-up has ended");
}

/// A tenant may take an approval unasked: what a cancellation then finds is added, and ends other sessions.
#[tokio::test]
async fn a_cancellation_that_finds_an_approval_ends_sessions_with_the_password_alone() {
    let world = World::new().await;
    let mut thief = world.signed_in(NOTHING).await;
    let owner = start_push(&world, NOTHING).await;
    let cancel = owner.page.form(CANCEL);
    world.tenant.change_person(NOTHING, |nora| {
        nora.authenticators.iter_mut().filter(|it| it.factor == Factor::Push).for_each(|it| it.active = true);
    });
    let mut owner = sent(owner, cancel).await.unwrap();
    assert_eq!(owner.open("/").await.path(), "/", "its session goes on");
    assert_eq!(count(&world, NOTHING, Factor::Push, true), 1);
    assert_ne!(thief.open("/").await.heading(), "Two-step verification");
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

/// As after a process has slept: its lock has lapsed, and another request has taken it.
#[tokio::test]
async fn an_act_whose_turn_another_one_has_taken_says_that_its_end_is_unknown() {
    let world = World::new().await;
    let confirms = start_totp(&world, APP_PHONE).await;
    // The app has another code then.
    world.pass(Duration::seconds(31));
    let mut other = world.signed_in(APP_PHONE).await;
    let right = with_code(&confirms, &app_code(&world, &confirms.page));
    other.open("/factors/email").await;
    let mut start = other.page.form("Send the code");
    start.set(&other.page.field("E-mail address"), "alex@work.example.org");
    let code = hold(&world, "POST", TOKEN);
    let confirming = sent(confirms, right);
    code.reached().await;
    world.pass(Duration::seconds(6));
    let association = hold(&world, "POST", ASSOCIATE);
    let starting = sent(other, start);
    association.reached().await;
    let confirms = confirming.await.unwrap();
    assert!(confirms.page.text().contains("We do not know"), "{}", confirms.page.text());
    code.open();
    // The turn is the other one's still.
    let mut third = confirms.tab();
    third.open("/factors/sms").await;
    let mut form = third.page.form("Send the code");
    form.set(&third.page.field("Phone number"), NUMBER);
    let third = sent(third, form);
    waits_for(&world, association, &third, "third").await;
    third.await.unwrap();
    let other = starting.await.unwrap();
    assert!(other.page.buttons().contains(&CONFIRM.to_owned()), "{}", other.page.text());
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
    let flood: Vec<_> = (0..40).map(|_| sent(floods.tab(), clear.clone())).collect();
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    owner.send(&start).await;
    assert!(owner.page.buttons().contains(&CONFIRM.to_owned()), "{}", owner.page.text());
    let waiting = flood.iter().filter(|it| !it.is_finished()).count();
    assert!(waiting > 20, "the owner's act came after {} of 40", 40 - waiting);
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

/// Wrong codes wait behind the right one, and so does the request for another code.
#[tokio::test]
async fn another_code_deletes_nothing_whose_code_is_being_shown() {
    for wrong in [0, 1, 3] {
        let world = World::new().await;
        let confirms = start_sms(&world, NOTHING).await;
        let mut other = confirms.tab();
        other.go(confirms.page.url.clone()).await;
        let resend = other.page.form(ANOTHER_CODE);
        world.pass(Duration::seconds(31));
        let code = sent_code(&world, NOTHING);
        let (right, wrong_one) = (with_code(&confirms, &code), with_code(&confirms, &different_code(&code)));
        let gate = hold(&world, "POST", TOKEN);
        let confirming = sent(confirms, right);
        gate.reached().await;
        let wrong_ones: Vec<_> = (0..wrong).map(|_| sent(other.tab(), wrong_one.clone())).collect();
        let resending = sent(other, resend);
        waits_for(&world, gate, &resending, &format!("{wrong} wrong ones")).await;
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{wrong}: {}", confirms.page.text());
        for wrong_one in wrong_ones {
            wrong_one.await.unwrap();
        }
        let other = resending.await.unwrap();
        assert!(!other.page.buttons().contains(&CONFIRM.to_owned()), "{wrong}: {}", other.page.text());
        assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{wrong}");
        assert_eq!(world.devices(NOTHING).messages().len(), 1, "{wrong}: no other code is sent");
    }
}

/// A request that clears unfinished authenticators beside a code that makes one active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clearing {
    AnotherStart,
    /// Of another factor, once the set-up has lapsed.
    LateStart,
    Button,
}

#[tokio::test]
async fn nothing_is_cleared_whose_code_is_being_shown() {
    for clearing in [Clearing::AnotherStart, Clearing::LateStart, Clearing::Button] {
        let world = World::with(&[("proof", "any")]).await;
        let begun = start_totp(&world, NOTHING).await;
        world.pass(Duration::minutes(5));
        let mut confirms = world.signed_in(NOTHING).await;
        confirms.go(begun.page.url.clone()).await;
        if clearing == Clearing::LateStart {
            world.pass(Duration::seconds(4 * 60 + 58));
        }
        let right = with_code(&confirms, &app_code(&world, &confirms.page));
        let mut other = world.signed_in(NOTHING).await;
        let path = if clearing == Clearing::LateStart { "/factors/sms" } else { "/factors/totp" };
        other.open(path).await;
        let mut form = other.page.form(if clearing == Clearing::LateStart { "Send the code" } else { SCAN });
        match clearing {
            Clearing::AnotherStart => {}
            Clearing::LateStart => form.set(&other.page.field("Phone number"), NUMBER),
            Clearing::Button => form.action = other.address("/authenticators/clear"),
        }
        let gate = hold(&world, "POST", TOKEN);
        let confirming = sent(confirms, right);
        gate.reached().await;
        world.pass(Duration::seconds(3));
        let clears = sent(other, form);
        waits_for(&world, gate, &clears, &format!("{clearing:?}")).await;
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{clearing:?}: {}", confirms.page.text());
        clears.await.unwrap();
        assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1, "{clearing:?}");
    }
}

/// The second look at the list is held, which decides what is cleared.
fn hold_second_list(world: &World) -> Gate {
    world.upset("GET", LIST, FaultKind::Delay(StdDuration::ZERO));
    hold(world, "GET", LIST)
}

#[tokio::test]
async fn the_button_clears_nothing_that_begins_while_it_reads_the_list() {
    let world = World::new().await;
    let mut browser = start_totp(&world, NOTHING).await;
    world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
    browser.press(CANCEL, &[]).await;
    world.tenant.faults().clear();
    let mut tab = browser.tab();
    tab.open("/").await;
    let button = tab.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    let clear = tab.page.form(&button);
    browser.open("/factors/sms").await;
    let mut start = browser.page.form("Send the code");
    start.set(&browser.page.field("Phone number"), NUMBER);
    let gate = hold_second_list(&world);
    let clearing = sent(tab, clear);
    gate.reached().await;
    let starting = sent(browser, start);
    waits_for(&world, gate, &starting, "start").await;
    clearing.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, false), 0, "what was left over is cleared");
    let mut browser = starting.await.unwrap();
    browser.press(CONFIRM, &[(CODE, &sent_code(&world, NOTHING))]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{}", browser.page.text());
}

#[tokio::test]
async fn a_start_forgets_no_other_factor_s_that_begins_while_it_reads_the_list() {
    let world = World::new().await;
    let mut browser = start_sms(&world, NOTHING).await;
    browser.press(CANCEL, &[]).await;
    world.pass(Duration::seconds(31));
    let mut tab = browser.tab();
    tab.open("/factors/totp").await;
    let app = tab.page.form(SCAN);
    browser.open("/factors/sms").await;
    let mut phone = browser.page.form("Send the code");
    phone.set(&browser.page.field("Phone number"), NUMBER);
    let gate = hold_second_list(&world);
    let starting = sent(tab, app);
    gate.reached().await;
    let another = sent(browser, phone);
    waits_for(&world, gate, &another, "another start").await;
    starting.await.unwrap();
    let mut browser = another.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 1);
    browser.press(CANCEL, &[]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 0, "its record tells what it left");
}

/// The set-up is confirmed or given up while a second message is asked for: none is sent, and nothing is open again.
#[tokio::test]
async fn another_code_reopens_no_set_up_that_has_ended_meanwhile() {
    for (button, method, path) in [(CONFIRM, "POST", TOKEN), (CANCEL, "DELETE", LIST)] {
        let world = World::new().await;
        let browser = start_sms(&world, NOTHING).await;
        let (first, there, mut tab) = (sent_code(&world, NOTHING), browser.page.url.clone(), browser.tab());
        let (mut end, resend) = (browser.page.form(button), browser.page.form(ANOTHER_CODE));
        if button == CONFIRM {
            end.set("code", &first);
        }
        let mut again = with_code(&browser, &first);
        world.pass(Duration::seconds(31));
        let gate = hold(&world, method, path);
        let ending = sent(browser, end);
        gate.reached().await;
        let resending = sent(tab.tab(), resend);
        waits_for(&world, gate, &resending, button).await;
        ending.await.unwrap();
        resending.await.unwrap();
        let active = || count(&world, NOTHING, Factor::Sms, true);
        assert_eq!(active(), usize::from(button == CONFIRM), "{button}");
        assert_eq!(world.devices(NOTHING).messages().len(), 1, "{button}");
        tab.go(there).await;
        assert!(!tab.page.buttons().contains(&CONFIRM.to_owned()), "{button}: {}", tab.page.text());
        again.set("code", &sent_code(&world, NOTHING));
        tab.send(&again).await;
        assert_eq!(active(), usize::from(button == CONFIRM), "{button}");
    }
}

/// It ends once the second message is out.
#[tokio::test]
async fn a_cancellation_while_another_code_is_sent_gives_the_set_up_up() {
    for (method, path) in [("GET", LIST), ("POST", ASSOCIATE)] {
        let world = World::new().await;
        let browser = start_sms(&world, NOTHING).await;
        let (there, mut tab) = (browser.page.url.clone(), browser.tab());
        let (cancel, resend) = (browser.page.form(CANCEL), browser.page.form(ANOTHER_CODE));
        let mut again = with_code(&browser, "");
        world.pass(Duration::seconds(31));
        // One list is read before its turn.
        let gate = if method == "GET" { hold_second_list(&world) } else { hold(&world, method, path) };
        let resending = sent(browser, resend);
        gate.reached().await;
        let cancelling = sent(tab.tab(), cancel);
        waits_for(&world, gate, &cancelling, path).await;
        resending.await.unwrap();
        assert_eq!(cancelling.await.unwrap().page.path(), "/", "{path}");
        assert_eq!(count(&world, NOTHING, Factor::Sms, false), 0, "{path}");
        tab.go(there).await;
        assert_eq!(tab.page.status, 410, "{path}: {}", tab.page.text());
        again.set("code", &sent_code(&world, NOTHING));
        tab.send(&again).await;
        assert_eq!(count(&world, NOTHING, Factor::Sms, true), 0, "{path}");
    }
}
