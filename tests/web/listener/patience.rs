//! How long the listener waits for a client: tokio's clock stands still here and leaps to the next thing that is due.

use std::net::TcpListener;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use mfa_portal::server;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::World;
use crate::support::raw::{ASK, Raw};

/// The second in which something happened, counted from here.
async fn second(what: impl Future<Output = impl Sized>) -> u64 {
    let began = Instant::now();
    what.await;
    began.elapsed().as_secs()
}

/// A listener with one route, whose answer is larger than every buffer between us.
fn listener(at_most: usize, body: usize) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let routes = Router::new().route("/", get(move || async move { "x".repeat(body) }));
    tokio::spawn(server::listen(listener, routes, at_most, CancellationToken::new()));
    url
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_heard_for_ten_seconds() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    assert_eq!(second(raw.rest()).await, 10);
}

#[tokio::test(start_paused = true)]
async fn who_drips_a_head_is_heard_for_ten_seconds_however_steadily() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    let began = Instant::now();
    assert!(raw.send("GET / HTTP/1.1\r\nhost: x\r\n").await);
    while raw.send("x-drip: 1\r\n").await {
        sleep(Duration::from_millis(500)).await;
        assert!(began.elapsed().as_secs() < 12, "it is still heard");
    }
    assert!(began.elapsed().as_secs() >= 10);
}

#[tokio::test(start_paused = true)]
async fn a_form_that_does_not_come_is_a_page_after_ten_seconds() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    let head = "POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\ncsrf_token=";
    let began = Instant::now();
    let answer = raw.ask(head).await.unwrap();
    assert_eq!((answer.status, began.elapsed().as_secs()), (408, 10));
    assert!(answer.is_page() && answer.is_last(), "{}", answer.head);
    assert!(answer.body.contains("The form did not reach us in time"));
    assert_eq!(raw.rest().await, "");
}

#[tokio::test(start_paused = true)]
async fn a_form_that_drips_is_waited_for_no_longer() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    let began = Instant::now();
    raw.send("POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 10000\r\n\r\n").await;
    while raw.send("x").await {
        sleep(Duration::from_secs(1)).await;
        assert!(began.elapsed().as_secs() < 12, "it is still heard");
    }
    assert!(began.elapsed().as_secs() >= 10);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_for_a_minute_after_each_answer() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    for _ in 0..3 {
        let answer = raw.ask(ASK).await.unwrap();
        assert!(answer.is_page() && !answer.is_last());
        sleep(Duration::from_secs(58)).await;
    }
    assert_eq!(raw.ask(ASK).await.unwrap().status, 200);
    assert_eq!(second(raw.rest()).await, 60);
}

#[tokio::test(start_paused = true)]
async fn on_a_kept_connection_too_a_head_comes_within_ten_seconds() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    raw.ask(ASK).await.unwrap();
    sleep(Duration::from_secs(30)).await;
    raw.send("GET / HT").await;
    assert_eq!(second(raw.rest()).await, 10);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_given_up_after_a_minute() {
    let url = listener(1, 200 << 20);
    let mut slow = Raw::open(&url).await;
    slow.send(ASK.replace("/signed-out", "/")).await;
    // The only place is taken, so that the next one is answered when the first is given up.
    let mut next = Raw::open(&url).await;
    let nowhere = ASK.replace("/signed-out", "/nowhere");
    assert_eq!(second(next.ask(nowhere)).await, 60);
}
