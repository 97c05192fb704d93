//! URLs are built from APP_BASE_URL, whatever host a request names.

use reqwest::{StatusCode, Url};
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

// I-06, V-36, V-38
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

// I-06
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

// V-37
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

/// Paths that a browser reads as another host's address, and some that come close to it.
const OTHER_HOSTS: &[&str] = &[
    "//evil.example",
    "//evil.example/phish",
    "///evil.example",
    "//evil.example:443/",
    "//user@evil.example/",
    "/\\evil.example",
    "/\\/evil.example",
    "/\\\\evil.example/phish",
    "//\\evil.example",
    "//evil.example/factors/totp",
    "//evil.example/phish?id=totp%7Cdev_A&lang=de",
    "//evil.example/..//evil.example",
    "/.//evil.example",
    "/factors/..//evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "//evil%2eexample",
];

/// The URLs of all links, forms and files of an answer, and of its redirect, as a browser resolves them.
fn addresses(world: &World, answer: &str) -> Vec<Url> {
    let quoted = ["href=\"", "action=\"", "src=\""];
    let quoted = quoted
        .into_iter()
        .flat_map(|start| answer.split(start).skip(1))
        .filter_map(|it| it.split('"').next());
    let redirects = answer.lines().filter_map(|line| line.strip_prefix("location: "));
    quoted.chain(redirects).map(|it| world.portal.join(&it.replace("&amp;", "&")).unwrap()).collect()
}

/// Neither an address nor a Referer makes a page of ours lead to another host, at the root or below a
/// path.
// L-13
#[tokio::test]
async fn no_page_leads_to_a_host_that_the_address_named() {
    let long = format!("cookie: a={}", "x".repeat(17_000));
    for base in ["", "/account"] {
        let world = World::with(&[("app-base-url", &format!("http://127.0.0.1:{{port}}{base}"))]).await;
        let origin = world.portal.origin().ascii_serialization();
        for path in OTHER_HOSTS {
            let get = format!("GET {base}{path} HTTP/1.1");
            let form = format!("POST {base}/factors/totp HTTP/1.1");
            let own = format!("referer: {origin}{base}{path}");
            let (bare, origin) = (format!("referer: {path}"), format!("origin: {origin}"));
            let empty = "content-length: 0";
            let joint = if path.contains('?') { '&' } else { '?' };
            for head in [
                vec![&*get, "host: x"],
                vec![&*get, "host: x", &long],
                vec![&*get, "host: x", "sec-fetch-dest: iframe"],
                vec![&*format!("GET {base}{path}{joint}action=list HTTP/1.1"), "host: x"],
                vec![&*format!("GET {base}{path}{joint}theme=dark&lang=de HTTP/1.1"), "host: x", &long],
                vec![&*format!("GET http://evil.example{base}{path} HTTP/1.1"), "host: x", &long],
                vec![&*format!("POST {base}{path} HTTP/1.1"), "host: x", &origin, empty],
                vec![&*form, "host: x", &origin, empty, &own],
                vec![&*form, "host: x", &origin, empty, &own, &long],
                vec![&*form, "host: x", &origin, empty, &bare],
            ] {
                let answer = send_raw(&world, &head).await;
                let addresses = addresses(&world, &answer);
                assert!(!answer.starts_with("HTTP/1.1 5"), "{head:?}: {answer}");
                for address in addresses {
                    assert_eq!(address.host_str(), Some("127.0.0.1"), "{address} in the answer to {head:?}");
                }
            }
        }
    }
}
