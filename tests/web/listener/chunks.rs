//! Bodies in chunks: taken where they come alone, on any method, and refused beside a length or another coding. The log
//! names the cause.

use time::Duration;

use super::smuggling::{HIDDEN, all_answers, post, statuses};
use crate::support::raw::{ASK, Raw};
use crate::support::{Log, World};

const NORA: &str = "nothing@example.com";
/// An empty body in chunks, with the next request behind it.
const EMPTY: &str = "0\r\n\r\n";

fn chunked(head: &str, chunks: &str) -> String {
    format!("{head} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{chunks}")
}

/// The log's line about a refused framing.
fn told(log: &Log) -> Vec<String> {
    let text = log.text();
    text.lines().filter(|line| line.contains("request framing refused")).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn chunks_alone_are_taken_on_every_method() {
    let world = World::new().await;
    let log = Log::begin();
    for (head, status) in [
        ("GET /signed-out", "200"),
        ("HEAD /signed-out", "200"),
        ("GET /static/app.css", "200"),
        ("GET /", "303"),
        ("POST /factors/totp", "401"),
        ("DELETE /signed-out", "405"),
        ("OPTIONS /signed-out", "405"),
        ("GET /no-such-page", "404"),
    ] {
        for chunks in [EMPTY, "1\r\na\r\n0\r\n\r\n", "1;name=value\r\na\r\n0\r\n\r\n", "0\r\nx: y\r\n\r\n"] {
            let answers = all_answers(&world, &chunked(head, chunks)).await;
            assert_eq!(statuses(&answers), [status], "{head} {chunks:?}: {answers}");
        }
    }
    for line in ["Transfer-Encoding:chunked", "TRANSFER-ENCODING: CHUNKED", "transfer-encoding:\tChunked \t"]
    {
        let answers = all_answers(&world, &post(line, EMPTY)).await;
        assert_eq!(statuses(&answers), ["401"], "{line}: {answers}");
    }
    assert_eq!(told(&log), Vec::<String>::new());
}

#[tokio::test]
async fn a_form_in_chunks_is_read_whole() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    let token = browser.page.attr("input[name=csrf_token]", "value").unwrap();
    let form = format!("csrf_token={token}");
    for size in [1, 7, 1000] {
        let pieces = form.as_bytes().chunks(size).map(|piece| String::from_utf8_lossy(piece));
        let chunks: Vec<_> = pieces.map(|piece| format!("{:x}\r\n{piece}\r\n", piece.len())).collect();
        let headers = format!(
            "cookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked",
            browser.cookies()
        );
        let answers = all_answers(&world, &post(&headers, &format!("{}{EMPTY}", chunks.concat()))).await;
        assert!(answers.to_lowercase().contains("\r\nlocation: /factors/totp/"), "{size}: {answers}");
    }
}

// H-05
#[tokio::test]
async fn no_request_behind_a_chunked_body_is_answered() {
    let world = World::new().await;
    for chunks in [EMPTY, "1\r\na\r\n0\r\n\r\n", "0\r\nx: y\r\n\r\n"] {
        let request = chunked("POST /factors/totp", &format!("{chunks}{HIDDEN}"));
        let answers = all_answers(&world, &request).await;
        assert_eq!(statuses(&answers), ["401"], "{chunks:?}: {answers}");
        assert!(answers.contains("\r\nconnection: close\r\n"), "{answers}");
        let mut kept = Raw::open(&world.portal).await;
        assert_eq!(kept.ask(ASK).await.unwrap().status, 200);
        kept.send(&request).await;
        assert_eq!(statuses(&kept.rest().await), ["401"], "{chunks:?}, on a kept connection");
    }
}

// H-05
#[tokio::test]
async fn malformed_chunks_are_refused_and_end_the_connection() {
    let world = World::new().await;
    for chunks in [
        "5;x=\n\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "fffffffffffffffff\r\nhello",
        "-1\r\nhello",
        "\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n",
    ] {
        let answers = all_answers(&world, &chunked("POST /factors/totp", &format!("{chunks}{HIDDEN}"))).await;
        assert_eq!(statuses(&answers), ["400"], "{chunks:?}: {answers}");
    }
    let long = format!("8000\r\n{}\r\n0\r\n\r\n", "a".repeat(0x8000));
    let answers = all_answers(&world, &chunked("POST /factors/totp", &long)).await;
    assert!(answers.is_empty() || statuses(&answers) == ["413"], "{answers}");
}

// H-05
#[tokio::test]
async fn both_framings_at_once_are_refused_and_the_log_names_the_remedy() {
    let world = World::new().await;
    for headers in [
        "transfer-encoding: chunked\r\ncontent-length: 4",
        "content-length: 4\r\ntransfer-encoding: chunked",
        "content-length: 0\r\ntransfer-encoding: chunked",
        "Transfer-Encoding:chunked\r\nContent-Length: 4",
        "transfer-encoding: CHUNKED\r\ncontent-length: 4",
        "transfer-encoding:\tchunked\r\nx: y\r\ncontent-length: 4",
    ] {
        let log = Log::begin();
        let answers = all_answers(&world, &post(headers, &format!("{EMPTY}{HIDDEN}"))).await;
        assert_eq!(statuses(&answers), ["400"], "{headers}: {answers}");
        assert!(answers.contains("\r\nconnection: close\r\n"), "{answers}");
        let lines = told(&log);
        assert_eq!(lines.len(), 1, "{headers}: {lines:?}");
        assert!(lines[0].contains("Transfer-Encoding beside Content-Length"), "{lines:?}");
        assert!(lines[0].contains("let the proxy send either"), "{lines:?}");
        world.pass(Duration::SECOND);
    }
}

// H-05
#[tokio::test]
async fn any_other_coding_is_refused_and_the_log_names_the_remedy() {
    let world = World::new().await;
    for headers in [
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding: identity\r\ntransfer-encoding: chunked",
        "transfer-encoding: identity",
        "transfer-encoding: gzip",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: \"chunked\"",
        "transfer-encoding:",
    ] {
        let log = Log::begin();
        let answers = all_answers(&world, &post(headers, &format!("{EMPTY}{HIDDEN}"))).await;
        assert_eq!(statuses(&answers), ["400"], "{headers}: {answers}");
        let lines = told(&log);
        assert_eq!(lines.len(), 1, "{headers}: {lines:?}");
        assert!(lines[0].contains("other than chunked alone"), "{lines:?}");
        assert!(lines[0].contains("Transfer-Encoding: chunked alone"), "{lines:?}");
        world.pass(Duration::SECOND);
    }
    let bytes = post("transfer-encoding: \x0bchunked", EMPTY);
    assert_eq!(statuses(&all_answers(&world, &bytes).await), ["400"]);
    let old = post("transfer-encoding: chunked", &format!("{EMPTY}{HIDDEN}")).replace("1.1", "1.0");
    assert_eq!(statuses(&all_answers(&world, &old).await), ["400"]);
}

/// Any address can send them.
// H-05
#[tokio::test]
async fn a_flood_of_refused_framings_writes_a_line_a_second() {
    let world = World::new().await;
    let both = post("transfer-encoding: chunked\r\ncontent-length: 4", EMPTY);
    let twice = post("content-length: 0\r\ncontent-length: 0", "");
    let other = post("transfer-encoding: gzip", EMPTY);
    for request in [both, twice, other] {
        let log = Log::begin();
        for _ in 0..20 {
            assert_eq!(statuses(&all_answers(&world, &request).await), ["400"], "{request}");
        }
        assert_eq!(told(&log).len(), 1, "{request}");
        world.pass(Duration::SECOND);
        all_answers(&world, &request).await;
        let lines = told(&log);
        assert!(lines.len() == 2 && lines[1].contains("refusals=20"), "{lines:?}");
        world.pass(Duration::SECOND);
    }
}
