//! The listener's size limits: above what browsers send to our pages.

use crate::support::World;
use crate::support::raw::{Answer, Raw};

async fn ask(world: &World, request: &str) -> Option<Answer> {
    Raw::open(&world.portal).await.ask(request).await
}

/// Whether the answer is an error page that closes the connection.
fn is_refusal(answer: &Answer, status: u16, heading: &str) -> bool {
    answer.status == status && answer.is_page() && answer.is_last() && answer.body.contains(heading)
}

// H-01
#[tokio::test]
async fn a_url_may_have_eight_kilobytes() {
    let world = World::new().await;
    let address = |length: usize| format!("/signed-out?{}", "x".repeat(length - "/signed-out?".len()));
    let fits = ask(&world, &format!("GET {} HTTP/1.1\r\nhost: x\r\n\r\n", address(8192))).await.unwrap();
    assert_eq!(fits.status, 200);
    let long = ask(&world, &format!("GET {} HTTP/1.1\r\nhost: x\r\n\r\n", address(8193))).await.unwrap();
    assert!(is_refusal(&long, 414, "This address is too long"), "{long:?}");
}

// H-01
#[tokio::test]
async fn cookies_may_have_sixteen_kilobytes_and_more_is_explained() {
    let world = World::new().await;
    let with = |length: usize| {
        format!("GET /signed-out HTTP/1.1\r\nhost: x\r\ncookie: a={}\r\n\r\n", "x".repeat(length))
    };
    assert_eq!(ask(&world, &with(16_000)).await.unwrap().status, 200);
    let many = ask(&world, &with(17_000)).await.unwrap();
    assert!(is_refusal(&many, 431, "Your browser sent too many cookies"), "{many:?}");
    assert!(many.body.contains("Delete the cookies of this site"));
}

//
#[tokio::test]
async fn a_head_far_over_the_limit_is_not_read() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    let mut sent = "GET / HTTP/1.1\r\nhost: x\r\ncookie: a=".len();
    raw.send("GET / HTTP/1.1\r\nhost: x\r\ncookie: a=").await;
    while sent < 10 << 20 && raw.send([b'x'; 1024]).await {
        sent += 1024;
    }
    let end = raw.rest().await;
    assert!(end.is_empty() || end.starts_with("HTTP/1.1 431"), "{end}");
    assert!(sent < 10 << 20, "ten megabytes were taken");
}

// H-01
#[tokio::test]
async fn a_request_may_have_a_hundred_headers() {
    let world = World::new().await;
    let with = |n: usize| {
        let more = "x-more: 1\r\n".repeat(n - 1);
        format!("GET /signed-out HTTP/1.1\r\nhost: x\r\n{more}\r\n")
    };
    assert_eq!(ask(&world, &with(100)).await.unwrap().status, 200);
    assert_eq!(ask(&world, &with(101)).await.unwrap().status, 431);
}

#[tokio::test]
async fn a_form_declared_too_long_is_refused_and_the_connection_ends() {
    let world = World::new().await;
    let head = format!(
        "POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 50000000\r\n\r\n{}",
        "x".repeat(17_000)
    );
    let answer = ask(&world, &head).await.unwrap();
    assert!(is_refusal(&answer, 413, "That was too much text"), "{answer:?}");
}

#[tokio::test]
async fn expect_100_continue_is_answered() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    raw.send("POST /factors/totp HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n")
        .await;
    let goes_on = raw.answer().await.unwrap();
    assert_eq!(goes_on.status, 100);
    assert_eq!(raw.ask("a=bc").await.unwrap().status, 401);
}
