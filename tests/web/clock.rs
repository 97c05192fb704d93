//! Clock drift between portal and tenant, and clocks that are set: sign-in tolerates a minute, and no session lives
//! longer.

use reqwest::StatusCode;
use time::Duration;

use crate::support::{Browser, Log, World};

const NORA: &str = "nothing@example.com";
const HEADING: &str = "Two-step verification";

/// Whether the session still opens a page that needs no call to the tenant.
async fn is_signed_in(browser: &Browser) -> bool {
    let mut tab = browser.tab();
    tab.open("/sign-out").await.html.contains("Signed in as")
}

// P-10
#[tokio::test]
async fn a_minute_of_clock_drift_is_tolerated_at_sign_in_and_step_up() {
    for ahead in [Duration::MINUTE, -Duration::MINUTE] {
        let world = World::new().await;
        world.set_ahead(ahead);
        let mut browser = world.signed_in(NORA).await;
        assert_eq!(browser.page.heading(), HEADING, "{ahead}");
        world.pass(Duration::minutes(11));
        browser.open("/").await;
        assert_eq!(browser.page.heading(), HEADING, "silently, {ahead}");
        browser.open("/factors/totp").await;
        assert_eq!(browser.page.heading(), "Sign in", "{ahead}");
        browser.pass_sign_in(NORA).await;
        assert_eq!((browser.page.path(), browser.page.status), ("/factors/totp", StatusCode::OK), "{ahead}");
    }
}

// P-10
#[tokio::test]
async fn five_minutes_of_clock_drift_are_explained_on_the_page_and_in_the_log() {
    for minutes in [5, -5] {
        let (world, log) = (World::new().await, Log::begin());
        world.set_ahead(Duration::minutes(minutes));
        let mut browser = world.signed_in(NORA).await;
        assert_eq!(
            (browser.page.status, browser.page.heading().as_str()),
            (StatusCode::BAD_GATEWAY, "The sign-in did not work")
        );
        let text = browser.page.text();
        assert!(text.contains("clock") && text.contains("not your fault"), "{text}");
        assert!(!is_signed_in(&browser).await);
        let line = log.troubles_of(browser.page.header("x-request-id")).concat();
        assert!(line.contains("300 s apart") && line.contains("NTP"), "{line}");
        assert!(line.contains("2026-11-22 12:00:00") && line.contains("2026-11-22 1"), "both clocks: {line}");
        world.set_ahead(Duration::ZERO);
        browser.follow("Sign in again").await;
        browser.pass_sign_in(NORA).await;
        assert_eq!(browser.page.heading(), HEADING);
    }
}

// S-08
#[tokio::test]
async fn setting_the_clock_back_prolongs_no_session() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(5));
    world.set_ahead(-Duration::minutes(5));
    browser.open("/factors").await;
    assert!(browser.page.text_of("header").contains("4 minutes left"), "{}", browser.page.text_of("header"));
    world.pass(Duration::seconds(269));
    assert!(is_signed_in(&browser).await);
    world.pass(Duration::SECOND);
    assert!(!is_signed_in(&browser).await, "nine and a half minutes have passed, whatever the clock shows");
}

#[tokio::test]
async fn setting_the_clock_back_before_a_session_began_ends_it() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    world.set_ahead(-Duration::HOUR);
    assert!(!is_signed_in(&browser).await);
}

// P-10
#[tokio::test]
async fn setting_the_clock_forward_and_back_prolongs_no_session() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    world.set_ahead(Duration::HOUR);
    assert!(!is_signed_in(&browser).await);
    world.set_ahead(Duration::ZERO);
    world.pass(Duration::seconds(570));
    assert!(!is_signed_in(&browser).await);
}

// U-01
#[tokio::test]
async fn setting_the_clock_back_makes_no_sign_in_fresher() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(5));
    browser.open("/sign-in").await;
    assert_eq!(browser.page.heading(), HEADING, "silently: the proof is five minutes old");
    world.set_ahead(-Duration::minutes(4));
    world.pass(Duration::minutes(4));
    assert_eq!(browser.open("/factors/totp").await.path(), "/factors/totp");
    world.pass(Duration::minutes(1));
    assert_eq!(browser.open("/factors/totp").await.heading(), "Sign in", "it is ten minutes old");
}

/// Two processes share only the wall clock, so the tenant's token lifetime is what ends the session.
#[tokio::test]
async fn a_session_in_another_process_ends_with_the_tenants_token() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("store").display());
    let first = World::with(&[("session-store", &store)]).await;
    let mut browser = first.signed_in(NORA).await;
    first.pass(Duration::minutes(5));
    let second = first.beside(&[("session-store", &store)]);
    second.set_ahead(-Duration::minutes(5));
    first.pass(Duration::minutes(5));
    let at = |path: &str| second.portal.join(path).unwrap();
    let is_signed_in =
        async |browser: &mut Browser| browser.go(at("sign-out")).await.html.contains("Signed in as");
    assert!(is_signed_in(&mut browser).await, "by the clock, five");
    browser.go(at("")).await;
    let shown = (browser.page.status, browser.page.heading());
    assert_eq!(shown, (StatusCode::UNAUTHORIZED, "Your visit has ended".to_owned()));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn setting_all_clocks_back_does_not_keep_new_keys_out() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    world.pass(-Duration::HOUR);
    world.tenant.rotate_keys();
    world.tenant.rotate_keys();
    world.tenant.forget_previous_keys();
    world.tenant.sign_out_everywhere();
    assert_eq!(world.signed_in(NORA).await.page.heading(), HEADING);
}
