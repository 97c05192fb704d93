//! URLs are built from APP_BASE_URL, whatever host a request names.

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::NORA;
use crate::support::World;

/// Sends this request head verbatim and returns the whole answer.
async fn send_raw(world: &World, lines: &[&str]) -> String {
    let address = format!("127.0.0.1:{}", world.portal.port().unwrap());
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A refused request may end in a reset connection.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_host_named_by_a_request_is_never_echoed() {
    let world = World::new().await;
    let own = format!("redirect_uri=http%3A%2F%2F127.0.0.1%3A{}%2Fcallback", world.portal.port().unwrap());
    for head in [
        vec!["GET /sign-in HTTP/1.1", "host: evil.example"],
        vec!["GET /sign-in HTTP/1.1", "host: evil.example:443"],
        vec!["GET /sign-in HTTP/1.1", "host: x", "x-forwarded-host: evil.example"],
        vec!["GET /sign-in HTTP/1.1", "host: x", "x-forwarded-proto: https", "x-forwarded-port: 443"],
        vec!["GET /sign-in HTTP/1.1", "host: x", "forwarded: host=evil.example;proto=https"],
        vec![
            "GET /sign-in HTTP/1.1",
            "host: x",
            "x-original-url: /evil.example",
            "x-rewrite-url: /evil.example",
        ],
        vec!["GET /sign-in HTTP/1.1", "host: x", "x-forwarded-prefix: //evil.example"],
        vec!["GET http://evil.example/sign-in HTTP/1.1", "host: evil.example"],
        vec![
            "GET /sign-in HTTP/1.1",
            "host: x",
            "origin: http://evil.example",
            "referer: http://evil.example/",
        ],
    ] {
        let answer = send_raw(&world, &head).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{head:?}: {answer}");
        assert!(answer.contains(&own) && !answer.contains("evil.example"), "{head:?}: {answer}");
    }
}

#[tokio::test]
async fn two_hosts_no_host_and_odd_hosts_are_never_echoed() {
    let world = World::new().await;
    for head in [
        vec!["GET /signed-out HTTP/1.1", "host: x", "host: evil.example"],
        vec!["GET /signed-out HTTP/1.1"],
        vec!["GET /signed-out HTTP/1.1", "host: "],
        vec!["GET /signed-out HTTP/1.1", "host: evil.example/\\@x"],
        vec!["GET //evil.example/%2e%2e HTTP/1.1", "host: x"],
        vec!["GET /signed-out HTTP/1.0"],
    ] {
        let answer = send_raw(&world, &head).await;
        assert!(!answer.contains("evil.example"), "{head:?}: {answer}");
        assert!(!answer.contains("HTTP/1.1 5"), "{head:?}: {answer}");
    }
}

#[tokio::test]
async fn a_path_with_double_slashes_never_redirects() {
    let world = World::new().await;
    for path in
        ["//evil.example", "//evil.example/factors", "/\\evil.example", "/factors//totp", "/;/factors", "/."]
    {
        let answer = send_raw(&world, &[&format!("GET {path} HTTP/1.1"), "host: x"]).await;
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        assert!(["400", "404"].contains(&status.as_str()), "{path}: {answer}");
        assert!(!answer.to_lowercase().contains("location:"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn an_oversized_request_head_is_refused() {
    let world = World::new().await;
    let long = format!("cookie: a={}", "x".repeat(40_000));
    let answer = send_raw(&world, &["GET / HTTP/1.1", "host: x", &long]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
}
