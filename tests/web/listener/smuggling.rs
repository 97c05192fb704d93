//! Request smuggling: ambiguous requests are refused, or read in the one way that RFC 9112 allows. No protocol but
//! HTTP/1.1.

use crate::support::World;
use crate::support::raw::{ASK, Raw};

/// The request that an attacker hides in another one's body.
pub(super) const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n";

/// Everything that the listener answers to these bytes until the connection ends.
pub(super) async fn all_answers(world: &World, bytes: &str) -> String {
    let mut raw = Raw::open(&world.portal).await;
    raw.send(bytes).await;
    raw.rest().await
}

pub(super) fn statuses(answers: &str) -> Vec<&str> {
    answers.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3)).collect()
}

pub(super) fn post(headers: &str, body: &str) -> String {
    format!("POST /factors/totp HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n{body}")
}

// H-05, V-46
#[tokio::test]
async fn conflicting_or_malformed_content_lengths_are_refused() {
    let world = World::new().await;
    for headers in [
        "content-length: 4\r\ncontent-length: 40",
        "content-length: 0\r\ncontent-length: 4",
        "content-length: 4, 4",
        "content-length: 4,40",
        "content-length: +4",
        "content-length: -4",
        "content-length: 0x4",
        "content-length: 4 4",
        "content-length: ４",
        "content-length:",
        "content-length: 99999999999999999999999",
    ] {
        let answers = all_answers(&world, &post(headers, HIDDEN)).await;
        assert_eq!(statuses(&answers), ["400"], "{headers}: {answers}");
    }
}

// H-05
#[tokio::test]
async fn folded_or_malformed_header_lines_are_refused() {
    let world = World::new().await;
    for headers in [
        "x: a\r\n b",
        "x: a\r\n\tcontent-length: 4",
        " x: a",
        "content-length : 0",
        "content-length\t: 0",
        "x y: a",
        ": a",
        "x",
        "x: a\0b",
        "x: a\rcontent-length: 4",
        "x: a\x7fb",
    ] {
        let answers = all_answers(&world, &post(headers, HIDDEN)).await;
        assert_eq!(statuses(&answers), ["400"], "{headers:?}: {answers}");
    }
}

/// A colon in a value stands where an earlier line had the letter of a name, so nothing of that line may be left.
// H-05
#[tokio::test]
async fn letters_of_an_earlier_line_make_no_name_of_a_later_one() {
    const TWICE: &str =
        "GET /signed-out HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n";
    let world = World::new().await;
    for name in ["content-length", "transfer-encoding"] {
        for at in 1..name.len() {
            let (before, rest) = name.split_at(at);
            let earlier = format!("{}{rest}: 1", "x".repeat(at));
            let head = format!("host: x\r\n{earlier}\r\n{before}:{}:100000", &rest[1..]);
            let mut raw = Raw::open(&world.portal).await;
            let first = raw.ask(format!("GET /signed-out HTTP/1.1\r\n{head}\r\n\r\n")).await.unwrap();
            assert_eq!(first.status, 200, "{head}");
            assert_eq!(raw.ask(TWICE).await.unwrap().status, 400, "{head}");
        }
    }
}

// H-05
#[tokio::test]
async fn a_line_ending_in_a_bare_line_feed_ends_the_connection() {
    let world = World::new().await;
    for request in [
        "GET /signed-out HTTP/1.1\nhost: x\n\n".to_owned(),
        "GET /signed-out HTTP/1.1\r\nhost: x\nx: a\r\n\r\n".to_owned(),
        "GET /signed-out HTTP/1.1\r\nhost: x\r\nx: a\n\r\n".to_owned(),
        format!("GET /signed-out HTTP/1.1\r\nhost: x\r\nx: a\n\n{HIDDEN}"),
        format!("\r\nGET /signed-out HTTP/1.1\r\nhost: x\r\nx: a\r\n\n{HIDDEN}"),
        "\nGET /signed-out HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
    ] {
        assert_eq!(all_answers(&world, &request).await, "", "{request:?}");
    }
}

#[tokio::test]
async fn a_bare_line_feed_is_seen_across_packets_on_a_kept_connection() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    assert_eq!(raw.ask(ASK).await.unwrap().status, 200);
    raw.send("GET /signed-out HTTP/1.1\r\nhost: x\r").await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(raw.ask("\n\r\n").await.unwrap().status, 200, "the two halves of a line end");
    raw.send("GET /signed-out HTTP/1.1\r\nhost: x").await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    raw.send("\n\r\n").await;
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn line_feeds_in_a_form_body_are_allowed() {
    let world = World::new().await;
    let answer = Raw::open(&world.portal).await.ask(post("content-length: 5", "a\nb\n\n")).await.unwrap();
    assert_eq!(answer.status, 401, "a form like any other, of nobody");
}

#[tokio::test]
async fn two_host_headers_are_refused() {
    let world = World::new().await;
    let two = ASK.replace("host: x", "host: x\r\nhost: y\r\nconnection: close");
    assert_eq!(statuses(&all_answers(&world, &two).await), ["400"]);
}

/// RFC 9112 §3.2: such a request must be refused.
// H-05
#[tokio::test]
async fn a_request_of_http_1_1_without_host_is_refused() {
    let world = World::new().await;
    for request in [
        "GET /signed-out HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nx-forwarded-host: x\r\n\r\n",
        "GET /no-such-page HTTP/1.1\r\nhostname: x\r\n\r\n",
        "GET /static/app.css HTTP/1.1\r\n\r\n",
        "GET http://x/signed-out HTTP/1.1\r\n\r\n",
        "HEAD /signed-out HTTP/1.1\r\n\r\n",
        "POST /factors/totp HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
    ] {
        let answers = all_answers(&world, request).await;
        assert_eq!(statuses(&answers), ["400"], "{request:?}: {answers}");
    }
    let old = all_answers(&world, "GET /signed-out HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200"), "{old}");
}

/// RFC 9112 §6.3: hyper drops the second of two equal lengths, and a proxy may not.
// H-05
#[tokio::test]
async fn a_repeated_content_length_is_refused_even_when_equal() {
    let world = World::new().await;
    for headers in [
        "content-length: 4\r\ncontent-length: 4",
        "content-length: 0\r\ncontent-length: 0",
        "Content-Length: 4\r\nCONTENT-LENGTH:4",
        "content-length: 4\r\nx: y\r\ncookie: a=b\r\ncontent-length:\t4 ",
        "content-length: 4\r\ncontent-length: 04",
        "content-length: 4\r\ncontent-length: 4\r\ncontent-length: 4",
    ] {
        let repeated = post(headers, HIDDEN);
        let answers = all_answers(&world, &repeated).await;
        assert_eq!(statuses(&answers), ["400"], "{headers}: {answers}");
        assert!(answers.contains("\r\nconnection: close\r\n"), "{answers}");
        let mut kept = Raw::open(&world.portal).await;
        assert_eq!(kept.ask(ASK).await.unwrap().status, 200);
        kept.send(&repeated).await;
        assert_eq!(statuses(&kept.rest().await), ["400"], "{headers}, on a kept connection");
        for before in [ASK.to_owned(), post("content-length: 5", "a\nb\n\n")] {
            let answers = all_answers(&world, &format!("{before}{repeated}")).await;
            assert_eq!(statuses(&answers).last(), Some(&"400"), "{headers}, pipelined: {answers}");
            assert!(!statuses(&answers).contains(&"404"), "the hidden request is not answered: {answers}");
        }
    }
    let named = "x-content-length: 4\r\ncontent-length-x: 4\r\nx: content-length: 4\r\ncontent-length: 0";
    assert_eq!(Raw::open(&world.portal).await.ask(post(named, "")).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_bare_line_feed_in_a_pipelined_head_ends_the_connection() {
    let world = World::new().await;
    for before in [ASK.to_owned(), post("content-length: 5", "a\nb\n\n")] {
        let answers =
            all_answers(&world, &format!("{before}GET /hidden HTTP/1.1\r\nhost: x\r\nx: a\n\r\n")).await;
        assert!(!statuses(&answers).contains(&"404"), "{answers}");
    }
}

#[tokio::test]
async fn a_connection_is_kept_after_forms_of_every_length() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    for length in [0, 1, 2, 4, 5, 100, 9_999, 3] {
        let body = "\n".repeat(length);
        let answer = raw.ask(post(&format!("content-length: {length}"), &body)).await.unwrap();
        assert_eq!(answer.status, 401, "{length}");
        assert_eq!(raw.ask(ASK).await.unwrap().status, 200, "{length}");
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let world = World::new().await;
    let last = ASK.replace("host: x", "host: x\r\nconnection: close");
    let answers = all_answers(&world, &format!("{ASK}{HIDDEN}{last}")).await;
    assert_eq!(statuses(&answers), ["200", "404", "200"]);
}

// H-04, X-01, V-46
#[tokio::test]
async fn http_2_is_unavailable_directly_and_by_upgrade() {
    let world = World::new().await;
    let settings = "\0\0\0\x04\0\0\0\0\0";
    let at_once = all_answers(&world, &format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{settings}")).await;
    assert!(at_once.is_empty() || at_once.starts_with("HTTP/1.1 400"), "{at_once}");
    for protocol in ["h2c", "h2", "websocket", "TLS/1.2"] {
        let mut raw = Raw::open(&world.portal).await;
        let upgrade =
            format!("upgrade: {protocol}\r\nhttp2-settings: AAMAAABk\r\nconnection: upgrade, http2-settings");
        let answer = raw.ask(ASK.replace("host: x", &format!("host: x\r\n{upgrade}"))).await.unwrap();
        assert_eq!(answer.status, 200, "{protocol}");
        assert!(!answer.head.contains("upgrade"), "{}", answer.head);
        assert_eq!(raw.ask(ASK).await.unwrap().status, 200, "it still speaks HTTP/1.1");
    }
}

// V-22, V-37
#[tokio::test]
async fn malformed_requests_are_refused_and_the_listener_survives() {
    let world = World::new().await;
    for bytes in [
        "GET /signed-out\r\n",
        "GET  /signed-out HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /signed-out HTTP/1.2\r\nhost: x\r\n\r\n",
        "GET /signed out HTTP/1.1\r\nhost: x\r\n\r\n",
        "G\0T / HTTP/1.1\r\nhost: x\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n",
        "SSH-2.0-x\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\nconnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ] {
        let answers = all_answers(&world, bytes).await;
        assert!(answers.is_empty() || answers.starts_with("HTTP/1.1 4"), "{bytes:?}: {answers}");
    }
    assert_eq!(Raw::open(&world.portal).await.ask(ASK).await.unwrap().status, 200);
}

// H-05, V-46
#[tokio::test]
async fn a_link_s_parameters_lead_past_no_limit() {
    let world = World::new().await;
    let (long, large) = ("x".repeat(9_000), format!("x-large: {}\r\n", "x".repeat(20_000)));
    for parameter in ["return_to=https://x.example/", "action=add:totp", "organization=org_a", "login_hint=a"]
    {
        for (address, headers, status) in [
            (format!("/?{parameter}"), String::new(), "400"),
            (format!("/?{parameter}"), "host: x\r\nhost: y\r\n".to_owned(), "400"),
            (
                format!("/?{parameter}"),
                "host: x\r\ncontent-length: 0\r\ncontent-length: 0\r\n".to_owned(),
                "400",
            ),
            (format!("/?{parameter}"), format!("host: x\r\n{large}"), "431"),
            (format!("/?{parameter}&x={long}"), "host: x\r\n".to_owned(), "414"),
        ] {
            let asked = format!(
                "GET {address} HTTP/1.1\r\nsec-fetch-mode: navigate\r\nconnection: close\r\n{headers}\r\n"
            );
            let answers = all_answers(&world, &asked).await;
            assert_eq!(statuses(&answers), [status], "{}", &asked[..asked.len().min(200)]);
        }
    }
}
