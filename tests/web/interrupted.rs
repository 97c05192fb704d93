//! Sessions that end in the middle of a task: after a new sign-in the person continues where they were.

use emulated_tenant::{Factor, Fault, FaultKind};
use time::Duration;

use crate::support::World;

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";

#[tokio::test]
async fn a_typed_number_survives_a_new_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    let mut form = browser.page.form("Send the code");
    form.set("phone_number", "07700 900123");
    form.set("country", "GB");
    world.pass(Duration::minutes(10));
    browser.send(&form).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 0);
    browser.follow("Sign in again").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/sms");
    assert_eq!(browser.page.attr("#phone_number", "value").as_deref(), Some("07700 900123"));
    assert_eq!(browser.page.attr("option[selected]", "value").as_deref(), Some("GB"));
    assert!(!browser.cookies().contains("900123"), "it is sealed: {}", browser.cookies());
    browser.press("Send the code", &[]).await;
    assert_eq!(browser.page.heading(), "Check your messages");
    browser.open("/factors/sms").await;
    assert_eq!(
        browser.page.attr("#phone_number", "value").as_deref(),
        Some(""),
        "kept no longer than needed"
    );
}

#[tokio::test]
async fn an_enrollment_continues_with_the_new_token() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(8));
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let (page, key) = (browser.page.path().to_owned(), browser.page.text_of(".key"));
    world.pass(Duration::minutes(3));
    browser.press("Confirm", &[("Six-digit code", "123456")]).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    browser.follow("Sign in again").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!((browser.page.path(), browser.page.text_of(".key")), (page.as_str(), key.clone()));
    let code = world.devices(NORA).totp_code_of(&key.replace(' ', "")).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().starts_with("Authenticator app added."), "{}", browser.page.html);
}

/// A token that the tenant has refused.
fn refused_token() -> FaultKind {
    FaultKind::json(401, r#"{"error":"expired_token","error_description":"mfa_token is expired"}"#)
}

#[tokio::test]
async fn a_refused_token_leads_back_to_the_set_up() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let (page, key) = (browser.page.path().to_owned(), browser.page.text_of(".key"));
    world.tenant.faults().inject(Fault::new("POST", "/oauth/token", refused_token()).times(1));
    browser.press("Confirm", &[("Six-digit code", "123456")]).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    browser.follow("Sign in again").await;
    assert_eq!((browser.page.path(), browser.page.text_of(".key")), (page.as_str(), key.clone()));
    let code = world.devices(NORA).totp_code_of(&key.replace(' ', "")).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().starts_with("Authenticator app added."), "{}", browser.page.html);
}

#[tokio::test]
async fn a_refused_token_leads_back_to_the_form_with_what_was_typed() {
    for (page, button, field, label, typed) in [
        ("/factors/sms", "Send the code", "phone_number", "Phone number", "+44 7700 900123"),
        ("/factors/voice", "Call me now", "phone_number", "Phone number", "+44 7700 900123"),
        ("/factors/email", "Send the code", "email", "E-mail address", "nora@example.org"),
    ] {
        let world = World::new().await;
        let mut browser = world.signed_in(NORA).await;
        browser.open(page).await;
        world.tenant.faults().inject(Fault::new("POST", "/mfa/associate", refused_token()).times(1));
        browser.press(button, &[(label, typed)]).await;
        assert_eq!((browser.page.heading().as_str(), page), ("Your visit has ended", page));
        browser.follow("Sign in again").await;
        assert_eq!(browser.page.path(), page);
        assert_eq!(browser.page.attr(&format!("#{field}"), "value").as_deref(), Some(typed), "{page}");
    }
}

#[tokio::test]
async fn a_removal_returns_to_its_question_after_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    let (before, page) = (world.tenant.authenticators(ALEX).len(), browser.page.url.clone());
    world.pass(Duration::minutes(10));
    browser.press("Remove the authenticator app", &[]).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    browser.follow("Sign in again").await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.url, page);
    assert_eq!(world.tenant.authenticators(ALEX).len(), before);
    browser.press("Remove the authenticator app", &[]).await;
    assert!(browser.page.notice().starts_with("Authenticator app removed."));
}

// S-10
#[tokio::test]
async fn the_page_shows_the_time_left_and_warns_two_minutes_before_the_end() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    assert!(browser.page.text_of("header").contains("9 minutes left"));
    assert!(browser.page.attr("[data-ends-in]", "hidden").is_some());
    world.pass(Duration::seconds(460));
    browser.open("/factors/email").await;
    assert!(browser.page.attr("[data-ends-in]", "hidden").is_none());
    browser.follow("Sign in again for ten more minutes").await;
    assert_eq!(browser.page.path(), "/factors/email", "it leads through sign-in and back");
    assert!(browser.page.attr("[data-ends-in]", "hidden").is_some(), "and there is time again");
}

#[tokio::test]
async fn a_code_refused_with_the_new_token_can_be_sent_anew() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    world.pass(Duration::minutes(8));
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let here = browser.page.path().to_owned();
    world.pass(Duration::minutes(2));
    browser.open(&here).await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), here, "the person stands where they stood");
    let refusal =
        r#"{"error":"invalid_request","error_description":"The oob_code doesn't match the mfa_token"}"#;
    world.tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::json(400, refusal)).times(1));
    browser.press("Confirm", &[("Six-digit code", "123456")]).await;
    assert!(browser.page.text().contains("has expired. Ask for another"), "{}", browser.page.text());
    browser.press("Send another code", &[]).await;
    let code = world.devices(NORA).last_code(Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().starts_with("Number for text messages added."), "{}", browser.page.html);
}

#[tokio::test]
async fn a_second_factor_is_recommended_until_there_are_two() {
    let world = World::with(&[("proof", "any")]).await;
    let nudge = "keeps you from being locked out";
    let mut browser = world.signed_in(NORA).await;
    assert!(!browser.page.text().contains(nudge));
    for (number, expected) in [("+44 7700 900123", true), ("+44 7700 900124", false)] {
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", number)]).await;
        let code = world.devices(NORA).last_code(Factor::Sms).unwrap();
        browser.press("Confirm", &[("Six-digit code", &code)]).await;
        browser.open("/").await;
        assert_eq!(browser.page.text().contains(nudge), expected, "{number}");
    }
}

/// A shared browser keeps the draft of the person before.
#[tokio::test]
async fn typed_fields_are_shown_to_nobody_else() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    let mut form = browser.page.form("Send the code");
    form.set("phone_number", "07700 900123");
    world.pass(Duration::minutes(10));
    browser.send(&form).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    world.tenant.sign_out_everywhere();
    browser.follow("Sign in again").await;
    browser.pass_sign_in(ALEX).await;
    browser.open("/factors/sms").await;
    assert_eq!(browser.page.attr("#phone_number", "value").as_deref(), Some(""));
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    assert!(!browser.cookies().contains("draft"), "{}", browser.cookies());
}

/// A cookie holds 4 KB, and a form names its token itself.
// L-17
#[tokio::test]
async fn a_form_with_too_long_a_field_is_not_kept() {
    let world = World::new().await;
    let browser = world.browser();
    for field in ["csrf_token", "phone_number", "country", "email", "name"] {
        for length in [200, 400, 9_000] {
            let mut fields =
                [("csrf_token", "x"), ("phone_number", "07700 900123"), ("country", "GB")].to_vec();
            let long = "A".repeat(length);
            fields.retain(|(name, _)| *name != field);
            fields.push((field, &long));
            let request = browser.client().post(browser.address("/factors/sms"));
            let origin = world.portal.origin().ascii_serialization();
            let answer = request.header("origin", origin).form(&fields).send().await.unwrap();
            let set = answer.headers().get_all("set-cookie").iter();
            let sizes: Vec<_> = set.map(reqwest::header::HeaderValue::len).collect();
            assert!(sizes.iter().all(|size| *size <= 4_096), "{field}: {sizes:?}");
            let kept = answer.headers().get_all("set-cookie").iter();
            let kept = kept.filter(|it| it.to_str().unwrap().starts_with("mfa-portal-draft=")).count();
            assert_eq!(kept, usize::from(length == 200), "{field} of {length}");
        }
    }
}
