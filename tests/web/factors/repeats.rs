//! Doing things twice: reloads, the Back button, double clicks, two tabs.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, Fault, FaultKind, Gate};
use reqwest::Response;
use reqwest::header::LOCATION;
use time::Duration;
use tokio::task::JoinHandle;

use super::{
    ANOTHER_CODE, APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, key, start_sms,
    start_totp,
};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

fn status_and_location(response: &Response) -> (u16, String) {
    let target = response.headers().get(LOCATION).map(|it| it.to_str().unwrap().to_owned());
    (response.status().as_u16(), target.unwrap_or_default())
}

/// Presses a button twice at once. Returns status and `Location` of both answers.
async fn double_click(browser: &Browser, button: &str, typed: &[(&str, &str)]) -> [(u16, String); 2] {
    let mut form = browser.page.form(button);
    for (label, value) in typed {
        form.set(&browser.page.field(label), value);
    }
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    [status_and_location(&one.unwrap()), status_and_location(&two.unwrap())]
}

// E-01
#[tokio::test]
async fn reloading_the_page_starts_nothing_new() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    for _ in 0..5 {
        browser.go(there.clone()).await;
        assert_eq!(key(&browser.page), before);
    }
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-03
#[tokio::test]
async fn going_back_and_starting_again_resumes_the_same_enrollment() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    for _ in 0..20 {
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        assert_eq!((&browser.page.url, key(&browser.page)), (&there, before.clone()));
    }
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_on_start_is_one_association_and_one_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    let [one, two] = double_click(&browser, SCAN, &[]).await;
    assert_eq!(one, two);
    assert!(one.0 == 303 && one.1.starts_with("/factors/totp/"), "{one:?}");
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_across_two_replicas_is_one_association() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("shared.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    let here = browser.page.form(SCAN);
    let mut there = here.clone();
    there.action = replica.portal.join("factors/totp").unwrap();
    let origin = there.action.origin().ascii_serialization();
    let second = browser.client().post(there.action.clone()).header("origin", origin).form(&there.fields);
    let (one, two) = tokio::join!(browser.request(&here).send(), second.send());
    assert_eq!(status_and_location(&one.unwrap()), status_and_location(&two.unwrap()));
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_sends_one_message() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let [one, two] = double_click(&browser, "Send the code", &[("Phone number", NUMBER)]).await;
    assert_eq!(one, two);
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
}

// E-02
#[tokio::test]
async fn a_double_click_on_confirm_confirms_once() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    let [one, two] = double_click(&browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    browser.open("/").await;
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.text());
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
}

// E-09
#[tokio::test]
async fn sending_the_right_code_again_after_back_is_harmless() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    let mut form = browser.page.form(CONFIRM);
    form.set("code", &code);
    browser.send(&form).await;
    let asked = world.calls("POST", TOKEN);
    browser.send(&form).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().starts_with("Authenticator app added"));
    assert_eq!(world.calls("POST", TOKEN), asked, "the tenant is not asked about a finished set-up");
}

// E-09
#[tokio::test]
async fn sending_the_right_sms_code_twice_at_once_is_harmless() {
    let world = World::new().await;
    let browser = start_sms(&world, APP_PHONE).await;
    let code = super::sent_code(&world, APP_PHONE);
    let [one, two] = double_click(&browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 2);
}

// O-06
#[tokio::test]
async fn a_finished_enrollment_shows_no_key_after_going_back() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, secret) = (browser.page.url.clone(), key(&browser.page));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser.go(there).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (410, "This set-up has ended")
    );
    assert!(!browser.page.html.replace(' ', "").contains(&secret));
}

// S-13, E-04
#[tokio::test]
async fn two_tabs_share_one_enrollment_and_either_can_confirm_it() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.open("/factors/totp").await;
    two.press(SCAN, &[]).await;
    assert_eq!((&one.page.url, key(&one.page)), (&two.page.url, key(&two.page)));
    let code = app_code(&world, &two.page);
    one.press(CONFIRM, &[(CODE, &code)]).await;
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.page.path(), two.page.path()), ("/", "/"));
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
}

// I-11
#[tokio::test]
async fn an_enrollment_cancelled_in_one_tab_cannot_be_confirmed_in_another() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    let code = app_code(&world, &two.page);
    one.press(CANCEL, &[]).await;
    let asked = world.calls("POST", TOKEN);
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((two.page.status.as_u16(), two.page.heading().as_str()), (410, "This set-up has ended"));
    assert_eq!((world.calls("POST", TOKEN), count(&world, APP_PHONE, Factor::Totp, true)), (asked, 1));
}

// E-04
#[tokio::test]
async fn an_outdated_tab_never_confirms_the_newer_enrollment() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let old_code = app_code(&world, &one.page);
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    two.press(CANCEL, &[]).await;
    two.open("/factors/totp").await;
    two.press(SCAN, &[]).await;
    assert_ne!(two.page.url, one.page.url);
    one.press(CONFIRM, &[(CODE, &old_code)]).await;
    assert_eq!(one.page.status, 410, "it says that it was replaced");
    let code = app_code(&world, &two.page);
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(two.page.path(), "/", "and the newer one is untouched");
}

// S-13
#[tokio::test]
async fn two_factors_can_be_set_up_side_by_side() {
    let world = World::new().await;
    let mut app = start_totp(&world, APP_PHONE).await;
    let mut phone = app.tab();
    phone.open("/factors/sms").await;
    phone.press("Send the code", &[("Phone number", NUMBER)]).await;
    let (app_code, sent) = (app_code(&world, &app.page), super::sent_code(&world, APP_PHONE));
    phone.press(CONFIRM, &[(CODE, &sent)]).await;
    app.press(CONFIRM, &[(CODE, &app_code)]).await;
    assert_eq!((app.page.path(), phone.page.path()), ("/", "/"));
    assert_eq!(
        (count(&world, APP_PHONE, Factor::Totp, true), count(&world, APP_PHONE, Factor::Sms, true)),
        (2, 2)
    );
}

/// The words of a tab and the tenant's list must agree, however the two requests interleave.
fn agree(world: &World, confirmed: &Browser, cancelled: &Browser) {
    let active = count(world, NOTHING, Factor::Totp, true);
    let said_added = |browser: &Browser| browser.page.text().contains("Authenticator app added");
    assert_eq!(count(world, NOTHING, Factor::Totp, false), 0);
    assert_eq!(
        (said_added(confirmed), said_added(cancelled)),
        (active == 1, false),
        "{active} active; {} | {}",
        confirmed.page.text(),
        cancelled.page.text()
    );
}

#[tokio::test]
async fn a_confirmation_while_a_cancellation_deletes_says_that_the_set_up_ended() {
    let world = World::new().await;
    let mut confirms = start_totp(&world, NOTHING).await;
    let mut cancels = confirms.tab();
    cancels.go(confirms.page.url.clone()).await;
    let gate = Gate::new();
    let held = Fault::new("DELETE", LIST, FaultKind::HoldRequest(gate.clone())).times(1);
    world.tenant.faults().inject(held);
    let form = cancels.page.form(CANCEL);
    let cancelling = tokio::spawn(async move {
        cancels.send(&form).await;
        cancels
    });
    gate.reached().await;
    let code = app_code(&world, &confirms.page);
    confirms.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(
        (confirms.page.status.as_u16(), confirms.page.heading().as_str()),
        (410, "This set-up has ended")
    );
    gate.open();
    agree(&world, &confirms, &cancelling.await.unwrap());
}

/// A tab that may cancel while the tenant holds the other tab's right code.
async fn confirming(world: &World, held: fn(Gate) -> FaultKind) -> (Browser, Gate, JoinHandle<Browser>) {
    let mut confirms = start_totp(world, NOTHING).await;
    let mut cancels = confirms.tab();
    cancels.go(confirms.page.url.clone()).await;
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new("POST", TOKEN, held(gate.clone())).times(1));
    let code = app_code(world, &confirms.page);
    let mut form = confirms.page.form(CONFIRM);
    form.set("code", &code);
    let confirming = tokio::spawn(async move {
        confirms.send(&form).await;
        confirms
    });
    gate.reached().await;
    (cancels, gate, confirming)
}

#[tokio::test]
async fn a_cancellation_while_a_confirmation_waits_does_not_delete_what_was_added() {
    let world = World::new().await;
    let (mut cancels, gate, confirming) = confirming(&world, FaultKind::HoldResponse).await;
    cancels.press(CANCEL, &[]).await;
    assert!(cancels.page.text().contains("Authenticator app added"), "{}", cancels.page.text());
    gate.open();
    confirming.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1);
}

#[tokio::test]
async fn a_confirmation_during_a_cancellation_tells_what_that_one_leaves() {
    let world = World::new().await;
    let (mut cancels, gate, mut confirming) = confirming(&world, FaultKind::HoldRequest).await;
    let deleting = Gate::new();
    let held = Fault::new("DELETE", LIST, FaultKind::HoldRequest(deleting.clone()));
    world.tenant.faults().inject(held.times(1));
    let form = cancels.page.form(CANCEL);
    let cancelling = tokio::spawn(async move {
        cancels.send(&form).await;
        cancels
    });
    deleting.reached().await;
    gate.open();
    let answered = tokio::time::timeout(StdDuration::from_millis(500), &mut confirming).await;
    assert!(answered.is_err(), "nobody knows yet: {}", answered.unwrap().unwrap().page.text());
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1, "the tenant has taken the code");
    deleting.open();
    let (confirms, cancels) = (confirming.await.unwrap(), cancelling.await.unwrap());
    agree(&world, &confirms, &cancels);
    assert_eq!(confirms.page.heading(), "This set-up has ended");
}

/// A wrong code ends while the right one is at the tenant, and another code is asked for.
#[tokio::test]
async fn another_code_deletes_nothing_whose_code_is_being_shown() {
    for wrong in [0, 1, 3] {
        let world = World::new().await;
        let mut confirms = start_sms(&world, NOTHING).await;
        let mut other = confirms.tab();
        other.go(confirms.page.url.clone()).await;
        let resend = other.page.form(ANOTHER_CODE);
        world.pass(Duration::seconds(26));
        let mut right = confirms.page.form(CONFIRM);
        right.set("code", &super::sent_code(&world, NOTHING));
        let gate = Gate::new();
        let held = Fault::new("POST", TOKEN, FaultKind::HoldRequest(gate.clone()));
        world.tenant.faults().inject(held.times(1));
        let confirming = tokio::spawn(async move {
            confirms.send(&right).await;
            confirms
        });
        gate.reached().await;
        for _ in 0..wrong {
            other.press(CONFIRM, &[(CODE, "000000")]).await;
        }
        world.pass(Duration::seconds(5));
        other.send(&resend).await;
        assert_eq!(world.calls("POST", ASSOCIATE), 2, "{wrong}: another code was sent");
        assert!(!world.changes().iter().any(|it| it.starts_with("DELETE")), "{wrong}: {:?}", world.changes());
        gate.open();
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{wrong}: {}", confirms.page.text());
        assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{wrong}");
    }
}

/// A request that clears unfinished authenticators beside a code that may make one active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clearing {
    AnotherStart,
    /// Of another factor, once the set-up has lapsed.
    LateStart,
    /// After a cancellation that the tenant did not carry out.
    Button,
}

#[tokio::test]
async fn nothing_is_cleared_whose_code_is_being_shown() {
    for clearing in [Clearing::AnotherStart, Clearing::LateStart, Clearing::Button] {
        let world = World::new().await;
        let begun = start_totp(&world, NOTHING).await;
        world.pass(Duration::minutes(5));
        let mut confirms = world.signed_in(NOTHING).await;
        confirms.go(begun.page.url.clone()).await;
        if clearing == Clearing::LateStart {
            world.pass(Duration::seconds(4 * 60 + 55));
        }
        let cancel = confirms.page.form(CANCEL);
        let mut right = confirms.page.form(CONFIRM);
        right.set("code", &app_code(&world, &confirms.page));
        let mut other = world.signed_in(NOTHING).await;
        let gate = Gate::new();
        let held = Fault::new("POST", TOKEN, FaultKind::HoldRequest(gate.clone()));
        world.tenant.faults().inject(held.times(1));
        let mut tab = confirms.tab();
        let confirming = tokio::spawn(async move {
            confirms.send(&right).await;
            confirms
        });
        gate.reached().await;
        match clearing {
            Clearing::AnotherStart => {
                other.open("/factors/totp").await;
                other.press(SCAN, &[]).await;
            }
            Clearing::LateStart => {
                world.pass(Duration::seconds(6));
                other.open("/factors/sms").await;
                other.press("Send the code", &[("Phone number", NUMBER)]).await;
            }
            Clearing::Button => {
                world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
                tab.send(&cancel).await;
                world.tenant.faults().clear();
                world.tenant.journal().clear();
                tab.open("/").await;
                let button = tab.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
                tab.press(&button, &[]).await;
            }
        }
        let changes = world.changes();
        assert!(!changes.iter().any(|it| it.starts_with("DELETE")), "{clearing:?}: {changes:?}");
        gate.open();
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{clearing:?}: {}", confirms.page.text());
        assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1, "{clearing:?}");
    }
}

/// The second look at the list is held, which decides what is cleared.
fn hold_second_list(world: &World) -> Gate {
    let gate = Gate::new();
    let first = Fault::new("GET", LIST, FaultKind::Delay(StdDuration::ZERO));
    world.tenant.faults().inject(first.times(1));
    let second = Fault::new("GET", LIST, FaultKind::HoldRequest(gate.clone()));
    world.tenant.faults().inject(second.times(1));
    gate
}

#[tokio::test]
async fn the_button_clears_nothing_that_began_while_it_read_the_list() {
    let world = World::new().await;
    let mut browser = start_totp(&world, NOTHING).await;
    world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
    browser.press(CANCEL, &[]).await;
    world.tenant.faults().clear();
    let mut tab = browser.tab();
    tab.open("/").await;
    let button = tab.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    let clear = tab.page.form(&button);
    let gate = hold_second_list(&world);
    let clearing = tokio::spawn(async move { tab.send(&clear).await.status });
    gate.reached().await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    gate.open();
    clearing.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, false), 0, "what was left over is cleared");
    browser.press(CONFIRM, &[(CODE, &super::sent_code(&world, NOTHING))]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{}", browser.page.text());
}

#[tokio::test]
async fn a_start_forgets_no_other_factor_s_that_began_while_it_read_the_list() {
    let world = World::new().await;
    let mut browser = start_sms(&world, NOTHING).await;
    browser.press(CANCEL, &[]).await;
    world.pass(Duration::seconds(31));
    let mut tab = browser.tab();
    tab.open("/factors/totp").await;
    let start = tab.page.form(SCAN);
    let gate = hold_second_list(&world);
    let starting = tokio::spawn(async move { tab.send(&start).await.status });
    gate.reached().await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    gate.open();
    starting.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 1);
    browser.press(CANCEL, &[]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 0, "its record tells what it left");
}

#[tokio::test]
async fn a_cancellation_without_a_list_hides_nothing_that_a_waiting_confirmation_added() {
    let world = World::new().await;
    let (cancels, gate, confirming) = confirming(&world, FaultKind::HoldRequest).await;
    let cancel = cancels.page.form(CANCEL);
    world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
    cancels.request(&cancel).send().await.unwrap();
    world.tenant.faults().clear();
    gate.open();
    let confirms = confirming.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1);
    assert_eq!(confirms.page.path(), "/recovery-code", "{}", confirms.page.text());
}

/// The code of the first message is confirmed, or the set-up given up, while the second one is on its way.
#[tokio::test]
async fn another_code_reopens_no_set_up_that_has_ended_meanwhile() {
    for button in [CONFIRM, CANCEL] {
        for (method, path, answered) in [("GET", LIST, 0), ("GET", LIST, 1), ("POST", ASSOCIATE, 0)] {
            let case = format!("{button}, {path} after {answered}");
            let world = World::new().await;
            let mut browser = start_sms(&world, NOTHING).await;
            let code = || world.devices(NOTHING).messages().pop().unwrap().code;
            let (first, there) = (code(), browser.page.url.clone());
            let (mut end, resend) = (browser.page.form(button), browser.page.form(ANOTHER_CODE));
            world.pass(Duration::seconds(31));
            let gate = Gate::new();
            let pause = FaultKind::Delay(StdDuration::from_millis(1));
            world.tenant.faults().inject(Fault::new(method, path, pause).times(answered));
            let held = FaultKind::HoldRequest(gate.clone());
            world.tenant.faults().inject(Fault::new(method, path, held).times(1));
            let resending = tokio::spawn(browser.request(&resend).send());
            gate.reached().await;
            if button == CONFIRM {
                end.set("code", &first);
            }
            browser.send(&end).await;
            gate.open();
            resending.await.unwrap().unwrap();
            let active = || count(&world, NOTHING, Factor::Sms, true);
            assert_eq!(active(), usize::from(button == CONFIRM), "{case}");
            if method == "GET" {
                assert_eq!(world.devices(NOTHING).messages().len(), 1, "{case}");
            }
            browser.go(there).await;
            assert!(!browser.page.buttons().contains(&CONFIRM.to_owned()), "{case}: {}", browser.page.text());
            let mut again = resend.clone();
            again.set("code", &code());
            again.action = end.action.clone();
            browser.send(&again).await;
            assert_eq!(active(), usize::from(button == CONFIRM), "{case}");
        }
    }
}

#[tokio::test]
async fn cancelling_twice_at_once_is_harmless() {
    let world = World::new().await;
    let browser = start_totp(&world, APP_PHONE).await;
    let [one, two] = double_click(&browser, CANCEL, &[]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    assert_eq!(world.unfinished(APP_PHONE), 0);
}

// E-03
#[tokio::test]
async fn reloads_and_double_clicks_leave_one_unfinished_enrollment_per_factor() {
    let world = World::with(&[("limits", "off")]).await;
    world.tenant.configure(|settings| settings.recovery_codes = false);
    let mut first = world.signed_in(NOTHING).await;
    let mut second = first.tab();
    for round in 0..25 {
        first.open("/factors/totp").await;
        double_click(&first, SCAN, &[]).await;
        second.open("/factors/sms").await;
        double_click(&second, "Send the code", &[("Phone number", NUMBER)]).await;
        second.open("/factors/totp").await;
        second.press(SCAN, &[]).await;
        let here = second.page.path().to_owned();
        second.open(&here).await;
        if round % 5 == 0 {
            first.open("/factors/email").await;
            let address = format!("nora{round}@example.org");
            double_click(&first, "Send the code", &[("E-mail address", &address)]).await;
        }
        world.pass(Duration::seconds(3));
    }
    for factor in [Factor::Totp, Factor::Sms, Factor::Email] {
        assert!(count(&world, NOTHING, factor, false) <= 1, "{factor:?}");
    }
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 2 + 5);
}
