//! The breaker for the texts and calls of the whole portal: it alarms, then refuses numbers not confirmed before.

use reqwest::StatusCode;
use time::Duration;

use super::{NORA, SENT, text_to};
use crate::support::{Browser, Log, World};

const ALEX: &str = "app.phone@example.com";
const EDDA: &str = "eight@example.com";
const MINE: &str = "+44 7700 900177";
const REFUSED: &str = "No messages to new numbers right now";

async fn world() -> World {
    // After the first number a password would no longer do.
    World::with(&[("message-ceiling", "4"), ("proof", "any")]).await
}

/// Uses up the ceiling with messages of another person.
async fn use_up(world: &World) {
    let mut edda = world.signed_in(EDDA).await;
    for last in 0..4 {
        text_to(&mut edda, &format!("+44 7700 90010{last}")).await;
    }
}

async fn confirm_number(world: &World, browser: &mut Browser, email: &str) {
    assert_eq!(text_to(browser, MINE).await, SENT);
    let code = world.devices(email).messages().last().unwrap().code.clone();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
}

/// Otherwise people who get no message could close a number to its owner.
//
#[tokio::test]
async fn what_the_breaker_refuses_uses_up_nothing_of_the_number_s_share() {
    let world = world().await;
    let mut nora = world.signed_in(NORA).await;
    confirm_number(&world, &mut nora, NORA).await;
    use_up(&world).await;
    for email in [ALEX, "push@example.com"] {
        let mut stranger = world.signed_in(email).await;
        for _ in 0..8 {
            assert_eq!(text_to(&mut stranger, MINE).await, REFUSED);
        }
    }
    world.pass(Duration::seconds(30));
    nora.open("/").await;
    nora.follow("Test your phone ending 0177").await;
    assert_eq!(nora.press("Send me a text message", &[]).await.limit(), SENT, "{}", nora.page.text());
}

//
#[tokio::test]
async fn above_the_ceiling_only_unconfirmed_numbers_are_refused() {
    let world = world().await;
    let mut nora = world.signed_in(NORA).await;
    confirm_number(&world, &mut nora, NORA).await;
    use_up(&world).await;
    let mut alex = world.signed_in(ALEX).await;
    let sent = world.devices(ALEX).messages().len();
    for factor in ["sms", "voice"] {
        alex.open(&format!("/factors/{factor}")).await;
        let button = if factor == "sms" { "Send the code" } else { "Call me now" };
        alex.press(button, &[("Phone number", MINE)]).await;
        assert_eq!(alex.page.limit(), REFUSED, "{factor}");
        assert!(alex.page.text().contains("Nothing was changed"));
    }
    assert_eq!(world.devices(ALEX).messages().len(), sent);
    // A listed number, e-mail, an app, and a number that this person confirmed before go on.
    alex.open("/").await;
    alex.follow("Test your phone ending 0167").await;
    assert_eq!(alex.press("Send me a text message", &[]).await.status, StatusCode::OK);
    alex.open("/factors/email").await;
    let address = [("E-mail address", "alex@example.org")];
    assert_eq!(alex.press("Send the code", &address).await.status, StatusCode::OK);
    alex.open("/factors/totp").await;
    assert_eq!(alex.press("Show me the QR code", &[]).await.status, StatusCode::OK);
    world.pass(Duration::seconds(30));
    assert_eq!(text_to(&mut nora, MINE).await, SENT, "{}", nora.page.text());
    nora.press("Cancel this set-up", &[]).await;
    assert_eq!(text_to(&mut nora, "+44 7700 900178").await, REFUSED);
    world.pass(Duration::HOUR);
    let mut alex = world.signed_in(ALEX).await;
    assert_eq!(text_to(&mut alex, MINE).await, SENT, "the next hour");
}

//
#[tokio::test]
async fn the_log_warns_at_half_and_says_when_the_breaker_refuses() {
    let log = Log::begin();
    let world = world().await;
    let mut edda = world.signed_in(EDDA).await;
    let lines = |words: &str| log.text().lines().filter(|line| line.contains(words)).count();
    let (half, full) = ("reached half of MESSAGE_CEILING", "reached MESSAGE_CEILING, refusing");
    for (last, seen) in [(0, 0), (0, 1), (0, 1), (0, 1), (1, 1), (1, 1)].into_iter().enumerate() {
        text_to(&mut edda, &format!("+44 7700 90010{last}")).await;
        assert_eq!((lines(full), lines(half)), seen, "message {last}: {}", log.text());
    }
    let text = log.text();
    assert!(!text.contains("770090010") && !text.contains("7700 90010"), "no number is logged: {text}");
}

#[tokio::test]
async fn refused_requests_of_one_person_do_not_use_up_the_ceiling() {
    let world = World::with(&[("message-ceiling", "10")]).await;
    let mut edda = world.signed_in(EDDA).await;
    for last in 0..30 {
        text_to(&mut edda, &format!("+44 7700 9001{last:02}")).await;
    }
    let mut alex = world.signed_in(ALEX).await;
    assert_eq!(text_to(&mut alex, MINE).await, SENT, "eight of ten are used");
}
