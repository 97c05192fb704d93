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

// E-04
#[tokio::test]
async fn a_resend_during_a_confirmation_deletes_nothing_of_the_earlier_code() {
    for sent in SENT {
        let world = World::new().await;
        let before = count(&world, APP_PHONE, sent.0, true);
        let mut browser = start(&world, sent).await;
        let (gate, confirmed) = confirming(&world, &browser).await;
        browser.press(another(&browser), &[]).await;
        assert_eq!(world.calls("POST", ASSOCIATE), 2, "{:?}: {}", sent.0, browser.page.text());
        gate.open();
        assert_added(&world, sent.0, before, confirmed).await;
    }
}

// E-04
#[tokio::test]
async fn a_confirmation_during_a_resend_keeps_what_its_code_stands_for() {
    for sent in SENT {
        let world = World::new().await;
        let before = count(&world, APP_PHONE, sent.0, true);
        let browser = start(&world, sent).await;
        let code = sent_code(&world, APP_PHONE);
        let resent = Gate::new();
        hold(&world, ASSOCIATE, FaultKind::HoldRequest(resent.clone()));
        let resending = tokio::spawn(browser.request(&browser.page.form(another(&browser))).send());
        resent.reached().await;
        assert_eq!(sent_code(&world, APP_PHONE), code, "the new one has not been sent");
        let (gate, confirmed) = confirming(&world, &browser).await;
        resent.open();
        assert_eq!(resending.await.unwrap().unwrap().status().as_u16(), 303);
        gate.open();
        assert_added(&world, sent.0, before, confirmed).await;
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
    for person in 0..6 {
        let email = format!("{person}@late.example");
        world.tenant.add_person(Person::new("Lena Late", &email));
        let mut browser = world.signed_in(&email).await;
        browser.open("/factors/totp").await;
        browser.press("Show me the QR code", &[]).await;
        let mut app = browser.page.form(CONFIRM);
        app.set("code", &world.devices(&email).totp_code(0).unwrap());
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", &format!("+44 7700 90010{person}"))]).await;
        let mut phone = browser.page.form(CONFIRM);
        phone.set("code", &sent_code(&world, &email));
        confirmations.extend([browser.request(&app), browser.request(&phone)]);
    }
    world.upset_always("POST", TOKEN, FaultKind::Delay(StdDuration::from_millis(7_200)));
    let confirmed: Vec<_> = confirmations.into_iter().map(|it| tokio::spawn(it.send())).collect();
    for one in confirmed {
        assert_eq!(one.await.unwrap().unwrap().status(), 303);
    }
}
