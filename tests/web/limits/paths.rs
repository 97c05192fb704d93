//! A limit holds on every path to the same act: set-up, another code, starting again, trying out.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, Fault, FaultKind};
use time::Duration;

use super::{NORA, SENT, TOO_MANY, text_to};
use crate::factors::ON_ITS_WAY;
use crate::support::redis::Redis;
use crate::support::{Browser, LIST, World};

const ALEX: &str = "app.phone@example.com";
const PIA: &str = "push@example.com";
const CANCEL: &str = "Cancel this set-up";
const TOO_SOON: &str = "A code was sent just now";
const TRY_PHONE: &str = "Test your phone ending 0167";

/// Half a minute, after which a target may be sent another message.
fn pause(world: &World) {
    world.pass(Duration::seconds(30));
}

/// Tries an authenticator out; returns the limit that the form ran into.
async fn try_out(browser: &mut Browser, link: &str, button: &str) -> String {
    browser.open("/").await;
    browser.follow(link).await;
    browser.press(button, &[]).await.limit()
}

async fn send_to(browser: &mut Browser, factor: &str, target: &str) -> String {
    let (button, field) = match factor {
        "email" => ("Send the code", "E-mail address"),
        "voice" => ("Call me now", "Phone number"),
        _ => ("Send the code", "Phone number"),
    };
    browser.open(&format!("/factors/{factor}")).await;
    browser.press(button, &[(field, target)]).await.limit()
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

// R-03
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

// R-02, V-35
#[tokio::test]
async fn the_pause_outlives_a_cancelled_set_up_in_every_spelling_and_channel() {
    let spellings = [
        ("sms", "voice", "+44 7700 900123", ["0044 7700 900123", "+447700900123", "+44 (7700) 900-123"]),
        (
            "voice",
            "sms",
            "+44 7700 900123",
            ["＋４４７７００９００１２３", "+44.7700.900123", "0044-7700-900123"],
        ),
        (
            "email",
            "email",
            "nora@bücher.example",
            ["Nora@bücher.example", "nora@BÜCHER.Example", "NORA@xn--bcher-kva.example"],
        ),
    ];
    for (first, second, target, others) in spellings {
        let world = World::new().await;
        let mut browser = world.signed_in(NORA).await;
        assert_eq!(send_to(&mut browser, first, target).await, SENT, "{}", browser.page.text());
        browser.press(CANCEL, &[]).await;
        for (factor, again) in others.iter().flat_map(|it| [(first, *it), (second, *it)]) {
            assert_eq!(send_to(&mut browser, factor, again).await, TOO_SOON, "{again}");
            assert!(browser.page.text().contains("Try again in a minute"), "{}", browser.page.text());
        }
        assert_eq!(world.devices(NORA).messages().len(), 1);
        pause(&world);
        assert_eq!(send_to(&mut browser, second, others[0]).await, SENT);
    }
}

// R-02, V-35
#[tokio::test]
async fn setting_up_and_trying_out_share_the_pause_of_a_number() {
    const NUMBER: &str = "+44 7700 900123";
    const TRY_NEW: &str = "Test your phone ending 0123";
    const TEXT_ME: &str = "Send me a text message";
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    assert_eq!(text_to(&mut browser, NUMBER).await, SENT);
    let code = world.devices(ALEX).messages().pop().unwrap().code;
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    let sent = || world.devices(ALEX).messages().len();
    let before = sent();
    for button in [TEXT_ME, "Call me"] {
        assert_eq!(try_out(&mut browser, TRY_NEW, button).await, ON_ITS_WAY, "{button}");
    }
    assert_eq!(sent(), before, "after setting up");
    assert_eq!(try_out(&mut browser, TRY_PHONE, TEXT_ME).await, SENT, "another number");
    pause(&world);
    assert_eq!(try_out(&mut browser, TRY_NEW, TEXT_ME).await, SENT);
    let before = sent();
    for (factor, button) in [("sms", "Send the code"), ("voice", "Call me now")] {
        // A number that is on the list is asked for twice.
        send_to(&mut browser, factor, NUMBER).await;
        let again = browser.press(button, &[("Phone number", NUMBER)]).await.limit();
        assert_eq!(again, TOO_SOON, "{factor}: {}", browser.page.text());
    }
    assert_eq!(sent(), before, "after trying out");
}

/// Confirms this number by a text, beside others that end alike.
async fn confirm(world: &World, browser: &mut Browser, email: &str, number: &str) {
    assert_eq!(text_to(browser, number).await, SENT, "{}", browser.page.text());
    let code = world.devices(email).messages().pop().unwrap().code;
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
    pause(world);
}

async fn world_without_proofs() -> World {
    World::with(&[("proof", "any")]).await
}

// R-02, R-03
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

// R-02, R-03
#[tokio::test]
async fn authenticators_of_one_number_share_its_pause() {
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(NORA).await;
    for _ in 0..3 {
        confirm(&world, &mut browser, NORA, "+44 7700 900123").await;
    }
    let texts = world.tenant.authenticators(NORA);
    assert_eq!(texts.iter().filter(|it| it.active && it.factor == Factor::Sms).count(), 3);
    let sent = || world.devices(NORA).messages().len();
    let before = sent();
    for button in ["Send me a text message", "Call me"] {
        for last in 1..=3 {
            try_out(&mut browser, &format!("Test your phone ending 0123 ({last})"), button).await;
        }
    }
    assert_eq!(sent() - before, 1);
    pause(&world);
    assert_eq!(try_out(&mut browser, "Test your phone ending 0123 (3)", "Call me").await, SENT);
}

/// The tenant's list does not tell whether it is one number.
// R-02
#[tokio::test]
async fn phones_from_elsewhere_that_end_alike_share_a_pause() {
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(NORA).await;
    for _ in 0..2 {
        confirm(&world, &mut browser, NORA, "+44 7700 900123").await;
    }
    let elsewhere = world.beside(&[("proof", "any")]);
    let mut browser = elsewhere.signed_in(NORA).await;
    let sent = || world.devices(NORA).messages().len();
    let before = sent();
    for last in [1, 2] {
        try_out(&mut browser, &format!("Test your phone ending 0123 ({last})"), "Send me a text message")
            .await;
    }
    assert_eq!(sent() - before, 1);
}

// R-02
#[tokio::test]
async fn a_phone_from_elsewhere_and_a_set_up_that_ends_alike_share_a_pause() {
    const ALIKE: &str = "+1 202 555 0167";
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(ALEX).await;
    let sent = || world.devices(ALEX).messages().len();
    let before = sent();
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, SENT);
    world.pass(Duration::seconds(15));
    assert_eq!(text_to(&mut browser, ALIKE).await, TOO_SOON);
    assert_eq!(sent() - before, 1, "a trial first");
    world.pass(Duration::seconds(15));
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Call me").await, SENT, "a refused set-up is no message");
    pause(&world);
    assert_eq!(text_to(&mut browser, ALIKE).await, SENT);
    browser.press(CANCEL, &[]).await;
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, ON_ITS_WAY);
    assert_eq!(sent() - before, 3, "a set-up first");
}

// R-02
#[tokio::test]
async fn a_refused_set_up_ends_no_pause_of_a_number_that_ends_alike() {
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(ALEX).await;
    assert_eq!(text_to(&mut browser, "+1 202 555 0167").await, SENT);
    browser.press(CANCEL, &[]).await;
    world.upset("POST", "/mfa/associate", FaultKind::json(429, r#"{"error":"too_many_requests"}"#));
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900167")]).await;
    // One that ends alike is on the list already.
    browser.press("Send the code", &[]).await;
    assert_eq!(browser.page.status, 429);
    let sent = || world.devices(ALEX).messages().len();
    let before = sent();
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, ON_ITS_WAY);
    assert_eq!(sent(), before);
    pause(&world);
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, SENT);
}

// R-02
#[tokio::test]
async fn a_refused_set_up_begins_no_pause_of_a_number_that_ends_alike() {
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(ALEX).await;
    world.upset("POST", "/mfa/associate", FaultKind::json(429, r#"{"error":"too_many_requests"}"#));
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900167")]).await;
    browser.press("Send the code", &[]).await;
    assert_eq!(browser.page.status, 429);
    assert_eq!(try_out(&mut browser, TRY_PHONE, "Send me a text message").await, SENT);
}

/// Each looks for the other's pause before either has begun its own.
// R-02
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_and_a_trial_at_once_send_one_message() {
    let Some(redis) = Redis::start() else { return };
    for _ in 0..3 {
        let world = World::with(&[("proof", "any"), ("session-store", &redis.url())]).await;
        let mut browser = world.signed_in(ALEX).await;
        browser.open("/").await;
        browser.follow(TRY_PHONE).await;
        let trial = browser.page.form("Send me a text message");
        browser.open("/factors/voice").await;
        browser.press("Call me now", &[("Phone number", "+1 202 555 0167")]).await;
        let start = browser.page.form("Call me now");
        for round in 0..8 {
            let before = world.devices(ALEX).messages().len();
            // Both begin at the moment at which it ends.
            redis.ask::<()>("CLIENT PAUSE 200 WRITE");
            let both = [&trial, &start].map(|form| tokio::spawn(browser.request(form).send()));
            for one in both {
                one.await.unwrap().unwrap();
            }
            assert!(world.devices(ALEX).messages().len() <= before + 1, "round {round}");
            pause(&world);
        }
        redis.ask::<()>("FLUSHDB");
    }
}

/// One of them is refused by the tenant and ends its pause while the other begins its own.
// R-02
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_ends_no_pause_that_begins_at_once_for_a_number_that_ends_alike() {
    const ELSEWHERE: &str = "/authenticators/try?id=sms%7Cdev_AppPhonePhon0001";
    let Some(redis) = Redis::start() else { return };
    for _ in 0..4 {
        let world = World::with(&[("proof", "any"), ("session-store", &redis.url())]).await;
        let mut browser = world.signed_in(ALEX).await;
        confirm(&world, &mut browser, ALEX, "+44 7700 900167").await;
        browser.open("/").await;
        let alike = [1, 2].map(|it| browser.page.link(&format!("{TRY_PHONE} ({it})")));
        let own = alike.iter().find(|it| !it.as_str().ends_with(ELSEWHERE)).unwrap();
        browser.open(own.as_str()).await;
        let trial = browser.page.form("Send me a text message");
        browser.open("/factors/voice").await;
        browser.press("Call me now", &[("Phone number", "+1 202 555 0167")]).await;
        let start = browser.page.form("Call me now");
        for round in 0..3 {
            let before = world.devices(ALEX).messages().len();
            world.upset("POST", "/mfa/challenge", FaultKind::json(429, r#"{"error":"too_many_requests"}"#));
            // Both begin at the moment at which it ends.
            redis.ask::<()>("CLIENT PAUSE 200 WRITE");
            let both = [&trial, &start].map(|form| tokio::spawn(browser.request(form).send()));
            let mut set_up = None;
            for one in both {
                let answer = one.await.unwrap().unwrap();
                let target = answer.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
                set_up = set_up.or(target.filter(|it| it.starts_with("/factors/voice/")));
            }
            assert_eq!(world.devices(ALEX).messages().len(), before + 1, "round {round}");
            browser.open(ELSEWHERE).await;
            browser.press("Send me a text message", &[]).await;
            assert_eq!(browser.page.limit(), ON_ITS_WAY, "round {round}");
            pause(&world);
            if let Some(set_up) = set_up {
                browser.open(&set_up).await;
                browser.press(CANCEL, &[]).await;
            }
        }
        redis.ask::<()>("FLUSHDB");
    }
}

/// Its code is in the person's hands already.
// R-01
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

// R-02
#[tokio::test]
async fn other_numbers_that_end_alike_have_pauses_of_their_own_when_tried_out() {
    let world = world_without_proofs().await;
    let mut browser = world.signed_in(NORA).await;
    for number in ["+44 7700 900123", "+1 202 555 0123"] {
        confirm(&world, &mut browser, NORA, number).await;
    }
    for last in [1, 2] {
        let link = format!("Test your phone ending 0123 ({last})");
        assert_eq!(try_out(&mut browser, &link, "Call me").await, SENT, "{last}");
    }
}

/// The password alone cannot hold the owner's number up with another one.
// R-02
#[tokio::test]
async fn numbers_that_end_alike_have_pauses_of_their_own() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(text_to(&mut browser, "+1 202 555 0123").await, SENT);
    browser.press(CANCEL, &[]).await;
    assert_eq!(text_to(&mut browser, "+44 7700 900123").await, SENT, "{}", browser.page.text());
    assert_eq!(world.devices(NORA).messages().len(), 2);
}

#[tokio::test]
async fn the_pause_after_another_code_outlives_a_cancelled_set_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    text_to(&mut browser, "+44 7700 900123").await;
    pause(&world);
    browser.press("Send another code", &[]).await;
    assert_eq!(world.devices(NORA).messages().len(), 2);
    browser.press(CANCEL, &[]).await;
    assert_eq!(text_to(&mut browser, "+44 7700 900123").await, TOO_SOON);
    assert_eq!(world.devices(NORA).messages().len(), 2);
}

// R-03
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

#[tokio::test]
async fn a_start_refused_by_the_tenant_leaves_no_pause() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let refusal = r#"{"error":"too_many_requests"}"#;
    for call in [("POST", "/mfa/associate"), ("GET", "/mfa/authenticators")] {
        world.upset(call.0, call.1, FaultKind::json(429, refusal));
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
        assert_eq!(browser.page.status, 429);
    }
    assert_eq!(text_to(&mut browser, "+44 7700 900123").await, SENT, "nothing was sent");
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
