//! Hundreds of planted cookies: they neither make an answer long nor keep anybody from signing in.

use reqwest::StatusCode;

use super::{NORA, cookie, get_with, https, set_cookies};
use crate::support::World;

// L-17
#[tokio::test]
async fn disguised_sign_ins_by_the_hundred_are_never_answered() {
    let world = https().await;
    let names = ["%5F%5FHost-", "\u{2000}__Host-", "__host-", "%5f_Host-"];
    let mut planted: Vec<String> =
        (0..100).map(|n| format!("{}mfa-portal-sign-in.{n:08}=x", names[n % names.len()])).collect();
    planted.push(format!("{}={}", "%5F%5FHost-mfa-portal-session", "A".repeat(22)));
    for path in ["/", "/sign-in", "/signed-out", "/factors/sms", "/callback?state=00000000&code=x"] {
        let before = get_with(&world, path, "").await;
        let answer = get_with(&world, path, planted.join("; ")).await;
        assert_eq!(answer.status(), before.status(), "{path}");
        assert_eq!(set_cookies(&answer).len(), set_cookies(&before).len(), "{path}");
    }
}

#[tokio::test]
async fn two_thousand_small_cookies_change_nothing() {
    let world = https().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let (name, sealed) = cookie(&browser, "sign-in");
    let small = "a=b; ".repeat(2_000);
    let address = format!("{}?{}", callback.path(), callback.query().unwrap());
    let answer = get_with(&world, &address, format!("{small}{name}={sealed}")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let set = set_cookies(&answer);
    let session = set.iter().find(|it| it.starts_with("__Host-mfa-portal-session=")).unwrap();
    let session = session.split(';').next().unwrap();
    let answer = get_with(&world, "/", format!("{small}{session}")).await;
    assert_eq!((answer.status(), set_cookies(&answer)), (StatusCode::OK, vec![]));
}

/// The words in the names of all other cookies.
const OTHERS: [&str; 13] = [
    "session",
    "draft",
    "deep-link",
    "framed-deep-link",
    "linked-sign-in",
    "known-browser",
    "signed-out",
    "frame",
    "locale",
    "language",
    "theme",
    "background",
    "sign-in",
];

// L-17
#[tokio::test]
async fn an_answer_deletes_at_most_five_cookies() {
    // Without https, other applications of the host can plant even our own names.
    let world = World::new().await;
    let mut browser = world.browser();
    for n in 0..150 {
        browser.plant(&format!("mfa-portal-sign-in.{n:08}=x; Path=/"));
    }
    for name in OTHERS {
        browser.plant(&format!("mfa-portal-{name}=AAAAAAAAAAAAAAAAAAAAAA; Path=/"));
    }
    for path in [
        "/",
        "/sign-in",
        "/sign-in?next=%2Ffactors&language=fr&theme=dark",
        "/?action=add&language=fr&theme=dark",
        "/signed-out",
        "/callback?state=00000000&code=x",
        "/no-such-page",
    ] {
        let answer = get_with(&world, path, browser.cookies()).await;
        let deleted = set_cookies(&answer).iter().filter(|it| it.contains("Max-Age=0")).count();
        assert!(deleted <= 5, "{path}: {:?}", set_cookies(&answer));
    }
    browser.open("/sign-in").await;
    browser.pass_sign_in(NORA).await;
    assert!(browser.page.html.contains(NORA), "{}", browser.page.text());
}

#[tokio::test]
async fn planted_sign_ins_disappear_before_genuine_ones() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    for n in 0..20 {
        browser.plant(&format!("mfa-portal-sign-in.{n:08}=x; Path=/"));
    }
    for _ in 0..4 {
        browser.tab().until_callback(NORA).await;
    }
    browser.go(callback).await;
    assert!(browser.page.html.contains(NORA), "{}", browser.page.text());
}
