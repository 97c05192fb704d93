//! The listener's timeouts. Tokio's clock is paused and jumps to the next timer.

use std::net::TcpListener;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use mfa_portal::clock::Clock;
use mfa_portal::server;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::World;
use crate::support::raw::{ASK, Raw};

/// The whole seconds until the future is ready.
async fn seconds_until(what: impl Future<Output = impl Sized>) -> u64 {
    let began = Instant::now();
    what.await;
    began.elapsed().as_secs()
}

/// A listener with one route, whose answer is larger than the socket buffers.
fn listener(at_most: usize, body: usize) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let routes = Router::new().route("/", get(move || async move { "x".repeat(body) }));
    tokio::spawn(server::listen(listener, routes, at_most, Clock::system(), CancellationToken::new()));
    url
}

// H-01
#[tokio::test(start_paused = true)]
async fn a_silent_client_is_dropped_after_ten_seconds() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    assert_eq!(seconds_until(raw.rest()).await, 10);
}

// H-01, X-01
#[tokio::test(start_paused = true)]
async fn a_client_that_drips_its_head_is_dropped_after_ten_seconds() {
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
async fn a_missing_form_body_is_answered_with_a_page_after_ten_seconds() {
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

// H-02
#[tokio::test(start_paused = true)]
async fn a_dripping_form_body_times_out_as_well() {
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

// H-01
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
    assert_eq!(seconds_until(raw.rest()).await, 60);
}

#[tokio::test(start_paused = true)]
async fn a_kept_connection_has_ten_seconds_for_its_next_head() {
    let world = World::new().await;
    let mut raw = Raw::open(&world.portal).await;
    raw.ask(ASK).await.unwrap();
    sleep(Duration::from_secs(30)).await;
    raw.send("GET / HT").await;
    assert_eq!(seconds_until(raw.rest()).await, 10);
}

// H-02
#[tokio::test(start_paused = true)]
async fn an_unread_answer_is_given_up_after_a_minute() {
    let url = listener(1, 200 << 20);
    let mut slow = Raw::open(&url).await;
    slow.send(ASK.replace("/signed-out", "/")).await;
    // The only slot is taken, so the next request is answered when the first connection is given up.
    let mut next = Raw::open(&url).await;
    let nowhere = ASK.replace("/signed-out", "/nowhere");
    assert_eq!(seconds_until(next.ask(nowhere)).await, 60);
}
