//! The pause between two messages of a person to one target, whatever they do to get another one.

use emulated_tenant::{Factor, FaultKind};
use time::Duration;

use super::paths::{ALEX, CANCEL, TOO_SOON, TRY_PHONE, confirm, pause, try_out, world_without_proofs};
use super::{NORA, SENT, text_to};
use crate::factors::ON_ITS_WAY;
use crate::support::redis::Redis;
use crate::support::{Browser, World};

async fn send_to(browser: &mut Browser, factor: &str, target: &str) -> String {
    let (button, field) = match factor {
        "email" => ("Send the code", "E-mail address"),
        "voice" => ("Call me now", "Phone number"),
        _ => ("Send the code", "Phone number"),
    };
    browser.open(&format!("/factors/{factor}")).await;
    browser.press(button, &[(field, target)]).await.limit()
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
