//! The synchronizer token: it must be this session's, complete, and in the body of the form.

use reqwest::StatusCode;

use super::{NORA, Visit, token_of};
use crate::support::World;

/// Every route that takes a form, with plausible fields.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    ("factors/totp", &[]),
    ("factors/totp/AAAAAAAAAAAAAAAAAAAAAA/confirm", &[("code", "123456")]),
    ("factors/totp/AAAAAAAAAAAAAAAAAAAAAA/cancel", &[]),
    ("factors/sms", &[("phone_number", "+447700900123")]),
    ("factors/sms/AAAAAAAAAAAAAAAAAAAAAA/confirm", &[("code", "123456")]),
    ("factors/sms/AAAAAAAAAAAAAAAAAAAAAA/resend", &[]),
    ("factors/sms/AAAAAAAAAAAAAAAAAAAAAA/cancel", &[]),
    ("factors/voice", &[("phone_number", "+447700900123")]),
    ("factors/email", &[("email", "nora@example.org")]),
    ("factors/push", &[]),
    ("factors/push/AAAAAAAAAAAAAAAAAAAAAA/cancel", &[]),
    ("authenticators/remove", &[("id", "totp|dev_AppPhoneTotp0001")]),
    ("authenticators/replace", &[("id", "totp|dev_AppPhoneTotp0001")]),
    ("authenticators/clear", &[]),
    ("authenticators/try", &[("id", "totp|dev_AppPhoneTotp0001")]),
    ("authenticators/try/AAAAAAAAAAAAAAAAAAAAAA/confirm", &[("code", "123456")]),
    ("recovery-code", &[("saved", "yes")]),
    ("sign-out", &[]),
];

// C-02
#[tokio::test]
async fn no_form_works_without_the_sessions_own_token() {
    let visit = Visit::new().await;
    let mut other = visit.world.signed_in("app.phone@example.com").await;
    let others = token_of(&mut other).await;
    let shortened = &visit.token[1..];
    let (longer, doubled) = (format!("{}A", visit.token), format!("{0}{0}", visit.token));
    let changed = visit.token.chars().rev().collect::<String>();
    visit.world.tenant.journal().clear();
    for (path, fields) in FORMS {
        for token in
            [None, Some(""), Some(&others), Some(shortened), Some(&longer), Some(&doubled), Some(&changed)]
        {
            let fields: Vec<_> = fields.iter().copied().chain(token.map(|it| ("csrf_token", it))).collect();
            let answer = visit.post(path, &fields).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} with {token:?}");
            assert!(answer.text().await.unwrap().contains("We could not accept this form"));
        }
    }
    let asked = visit.world.tenant.journal().requests();
    assert!(asked.is_empty(), "{asked:?}");
}

#[tokio::test]
async fn a_token_in_the_url_or_in_a_header_does_not_count() {
    let visit = Visit::new().await;
    let path = format!("factors/totp?csrf_token={}", visit.token);
    assert!(!visit.is_accepted(visit.post(&path, &[])).await);
    assert!(!visit.is_accepted(visit.post("factors/totp", &[]).header("x-csrf-token", &visit.token)).await);
    assert!(visit.is_accepted(visit.start_totp()).await);
}

#[tokio::test]
async fn two_tokens_count_as_none() {
    let visit = Visit::new().await;
    for fields in [
        [("csrf_token", visit.token.as_str()), ("csrf_token", "")],
        [("csrf_token", ""), ("csrf_token", visit.token.as_str())],
        [("csrf_token", visit.token.as_str()), ("csrf_token", visit.token.as_str())],
    ] {
        assert!(!visit.is_accepted(visit.post("factors/totp", &fields)).await);
    }
}

// C-07
#[tokio::test]
async fn a_form_from_before_a_new_sign_in_is_refused_with_the_reason() {
    let mut visit = Visit::new().await;
    visit.browser.open("/factors/totp").await;
    let old = visit.browser.page.form("Show me the QR code");
    visit.browser.open("/sign-in").await;
    visit.browser.send(&old).await;
    assert_eq!(visit.browser.page.status, StatusCode::FORBIDDEN);
    assert_eq!(visit.browser.page.heading(), "We could not accept this form");
    let text = visit.browser.page.text();
    assert!(text.contains("before you last signed in") && text.contains("Nothing was changed"), "{text}");
    assert_ne!(token_of(&mut visit.browser).await, visit.token);
    assert_eq!(visit.world.tenant.journal().count("POST", "/mfa/associate"), 0);
}

// C-02
#[tokio::test]
async fn a_form_from_before_sign_out_is_useless_afterwards() {
    let mut visit = Visit::new().await;
    let cookies = visit.browser.cookies();
    visit.browser.press("Sign out", &[]).await;
    visit.world.tenant.journal().clear();
    for (path, fields) in FORMS.iter().filter(|(path, _)| *path != "sign-out") {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf_token", visit.token.as_str())]).collect();
        let answer = visit.post(path, &fields).header("cookie", &cookies).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.text().await.unwrap().contains("Your visit has ended"), "{path}");
    }
    assert!(visit.world.tenant.journal().requests().is_empty());
}

// C-02
#[tokio::test]
async fn every_form_on_every_page_carries_the_token() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let token = token_of(&mut browser).await;
    for page in ["/", "/factors/totp", "/factors/sms", "/factors/voice", "/factors/email", "/sign-out"] {
        browser.open(page).await;
        let forms = browser.page.count("form[method=post]");
        assert_eq!(
            browser.page.count(&format!("form input[type=hidden][name=csrf_token][value='{token}']")),
            forms
        );
    }
}

#[tokio::test]
async fn pages_with_a_token_echo_nothing_from_the_query() {
    let world = World::new().await;
    let mut browser = world.signed_in("eight@example.com").await;
    // An id is no exception, unless the person has something of that id.
    for path in [
        "/?guess=canary",
        "/?id=canary",
        "/factors/totp?x=canary&y=canary",
        "/factors/totp?id=canary",
        "/factors/sms?id=canary",
        "/factors/email?id=canary",
        "/sign-out?canary",
        "/sign-out?id=canary",
    ] {
        browser.open(path).await;
        assert!(browser.page.html.contains("csrf_token"), "{path}");
        assert!(!browser.page.html.contains("canary"), "{path}");
    }
}

#[tokio::test]
async fn the_language_switch_keeps_the_id_of_the_persons_own() {
    let world = World::new().await;
    let mut browser = world.signed_in("app.phone@example.com").await;
    for link in ["Remove authenticator app", "Test authenticator app"] {
        browser.open("/").await;
        browser.follow(link).await;
        let heading = browser.page.heading();
        browser.follow("Deutsch").await;
        assert_eq!(browser.page.status, StatusCode::OK, "{link}");
        browser.follow("English").await;
        assert_eq!(browser.page.heading(), heading);
    }
}
