//! The portal's own limits, stricter than the tenant's: counted in the store, explained on the page.

mod breaker;
mod paths;
mod pauses;
mod persons;
mod readme;

use mfa_portal::internals::canonical;
use time::Duration;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";
const ASSOCIATE: &str = "/mfa/associate";

const TOO_MANY: &str = "Too many codes were sent";
/// No limit.
const SENT: &str = "";

/// Asks for a text message; returns the limit that the form ran into.
async fn text_to(browser: &mut Browser, number: &str) -> String {
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", number)]).await;
    if browser.page.count("[name=anyway]") > 0 {
        browser.press("Send the code", &[]).await;
    }
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser.page.limit()
}

//
#[tokio::test]
async fn a_person_may_request_eight_messages_in_ten_minutes() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for last in 0..8 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
    assert_eq!(text_to(&mut browser, "+44 7700 900109").await, TOO_MANY);
    assert_eq!(world.tenant.journal().count("POST", ASSOCIATE), 8, "the tenant is not asked");
    assert!(browser.page.text().contains("Try again in 10 minutes"), "{}", browser.page.text());
    assert!(browser.page.text().contains("Nothing was changed"));
    assert_eq!(
        (browser.page.path(), browser.page.field("Phone number").as_str()),
        ("/factors/sms", "phone_number")
    );
    world.pass(Duration::minutes(10));
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(text_to(&mut browser, "+44 7700 900109").await, SENT);
}

/// Spellings of one number or mailbox, the first as its owner writes it.
const SPELLINGS: [&[&str]; 20] = [
    &["+541123456789", "+5491123456789", "+54911234567890"],
    &["+551161234567", "+5511961234567"],
    &["+525512345678", "+5215512345678"],
    &["+378886377", "+3780549886377", "+390549886377"],
    &["+22990011234", "+2290190011234"],
    &["+24166031234", "+2416031234", "+24106031234"],
    &["+24111761616", "+2411761616", "+24101761616"],
    &["+970599123456", "+972599123456", "+9720599123456"],
    &["+970561234567", "+972561234567"],
    &["+97082821234", "+97282821234"],
    &["+4915123456789", "+491512345678900"],
    &["+447400123456", "+44740012345678"],
    &[
        "pat@example.com",
        "PAT@example.com",
        "pat+7@example.com",
        "\"pat\"@example.com",
        "\"p\\at\"@example.com",
        "p.a.t@example.com",
        "p-a-t@example.com",
        "p_at@example.com",
        "pat@EXAMPLE.com.",
        "pat@example。com",
        "pat@ｅｘａｍｐｌｅ.com",
    ],
    &["pat@gmail.com", "pat@googlemail.com", "p.at+1@GoogleMail.com"],
    &["pat@icloud.com", "pat@me.com", "pat@mac.com"],
    &["pat@proton.me", "pat@protonmail.com", "pat@pm.me", "p_a-t@protonmail.ch"],
    &["p-at@yandex.ru", "p.at@ya.ru"],
    &["pat@fastmail.com", "x@pat.fastmail.com", "y+z@PAT.fastmail.com"],
    &["pat@sent.com", "x@pat.sent.com", "y+z@PAT.sent.com"],
    &["ren\u{e9}@example.com", "rene\u{301}@example.com", "RENE\u{301}@example.com"],
];

#[test]
fn spellings_that_reach_one_phone_or_mailbox_share_a_counter() {
    for spellings in SPELLINGS {
        for spelling in spellings {
            assert_eq!(canonical(spelling), canonical(spellings[0]), "{spelling}");
        }
    }
    let of_others = [
        "+447700900124",
        "+5491123456788",
        "+5511961234568",
        "+390659886377",
        "+22990011235",
        "+24177031234",
        "+24162031234",
        "+24176031234",
        "+24161761616",
        "+970599123457",
        "+972541234567",
        "+97283821234",
        "tap@example.com",
        "+@example.com",
        "pat@example.org",
        "pat@gmail.example",
        "pat@notfastmail.com",
        "pat@fastmail.com.example",
        "rene@example.com",
    ];
    let mut counted: Vec<_> = SPELLINGS.iter().map(|it| it[0]).chain(of_others).map(canonical).collect();
    let all = counted.len();
    counted.sort();
    counted.dedup();
    assert_eq!(counted.len(), all, "others have counters of their own");
}

// R-02, V-34
#[tokio::test]
async fn a_number_is_limited_across_people_and_spellings() {
    let world = World::new().await;
    let spellings = ["+44 7700 900123", "0044 7700 900123", "+447700900123", "+44 (7700) 900-123"];
    let mut nora = world.signed_in(NORA).await;
    for spelling in spellings.iter().cycle().take(8) {
        assert_eq!(text_to(&mut nora, spelling).await, SENT);
        nora.press("Cancel this set-up", &[]).await;
        world.pass(Duration::seconds(30));
    }
    let mut alex = world.signed_in("app.phone@example.com").await;
    for spelling in spellings {
        assert_eq!(text_to(&mut alex, spelling).await, SENT);
        alex.press("Cancel this set-up", &[]).await;
        world.pass(Duration::seconds(30));
    }
    assert_eq!(text_to(&mut alex, spellings[0]).await, TOO_MANY);
}

// R-04, V-29
#[tokio::test]
async fn the_sixth_code_ends_the_enrollment_even_if_it_is_right() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    for _ in 0..5 {
        browser.press("Confirm", &[("Six-digit code", "000000")]).await;
        assert!(browser.page.alert().contains("wrong"), "{}", browser.page.text());
    }
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(
        (browser.page.path(), browser.page.limit().as_str()),
        ("/factors/totp", "Too many wrong codes")
    );
    assert_eq!(world.unfinished(NORA), 1, "only the recovery code that came with it is left");
    browser.open("/").await;
    assert!(!browser.page.text().contains("never finished"));
}

// R-04, V-04
#[tokio::test]
async fn concurrent_wrong_codes_are_all_counted() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let mut form = browser.page.form("Confirm");
    form.set("code", "000000");
    let tries: Vec<_> = (0..20).map(|_| tokio::spawn(browser.request(&form).send())).collect();
    for one in tries {
        one.await.unwrap().unwrap();
    }
    let journal = world.tenant.journal().requests();
    assert!(journal.iter().filter(|it| it.body.contains("mfa-otp")).count() <= 5);
}

#[tokio::test]
async fn limits_can_be_switched_off() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = world.signed_in(NORA).await;
    for last in 0..10 {
        assert_eq!(text_to(&mut browser, &format!("+44 7700 90010{last}")).await, SENT);
    }
}
