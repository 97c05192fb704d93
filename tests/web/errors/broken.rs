//! Unreadable answers and server errors: reads are retried once, changes never.

use emulated_tenant::FaultKind;

use super::{NOT_KNOWN, RETRY, SCAN, TO_LIST, UNCHANGED, about_to_confirm, about_to_scan, assert_error_page};
use crate::factors::{APP_PHONE, CODE, CONFIRM};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

const AWAY: (u16, &str) = (502, "The sign-in service cannot be reached");
const STRANGE: (u16, &str) = (502, "The sign-in service gave an unexpected answer");
const REFUSED: &str = "The sign-in service refused this";
const WRONG_SETUP: (u16, &str) = (502, "This page is not set up correctly");

fn redirect() -> FaultKind {
    FaultKind::Status {
        status: 302,
        headers: vec![("location".to_owned(), "/elsewhere".to_owned())],
        content_type: "text/html".to_owned(),
        body: String::new(),
    }
}

fn garbled_answers() -> Vec<(&'static str, FaultKind)> {
    vec![
        ("html", FaultKind::html(200, "<html>Upstream maintenance</html>")),
        ("cut off", FaultKind::json(200, r#"[{"id":"totp|dev_a""#)),
        ("null", FaultKind::json(200, "null")),
        ("a number", FaultKind::json(200, "7")),
        ("nothing", FaultKind::json(200, "")),
        ("300 kB", FaultKind::BigBody(300_000)),
        ("not UTF-8", FaultKind::json(200, "\u{0}\u{1}")),
    ]
}

fn status_and_heading(browser: &Browser) -> (u16, String) {
    (browser.page.status.as_u16(), browser.page.heading())
}

fn expected(page: (u16, &str)) -> (u16, String) {
    (page.0, page.1.to_owned())
}

#[tokio::test]
async fn an_unreadable_list_is_an_error_page() {
    for (what, fault) in garbled_answers().into_iter().chain([("an object", FaultKind::json(200, "{}"))]) {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.upset_always("GET", LIST, fault);
        browser.open("/").await;
        assert_eq!((what, status_and_heading(&browser)), (what, expected(STRANGE)));
        assert_error_page(&browser.page, RETRY);
        assert!(!browser.page.text().contains(NOT_KNOWN), "looking changes nothing: {what}");
        assert!(!browser.page.html.contains("maintenance"));
    }
}

#[tokio::test]
async fn an_unreadable_association_says_that_its_outcome_is_unknown() {
    let odd = [
        ("a list", FaultKind::json(200, "[]")),
        ("no key", FaultKind::json(200, "{}")),
        ("a key that is none", FaultKind::json(200, r#"{"secret":5,"barcode_uri":true}"#)),
        ("an empty key", FaultKind::json(200, r#"{"secret":"","barcode_uri":""}"#)),
    ];
    for (what, fault) in garbled_answers().into_iter().chain(odd) {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        world.upset("POST", ASSOCIATE, fault);
        browser.press(SCAN, &[]).await;
        assert_eq!((what, status_and_heading(&browser)), (what, expected(STRANGE)));
        assert_error_page(&browser.page, RETRY);
        assert!(browser.page.text().contains(NOT_KNOWN), "{what}: {}", browser.page.text());
        assert_eq!(world.calls("POST", ASSOCIATE), 1, "{what}: a POST is never repeated");
    }
}

#[tokio::test]
async fn an_sms_association_without_an_oob_code_is_unreadable() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let answer = r#"{"authenticator_type":"oob","oob_channel":"sms","binding_method":"prompt"}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(200, answer));
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert_eq!(status_and_heading(&browser), expected(STRANGE));
}

#[tokio::test]
async fn an_unreadable_confirmation_is_resolved_by_the_list() {
    for (what, fault) in garbled_answers() {
        let world = World::new().await;
        let mut browser = about_to_confirm(&world).await;
        let before = world.calls("POST", TOKEN);
        world.upset("POST", TOKEN, fault);
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        assert_eq!((what, status_and_heading(&browser)), (what, expected(STRANGE)));
        assert!(browser.page.text().contains(UNCHANGED), "{what}: {}", browser.page.text());
        assert_eq!(world.calls("POST", TOKEN), before + 1, "{what}: a POST is never repeated");
    }
}

#[tokio::test]
async fn server_errors_are_shown_as_an_outage_whatever_their_body() {
    for status in [500, 502, 504, 520] {
        for (path, press) in [(ASSOCIATE, SCAN), (TOKEN, CONFIRM)] {
            let world = World::new().await;
            let mut browser =
                if path == TOKEN { about_to_confirm(&world).await } else { about_to_scan(&world).await };
            world.tenant.journal().clear();
            world.upset_always("POST", path, FaultKind::html(status, "<html><h1>Bad Gateway</h1></html>"));
            browser.press(press, if path == TOKEN { &[(CODE, "123456")] } else { &[] }).await;
            assert_eq!((path, status_and_heading(&browser)), (path, expected(AWAY)));
            assert_error_page(&browser.page, RETRY);
            assert!(!browser.page.html.contains("Bad Gateway"));
            assert_eq!(world.calls("POST", path), 1, "a POST is never repeated");
        }
    }
}

/// Auth0 answers some refusals with status 500.
#[tokio::test]
async fn an_oauth_error_with_status_500_is_a_refusal() {
    let answer = |error: &str, description: &str| {
        let body = serde_json::json!({ "error": error, "error_description": description });
        FaultKind::json(500, &body.to_string())
    };
    for (error, description, says) in [
        ("invalid_grant", "Invalid otp_code.", "is wrong"),
        ("invalid_grant", "mfa token expired", "Your visit has ended"),
        ("too_many_attempts", "", "wrong codes"),
        ("access_denied", "The Action said no.", REFUSED),
    ] {
        let world = World::new().await;
        let mut browser = about_to_confirm(&world).await;
        world.upset("POST", TOKEN, answer(error, description));
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        assert!(browser.page.text().contains(says), "{error}: {}", browser.page.text());
    }
    for (error, heading) in [
        ("access_denied", REFUSED),
        ("invalid_request", REFUSED),
        ("server_error", AWAY.1),
        ("temporarily_unavailable", AWAY.1),
    ] {
        let world = World::new().await;
        world.upset("POST", TOKEN, answer(error, "Something."));
        let browser = world.signed_in(APP_PHONE).await;
        assert_eq!((error, browser.page.heading().as_str()), (error, heading));
    }
    let world = World::new().await;
    let mut browser = about_to_scan(&world).await;
    world.upset("POST", ASSOCIATE, answer("invalid_request", "Something."));
    browser.press(SCAN, &[]).await;
    assert_eq!(status_and_heading(&browser), expected(AWAY), "the MFA API has no such habit");
}

// F-03
#[tokio::test]
async fn a_failed_read_is_retried_once_and_then_given_up() {
    for fault in [FaultKind::html(502, "<html>"), FaultKind::json(500, "{}"), FaultKind::Drop] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.tenant.journal().clear();
        world.upset("GET", LIST, fault.clone());
        browser.open("/").await;
        assert_eq!((browser.page.status.as_u16(), world.calls("GET", LIST)), (200, 2), "{fault:?}");
        world.tenant.journal().clear();
        world.upset_always("GET", LIST, fault.clone());
        browser.open("/").await;
        assert_eq!(
            (status_and_heading(&browser), world.calls("GET", LIST)),
            (expected(AWAY), 2),
            "{fault:?}"
        );
        assert!(!browser.page.text().contains(NOT_KNOWN), "looking changes nothing");
    }
}

// I-10
#[tokio::test]
async fn a_redirect_is_never_followed_with_the_token() {
    for (method, path) in [("GET", LIST), ("POST", ASSOCIATE), ("POST", TOKEN)] {
        let world = World::new().await;
        let mut browser =
            if path == TOKEN { about_to_confirm(&world).await } else { about_to_scan(&world).await };
        world.upset_always(method, path, redirect());
        match path {
            LIST => browser.open("/").await,
            ASSOCIATE => browser.press(SCAN, &[]).await,
            _ => browser.press(CONFIRM, &[(CODE, "123456")]).await,
        };
        assert_eq!((path, status_and_heading(&browser)), (path, expected(WRONG_SETUP)));
        assert_error_page(&browser.page, TO_LIST);
        let elsewhere = world.tenant.journal().requests().iter().filter(|it| it.path == "/elsewhere").count();
        assert_eq!(elsewhere, 0);
    }
}

#[tokio::test]
async fn an_unreadable_removal_is_resolved_by_the_list() {
    for (answer, is_done) in [
        (FaultKind::Truncated, true),
        (FaultKind::ContentType("text/html".to_owned()), true),
        (FaultKind::json(200, "null"), false),
        (FaultKind::html(200, "<html>ok</html>"), false),
        (FaultKind::html(404, "<html>No such host</html>"), false),
        (FaultKind::json(404, ""), false),
    ] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.follow("Remove authenticator app").await;
        world.upset("DELETE", LIST, answer.clone());
        browser.press("Remove the authenticator app", &[]).await;
        if is_done {
            assert!(browser.page.notice().starts_with("Authenticator app removed"), "{answer:?}");
        } else {
            assert_eq!(status_and_heading(&browser), expected(STRANGE), "{answer:?}");
            assert!(browser.page.text().contains(UNCHANGED), "{answer:?}: {}", browser.page.text());
        }
    }
}

#[tokio::test]
async fn a_removal_with_an_empty_answer_succeeds_with_any_2xx_status() {
    for status in [200, 202, 204] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.follow("Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::json(status, ""));
        browser.press("Remove the authenticator app", &[]).await;
        assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    }
}
