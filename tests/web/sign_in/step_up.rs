//! Step-up: a change needs a recent sign-in. A person with an old one signs in again and returns to the same page.

use emulated_tenant::Tamper;
use reqwest::StatusCode;
use reqwest::header::COOKIE;
use serde_json::json;
use time::Duration;
use url::Url;

use super::{LIST, NORA, has_session, parameter, session_id};
use crate::support::{Browser, World};

/// Another person, for a step-up that comes back with a different `sub`.
const PIA: &str = "push@example.com";

/// Nora, signed in again by the tenant's own session, whose password proof is eleven minutes old.
async fn silently_signed_in(world: &World) -> Browser {
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(11));
    assert_eq!(browser.open("/").await.heading(), LIST);
    browser
}

/// The authorization request of the last navigation.
fn asked(browser: &Browser) -> Url {
    browser.journey.iter().find(|url| url.path() == "/authorize").cloned().unwrap()
}

#[tokio::test]
async fn reading_pages_need_no_step_up() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    for page in ["/", "/factors", "/sign-out"] {
        assert_eq!((browser.open(page).await.status, browser.page.path()), (StatusCode::OK, page));
    }
}

#[tokio::test]
async fn a_recent_password_needs_no_step_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(9));
    assert_eq!(browser.open("/factors/totp").await.path(), "/factors/totp");
    assert_eq!(browser.journey.len(), 1);
}

// L-14, U-01
#[tokio::test]
async fn an_old_sign_in_steps_up_and_returns_to_the_same_page() {
    for page in ["/factors/totp", "/factors/sms", "/factors/email", "/recovery-code"] {
        let world = World::new().await;
        let mut browser = silently_signed_in(&world).await;
        browser.open(page).await;
        assert_eq!(browser.page.heading(), "Sign in", "{page}");
        assert_eq!(parameter(&asked(&browser), "max_age").as_deref(), Some("0"));
        browser.pass_sign_in(NORA).await;
        assert_eq!((browser.page.path(), browser.page.status), (page, StatusCode::OK));
        assert_eq!(browser.open("/factors/totp").await.path(), "/factors/totp", "once is enough");
    }
}

#[tokio::test]
async fn a_form_after_an_old_sign_in_does_nothing_and_links_to_the_step_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    world.pass(Duration::minutes(11));
    let form = browser.page.form("Send the code");
    let mut elsewhere = browser.tab();
    elsewhere.open("/").await;
    let mut form = form;
    form.set("phone_number", "+44 7700 900123");
    form.set("csrf_token", &csrf_token(&mut elsewhere).await);
    world.tenant.journal().clear();
    browser.send(&form).await;
    assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.page.heading(), "Please confirm that it is you");
    assert!(browser.page.text().contains("Nothing was changed"));
    assert_eq!(browser.journey.len(), 1, "a form is never redirected to the tenant");
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 0);
    browser.follow("Continue").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/sms");
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 0, "nothing is sent for the person");
}

// U-01
#[tokio::test]
async fn an_old_or_missing_auth_time_fails_the_step_up() {
    let old = |token: &mut emulated_tenant::Token| token.claims["auth_time"] = json!(1_795_348_800);
    let none =
        |token: &mut emulated_tenant::Token| drop(token.claims.as_object_mut().unwrap().remove("auth_time"));
    for tamper in [Tamper::edit(old), Tamper::edit(none)] {
        let world = World::new().await;
        let mut browser = silently_signed_in(&world).await;
        world.tenant.tamper_id_token(tamper);
        browser.open("/factors/totp").await;
        browser.pass_sign_in(NORA).await;
        assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.page.heading(), "We asked you to sign in once more");
        browser.open("/factors/totp").await;
        assert_eq!(browser.page.heading(), "Sign in", "the old session is no fresher than before");
    }
}

// The page of the refusal would lead round in circles if it forgot what the step-up was for.
#[tokio::test]
async fn a_step_up_that_proved_nothing_leads_to_another_one_and_on_to_its_page() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    let old = |token: &mut emulated_tenant::Token| token.claims["auth_time"] = json!(1_795_348_800);
    world.tenant.tamper_id_token(Tamper::edit(old));
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.heading(), "We asked you to sign in once more");
    browser.follow("Sign in again").await;
    assert_eq!(browser.page.heading(), "Sign in", "asked anew");
    browser.pass_sign_in(NORA).await;
    assert_eq!((browser.page.status, browser.page.path()), (StatusCode::OK, "/factors/totp"));
}

// U-01
#[tokio::test]
async fn a_session_without_auth_time_needs_a_step_up() {
    let world = World::new().await;
    let without =
        |token: &mut emulated_tenant::Token| drop(token.claims.as_object_mut().unwrap().remove("auth_time"));
    world.tenant.tamper_id_token(Tamper::edit(without));
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.page.heading(), LIST);
    assert_eq!(browser.open("/factors/totp").await.heading(), "Sign in");
}

// L-16, V-03
#[tokio::test]
async fn a_step_up_as_another_person_ends_the_session() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    let before = browser.cookies();
    browser.open("/factors/totp").await;
    assert_eq!(browser.page.heading(), "Sign in");
    browser.pass_sign_in(PIA).await;
    assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.page.heading(), "That was another account");
    let text = browser.page.text();
    assert!(text.contains("Your visit here has ended") && !text.contains("signed out"), "{text}");
    assert!(!has_session(&browser), "{}", browser.cookies());
    let replay =
        world.browser().client().get(world.portal.clone()).header(COOKIE, before).send().await.unwrap();
    assert!(replay.headers()["location"].to_str().unwrap().starts_with("/sign-in"));
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 0);
}

// L-16
#[tokio::test]
async fn a_step_up_that_ends_beside_another_person_s_session_ends_that_one() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    browser.open("/factors/totp").await;
    assert_eq!(browser.page.heading(), "Sign in");
    let mut tab = browser.tab();
    tab.open("/sign-in?another=yes").await;
    tab.pass_sign_in(PIA).await;
    assert!(has_session(&tab));
    browser.pass_sign_in(NORA).await;
    assert_eq!((browser.page.status, has_session(&browser)), (StatusCode::FORBIDDEN, false));
}

/// A browser on the tenant's page in the middle of a step-up, whose session has ended meanwhile.
async fn signed_out_during_step_up(world: &World) -> Browser {
    let mut browser = silently_signed_in(world).await;
    browser.open("/factors/totp").await;
    assert_eq!(browser.page.heading(), "Sign in");
    let mut elsewhere = browser.tab();
    elsewhere.open("/sign-out").await;
    elsewhere.press("Sign out", &[]).await;
    assert!(!has_session(&browser));
    browser
}

// L-16
#[tokio::test]
async fn a_step_up_as_another_person_is_refused_after_a_sign_out_too() {
    let world = World::new().await;
    let mut browser = signed_out_during_step_up(&world).await;
    browser.pass_sign_in(PIA).await;
    assert_eq!((browser.page.status, has_session(&browser)), (StatusCode::FORBIDDEN, false));
    assert_eq!(browser.page.heading(), "That was another account");
    let text = browser.page.text();
    assert!(text.contains("Your visit here has ended") && !text.contains("signed out"), "{text}");
}

// L-16
#[tokio::test]
async fn a_step_up_as_another_person_is_refused_after_the_session_lapsed() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    world.pass(Duration::minutes(9));
    browser.open("/factors/totp").await;
    world.pass(Duration::minutes(1));
    browser.pass_sign_in(PIA).await;
    assert_eq!(
        (browser.page.status, has_session(&browser)),
        (StatusCode::FORBIDDEN, false),
        "{}",
        browser.page.text()
    );
}

// L-16
#[tokio::test]
async fn the_same_person_may_finish_a_step_up_after_a_sign_out() {
    let world = World::new().await;
    let mut browser = signed_out_during_step_up(&world).await;
    browser.pass_sign_in(NORA).await;
    assert_eq!((browser.page.status, browser.page.path()), (StatusCode::OK, "/factors/totp"));
}

// L-15
#[tokio::test]
async fn a_step_up_replaces_the_session_id() {
    let world = World::new().await;
    let mut browser = silently_signed_in(&world).await;
    let (id, before) = (session_id(&browser), browser.cookies());
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    assert_ne!(session_id(&browser), id);
    let replay =
        world.browser().client().get(world.portal.clone()).header(COOKIE, before).send().await.unwrap();
    assert_eq!(replay.status(), StatusCode::SEE_OTHER);
    assert!(replay.headers()["location"].to_str().unwrap().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_recent_mfa_challenge_needs_no_step_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(super::ALEX).await;
    world.pass(Duration::minutes(9));
    assert_eq!(browser.open("/factors/totp").await.path(), "/factors/totp");
    assert_eq!(browser.journey.len(), 1);
}

/// The CSRF token of the current session.
async fn csrf_token(browser: &mut Browser) -> String {
    browser.open("/sign-out").await;
    browser.page.attr("[name=csrf_token]", "value").unwrap()
}
