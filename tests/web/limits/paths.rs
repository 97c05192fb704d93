//! A limit holds on every path to the same act: set-up, another code, starting again, trying out.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, Fault, FaultKind};
use time::Duration;

use super::{NORA, SENT, TOO_MANY, text_to};
use crate::support::{Browser, LIST, World};

pub(super) const ALEX: &str = "app.phone@example.com";
const PIA: &str = "push@example.com";
pub(super) const CANCEL: &str = "Cancel this set-up";
pub(super) const TOO_SOON: &str = "A code was sent just now";
pub(super) const TRY_PHONE: &str = "Test your phone ending 0167";

/// Half a minute, after which a target may be sent another message.
pub(super) fn pause(world: &World) {
    world.pass(Duration::seconds(30));
}

/// Tries an authenticator out; returns the limit that the form ran into.
pub(super) async fn try_out(browser: &mut Browser, link: &str, button: &str) -> String {
    browser.open("/").await;
    browser.follow(link).await;
    browser.press(button, &[]).await.limit()
}

// R-03, V-05
#[tokio::test]
async fn trying_out_shares_the_person_s_messages_with_setting_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    for last in 0..4 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
    for button in ["Send me a text message", "Call me", "Send me a text message", "Call me"] {
        pause(&world);
        assert_eq!(try_out(&mut browser, TRY_PHONE, button).await, SENT, "{button}");
    }
    pause(&world);
    let sent = world.devices(ALEX).messages().len();
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Call me").await, TOO_MANY);
    assert_eq!(text_to(&mut browser, "+44 7700 900109").await, TOO_MANY);
    assert_eq!(world.devices(ALEX).messages().len(), sent, "the tenant is not asked");
}

/// The starts of an hour are those of all factors.
#[tokio::test]
async fn messages_that_are_refused_use_up_no_starts() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for last in 0..8 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
    for last in 10..30 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 9001{last}")).await, TOO_MANY);
    }
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.count(".key"), 1, "{}", browser.page.text());
}

#[tokio::test]
async fn trying_out_for_a_day_sends_no_more_than_a_day_s_messages() {
    let world = World::new().await;
    let mut sent = 0;
    for _ in 0..30 {
        // The tenant's own limit is not under test.
        world.tenant.clear_limits();
        let mut browser = world.signed_in(ALEX).await;
        world.pass(Duration::minutes(5));
        let before = world.devices(ALEX).messages().len();
        try_out(&mut browser, TRY_PHONE, "Send me a text message").await;
        sent += world.devices(ALEX).messages().len() - before;
        world.pass(Duration::minutes(6));
    }
    assert_eq!(sent, 20);
}

//
#[tokio::test]
async fn push_requests_by_trying_out_are_limited() {
    let world = World::new().await;
    let mut browser = world.signed_in(PIA).await;
    let mut last = String::new();
    for _ in 0..9 {
        assert_eq!(last, SENT, "{}", browser.page.text());
        pause(&world);
        last = try_out(&mut browser, "Test push notifications", "Send a request to my phone").await;
    }
    assert_eq!(last, TOO_MANY);
}

/// Confirms this number by a text, beside others that end alike.
pub(super) async fn confirm(world: &World, browser: &mut Browser, email: &str, number: &str) {
    assert_eq!(text_to(browser, number).await, SENT, "{}", browser.page.text());
    let code = world.devices(email).messages().pop().unwrap().code;
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
    pause(world);
}

pub(super) async fn world_without_proofs() -> World {
    World::with(&[("proof", "any")]).await
}

//
#[tokio::test]
async fn trying_out_counts_by_the_number_whoever_has_confirmed_it() {
    const PEOPLE: [&str; 3] = [NORA, PIA, ALEX];
    const NUMBERS: [&str; 3] = ["+44 7700 900123", "0044 7700 900123", "+447700900123"];
    let world = world_without_proofs().await;
    let mut browsers = Vec::new();
    for (email, number) in PEOPLE.into_iter().zip(NUMBERS) {
        let mut browser = world.signed_in(email).await;
        confirm(&world, &mut browser, email, number).await;
        browsers.push(browser);
    }
    let mut sent = PEOPLE.len();
    'rounds: for button in ["Send me a text message", "Call me"].into_iter().cycle().take(6) {
        for browser in &mut browsers {
            let limit = try_out(browser, "Test your phone ending 0123", button).await;
            assert_eq!(limit, if sent < 12 { SENT } else { TOO_MANY }, "message {sent}");
            sent += 1;
            if sent > 12 {
                break 'rounds;
            }
        }
        pause(&world);
    }
    assert_eq!(sent, 13);
    let mut another = world.signed_in("eight@example.com").await;
    assert_eq!(text_to(&mut another, NUMBERS[0]).await, TOO_MANY, "setting up shares the count");
}

/// Its code is in the person's hands already.
//
#[tokio::test]
async fn a_refused_start_leaves_the_open_set_up_as_it_is() {
    const OTHER: &str = "+44 7700 900124";
    for refusal in ["pause", "limit", "list"] {
        let world = World::new().await;
        let mut browser = world.signed_in(NORA).await;
        if refusal == "pause" {
            assert_eq!(text_to(&mut browser, OTHER).await, SENT);
            browser.press(CANCEL, &[]).await;
        }
        let already = if refusal == "limit" { 7 } else { 0 };
        for last in 0..already {
            assert_eq!(text_to(&mut browser, &format!("+44 7700 90020{last}")).await, SENT);
            browser.press(CANCEL, &[]).await;
        }
        assert_eq!(text_to(&mut browser, "+44 7700 900123").await, SENT);
        let mut confirm = browser.page.form("Confirm");
        let code = world.devices(NORA).messages().pop().unwrap().code;
        let sent = world.devices(NORA).messages().len();
        if refusal == "list" {
            world.upset_always("GET", "/mfa/authenticators", FaultKind::json(503, "{}"));
        }
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", OTHER)]).await;
        world.tenant.faults().clear();
        assert_eq!(world.devices(NORA).messages().len(), sent, "{refusal}");
        confirm.set("code", &code);
        browser.send(&confirm).await;
        assert!(browser.page.notice().contains("added"), "{refusal}: {}", browser.page.text());
    }
}

/// Whichever list of a start fails, the earlier set-up goes on or ends, and sends no code that cannot work.
#[tokio::test]
async fn a_start_whose_list_fails_leaves_no_set_up_half_ended() {
    let mut ended = 0;
    for answered in 0..6 {
        let world = World::new().await;
        let mut browser = world.signed_in(NORA).await;
        assert_eq!(text_to(&mut browser, "+44 7700 900123").await, SENT);
        let (confirm, resend) = (browser.page.form("Confirm"), browser.page.form("Send another code"));
        browser.open("/factors/sms").await;
        let list = |kind| Fault::new("GET", LIST, kind);
        world.tenant.faults().inject(list(FaultKind::Delay(StdDuration::from_millis(1))).times(answered));
        world.tenant.faults().inject(list(FaultKind::json(503, "{}")));
        browser.press("Send the code", &[("Phone number", "+44 7700 900124")]).await;
        let has_begun = browser.page.status == 200;
        world.tenant.faults().clear();
        pause(&world);
        let sent = world.devices(NORA).messages().len();
        browser.send(&resend).await;
        let is_sent = world.devices(NORA).messages().len() > sent;
        let mut confirm = confirm;
        confirm.set("code", &world.devices(NORA).messages().pop().unwrap().code);
        browser.send(&confirm).await;
        let goes_on = browser.page.notice().contains("added");
        assert_eq!(is_sent, goes_on, "{answered}: {}", browser.page.text());
        ended += usize::from(!goes_on && !has_begun);
    }
    assert_eq!(ended, 1, "the list after the earlier one was given up");
}

//
#[tokio::test]
async fn a_second_session_of_the_person_has_no_pause_or_limit_of_its_own() {
    let world = World::new().await;
    let (mut one, mut two) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    assert_eq!(text_to(&mut one, "+44 7700 900123").await, SENT);
    one.press(CANCEL, &[]).await;
    assert_eq!(text_to(&mut two, "+44 7700 900123").await, TOO_SOON);
    for last in 0..7 {
        let browser = if last % 2 == 0 { &mut one } else { &mut two };
        assert_eq!(text_to(browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
    assert_eq!(text_to(&mut two, "+44 7700 900109").await, TOO_MANY);
}

// R-01, V-28
#[tokio::test]
async fn parallel_starts_and_tries_send_no_more_than_the_limit() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    for last in 0..6 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
    browser.open("/").await;
    browser.follow(TRY_PHONE).await;
    let tries = [browser.page.form("Send me a text message"), browser.page.form("Call me")];
    browser.open("/factors/voice").await;
    let mut starts = browser.page.form("Call me now");
    starts.set("phone_number", "+44 7700 900109");
    let all = tries.iter().chain([&starts]).cycle().take(30);
    let all: Vec<_> = all.map(|form| tokio::spawn(browser.request(form).send())).collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert_eq!(world.devices(ALEX).messages().len(), 8, "{:?}", world.devices(ALEX).last_code(Factor::Sms));
}
