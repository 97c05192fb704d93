//! Answers that nobody can read, and servers in trouble: reads are tried once more, changes never.

use emulated_tenant::FaultKind;

use super::{NOT_KNOWN, RETRY, SCAN, TO_LIST, UNCHANGED, about_to_confirm, about_to_scan, explained};
use crate::factors::{APP_PHONE, CODE, CONFIRM};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

const AWAY: (u16, &str) = (502, "The sign-in service cannot be reached");
const STRANGE: (u16, &str) = (502, "The sign-in service gave a strange answer");
const WRONG_SETUP: (u16, &str) = (502, "This page is not set up correctly");

fn redirect() -> FaultKind {
    FaultKind::Status {
        status: 302,
        headers: vec![("location".to_owned(), "/elsewhere".to_owned())],
        content_type: "text/html".to_owned(),
        body: String::new(),
    }
}

fn garbled() -> Vec<(&'static str, FaultKind)> {
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

fn said(browser: &Browser) -> (u16, String) {
    (browser.page.status.as_u16(), browser.page.heading())
}

fn is(page: (u16, &str)) -> (u16, String) {
    (page.0, page.1.to_owned())
}

#[tokio::test]
async fn a_list_that_nobody_can_read_is_a_page_and_changes_nothing() {
    for (what, fault) in garbled().into_iter().chain([("an object", FaultKind::json(200, "{}"))]) {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        world.upset_always("GET", LIST, fault);
        browser.open("/").await;
        assert_eq!((what, said(&browser)), (what, is(STRANGE)));
        explained(&browser.page, RETRY);
        assert!(!browser.page.text().contains(NOT_KNOWN), "looking changes nothing: {what}");
        assert!(!browser.page.html.contains("maintenance"));
    }
}

#[tokio::test]
async fn an_association_that_nobody_can_read_says_that_it_is_not_known() {
    let odd = [
        ("a list", FaultKind::json(200, "[]")),
        ("no key", FaultKind::json(200, "{}")),
        ("a key that is none", FaultKind::json(200, r#"{"secret":5,"barcode_uri":true}"#)),
        ("an empty key", FaultKind::json(200, r#"{"secret":"","barcode_uri":""}"#)),
    ];
    for (what, fault) in garbled().into_iter().chain(odd) {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        world.upset("POST", ASSOCIATE, fault);
        browser.press(SCAN, &[]).await;
        assert_eq!((what, said(&browser)), (what, is(STRANGE)));
        explained(&browser.page, RETRY);
        assert!(browser.page.text().contains(NOT_KNOWN), "{what}: {}", browser.page.text());
        assert_eq!(world.calls("POST", ASSOCIATE), 1, "{what}: a POST is never repeated");
    }
}

#[tokio::test]
async fn a_message_without_a_handle_is_no_association() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let answer = r#"{"authenticator_type":"oob","oob_channel":"sms","binding_method":"prompt"}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(200, answer));
    browser.press("Send the code", &[("Phone number", "+44 20 7946 0123")]).await;
    assert_eq!(said(&browser), is(STRANGE));
}

#[tokio::test]
async fn a_confirmation_that_nobody_can_read_is_told_as_the_list_has_it() {
    for (what, fault) in garbled() {
        let world = World::new().await;
        let mut browser = about_to_confirm(&world).await;
        let before = world.calls("POST", TOKEN);
        world.upset("POST", TOKEN, fault);
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        assert_eq!((what, said(&browser)), (what, is(STRANGE)));
        assert!(browser.page.text().contains(UNCHANGED), "{what}: {}", browser.page.text());
        assert_eq!(world.calls("POST", TOKEN), before + 1, "{what}: a POST is never repeated");
    }
}

#[tokio::test]
async fn servers_in_trouble_are_named_as_such_whatever_they_send() {
    for status in [500, 502, 504, 520] {
        for (path, press) in [(ASSOCIATE, SCAN), (TOKEN, CONFIRM)] {
            let world = World::new().await;
            let mut browser =
                if path == TOKEN { about_to_confirm(&world).await } else { about_to_scan(&world).await };
            world.tenant.journal().clear();
            world.upset_always("POST", path, FaultKind::html(status, "<html><h1>Bad Gateway</h1></html>"));
            browser.press(press, if path == TOKEN { &[(CODE, "123456")] } else { &[] }).await;
            assert_eq!((path, said(&browser)), (path, is(AWAY)));
            explained(&browser.page, RETRY);
            assert!(!browser.page.html.contains("Bad Gateway"));
            assert_eq!(world.calls("POST", path), 1, "a POST is never repeated");
        }
    }
}

#[tokio::test]
async fn a_read_is_tried_once_more_and_then_given_up() {
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
        assert_eq!((said(&browser), world.calls("GET", LIST)), (is(AWAY), 2), "{fault:?}");
        assert!(!browser.page.text().contains(NOT_KNOWN), "looking changes nothing");
    }
}

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
        assert_eq!((path, said(&browser)), (path, is(WRONG_SETUP)));
        explained(&browser.page, TO_LIST);
        let elsewhere = world.tenant.journal().requests().iter().filter(|it| it.path == "/elsewhere").count();
        assert_eq!(elsewhere, 0);
    }
}

#[tokio::test]
async fn a_removal_with_an_odd_answer_is_told_as_the_list_has_it() {
    for (answer, is_done) in [
        (FaultKind::Truncated, true),
        (FaultKind::Labelled("text/html".to_owned()), true),
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
            assert_eq!(said(&browser), is(STRANGE), "{answer:?}");
            assert!(browser.page.text().contains(UNCHANGED), "{answer:?}: {}", browser.page.text());
        }
    }
}

#[tokio::test]
async fn a_removal_that_is_answered_with_nothing_is_done_whatever_the_status() {
    for status in [200, 202, 204] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.follow("Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::json(status, ""));
        browser.press("Remove the authenticator app", &[]).await;
        assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    }
}
