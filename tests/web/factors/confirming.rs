//! Another code is requested at the moment of a confirmation: it deletes nothing that the tenant is about to accept.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, Fault, FaultKind, Gate, Person};
use time::Duration;
use tokio::task::JoinHandle;

use super::{ANOTHER_CODE, APP_PHONE, CODE, CONFIRM, NUMBER, count, different_code, mistake, sent_code};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

/// A factor whose code is sent: its page, its field, what is typed there and the button.
type Sent = (Factor, &'static str, &'static str, &'static str, &'static str);
const SENT: [Sent; 3] = [
    (Factor::Sms, "/factors/sms", "Phone number", NUMBER, "Send the code"),
    (Factor::Voice, "/factors/voice", "Phone number", NUMBER, "Call me now"),
    (Factor::Email, "/factors/email", "E-mail address", "alex@work.example.org", "Send the code"),
];

/// The button for another code.
fn another(browser: &Browser) -> &'static str {
    if browser.page.path().contains("/voice/") { "Call again" } else { ANOTHER_CODE }
}

/// A person who may ask for another code by now.
async fn start(world: &World, (_, page, label, target, button): Sent) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open(page).await;
    browser.press(button, &[(label, target)]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    world.pass(Duration::seconds(31));
    browser
}

fn hold(world: &World, path: &str, kind: FaultKind) {
    world.tenant.faults().inject(Fault::new("POST", path, kind).times(1));
}

/// The right code, on its way to the tenant.
async fn confirming(world: &World, browser: &Browser) -> (Gate, JoinHandle<Browser>) {
    let mut tab = browser.tab();
    let mut form = browser.page.form(CONFIRM);
    form.set("code", &sent_code(world, APP_PHONE));
    tab.page.url = browser.page.url.clone();
    let gate = Gate::new();
    hold(world, TOKEN, FaultKind::HoldRequest(gate.clone()));
    let sent = tokio::spawn(async move {
        tab.send(&form).await;
        tab
    });
    gate.reached().await;
    (gate, sent)
}

async fn assert_added(world: &World, factor: Factor, before: usize, confirmed: JoinHandle<Browser>) {
    let browser = confirmed.await.unwrap();
    assert_eq!(world.calls("DELETE", LIST), 0, "{factor:?}: nothing is cleared meanwhile");
    assert!(browser.page.notice().contains("added"), "{factor:?}: {}", browser.page.text());
    assert_eq!(count(world, APP_PHONE, factor, true), before + 1, "{factor:?}");
}

/// The request for another code, which waits while this gate is closed.
async fn waits_for(world: &World, gate: Gate, waiting: &JoinHandle<Browser>) {
    let before = world.changes();
    tokio::time::sleep(StdDuration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    assert_eq!(world.changes(), before);
    gate.open();
}

// E-04
#[tokio::test]
async fn a_resend_during_a_confirmation_deletes_nothing_of_the_earlier_code() {
    for sent in SENT {
        let world = World::new().await;
        let before = count(&world, APP_PHONE, sent.0, true);
        let browser = start(&world, sent).await;
        let resend = browser.page.form(another(&browser));
        let (gate, confirmed) = confirming(&world, &browser).await;
        let mut tab = browser.tab();
        let resending = tokio::spawn(async move {
            tab.send(&resend).await;
            tab
        });
        waits_for(&world, gate, &resending).await;
        assert_added(&world, sent.0, before, confirmed).await;
        resending.await.unwrap();
        assert_eq!(world.calls("POST", ASSOCIATE), 1, "{:?}: nothing is sent for what was added", sent.0);
    }
}

/// The code of the earlier message ends with that message. The page says so, and the newest one counts.
// E-04
#[tokio::test]
async fn a_confirmation_during_a_resend_asks_for_the_newest_code() {
    for sent in SENT {
        let world = World::new().await;
        let before = count(&world, APP_PHONE, sent.0, true);
        let browser = start(&world, sent).await;
        let resend = browser.page.form(another(&browser));
        let code = sent_code(&world, APP_PHONE);
        let mut form = browser.page.form(CONFIRM);
        form.set("code", &code);
        let gate = Gate::new();
        hold(&world, ASSOCIATE, FaultKind::HoldRequest(gate.clone()));
        let resending = tokio::spawn(browser.request(&resend).send());
        gate.reached().await;
        assert_eq!(sent_code(&world, APP_PHONE), code, "the new one has not been sent");
        let mut tab = browser.tab();
        let confirming = tokio::spawn(async move {
            tab.send(&form).await;
            tab
        });
        waits_for(&world, gate, &confirming).await;
        assert_eq!(resending.await.unwrap().unwrap().status().as_u16(), 303);
        let mut browser = confirming.await.unwrap();
        let says = "That is not the code we sent. Type the newest one.";
        assert!(browser.page.text().contains(says), "{:?}: {}", sent.0, browser.page.text());
        browser.press(CONFIRM, &[(CODE, &sent_code(&world, APP_PHONE))]).await;
        assert!(browser.page.notice().contains("added"), "{:?}: {}", sent.0, browser.page.text());
        assert_eq!(count(&world, APP_PHONE, sent.0, true), before + 1, "{:?}", sent.0);
    }
}

#[tokio::test]
async fn a_wrong_code_keeps_no_resend_from_clearing_the_earlier_one() {
    for sent in SENT {
        let world = World::new().await;
        let mut browser = start(&world, sent).await;
        let of_one = world.unfinished(APP_PHONE);
        let wrong = different_code(&sent_code(&world, APP_PHONE));
        browser.press(CONFIRM, &[(CODE, &wrong)]).await;
        mistake(&browser.page, "code");
        browser.press(another(&browser), &[]).await;
        assert_eq!(world.unfinished(APP_PHONE), of_one, "{:?}: nothing piles up", sent.0);
    }
}

/// A code that the tenant took late leaves its page little time, but what follows asks the store alone.
#[tokio::test(flavor = "multi_thread")]
async fn codes_taken_late_and_at_once_confirm_all_their_set_ups() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("store").display());
    let world = World::with(&[("session-store", &store), ("proof", "any")]).await;
    let mut confirmations = Vec::new();
    for person in 0..12 {
        let email = format!("{person}@late.example");
        world.tenant.add_person(Person::new("Lena Late", &email));
        let mut browser = world.signed_in(&email).await;
        browser.open("/factors/totp").await;
        browser.press("Show me the QR code", &[]).await;
        let mut app = browser.page.form(CONFIRM);
        app.set("code", &world.devices(&email).totp_code(0).unwrap());
        confirmations.push(browser.request(&app));
    }
    world.upset_always("POST", TOKEN, FaultKind::Delay(StdDuration::from_millis(7_200)));
    let confirmed: Vec<_> = confirmations.into_iter().map(|it| tokio::spawn(it.send())).collect();
    for one in confirmed {
        assert_eq!(one.await.unwrap().unwrap().status(), 303);
    }
}
