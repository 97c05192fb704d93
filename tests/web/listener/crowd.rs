//! Many connections: slow clients do not delay others, and waiting ones get a slot.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use emulated_tenant::{Fault, FaultKind, Gate};
use mfa_portal::clock::Clock;
use mfa_portal::server;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::is_full;
use crate::support::process::{Process, tenant};
use crate::support::raw::{ASK, Raw};
use crate::support::{ASSOCIATE, LIST};

const HALF_A_HEAD: &str = "GET /signed-out HTTP/1.1\r\nhost: x\r\nx-half";
const HALF_A_FORM: &str = "POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf";
/// The longest time of a quick answer: ten times the promise, because a test machine does other work.
const QUICK: Duration = Duration::from_secs(2);

/// A connection that finds no place in the queue tries again after a second (tcp(7), RFC 6298 §2).
const BEFORE_ANOTHER_TRY: Duration = Duration::from_millis(900);

/// Opens connections that send half a request and then nothing.
async fn open_slow_clients(portal: &Url, how_many: usize) -> Vec<Raw> {
    let mut clients = Vec::new();
    for n in 0..how_many {
        let mut client = Raw::open(portal).await;
        client.send(if n % 2 == 0 { HALF_A_HEAD } else { HALF_A_FORM }).await;
        clients.push(client);
    }
    clients
}

/// The longest time among these requests, each on a new connection.
async fn slowest_request(url: &Url, request: &str, times: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..times {
        let began = Instant::now();
        let answer = Raw::open(url).await.ask(request).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        slowest = slowest.max(began.elapsed());
    }
    slowest
}

// H-03, P-13
#[tokio::test(flavor = "multi_thread")]
async fn slow_connections_delay_neither_health_nor_pages_and_are_ended() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut clients = open_slow_clients(&process.portal, if is_full() { 1000 } else { 300 }).await;
    let health = slowest_request(&process.admin, &ASK.replace("/signed-out", "/healthz"), 50).await;
    let pages = slowest_request(&process.portal, ASK, 50).await;
    println!("with {} slow connections: /healthz {health:?}, a page {pages:?} at most", clients.len());
    assert!(health < QUICK && pages < QUICK, "/healthz {health:?}, a page {pages:?}");
    for client in &mut clients {
        assert!(client.ends_within(Duration::from_secs(30)).await, "a slow connection is kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_low_open_file_limit_lowers_the_number_of_connection_slots() {
    let tenant = tenant().await;
    let process = Process::start_under(&["prlimit", "--nofile=320"], &tenant, &[]);
    process.says("connection_slots=32");
    let mut clients = open_slow_clients(&process.portal, 70).await;
    let health = slowest_request(&process.admin, &ASK.replace("/signed-out", "/healthz"), 50).await;
    assert!(health < QUICK, "{health:?}");
    // 70 slow clients on 32 slots: this one waits for two timeouts of ten seconds.
    let waits = Raw::open(&process.portal).await.ask(ASK).await;
    assert!(waits.unwrap().is_page());
    for client in &mut clients {
        assert!(client.ends_within(Duration::from_secs(30)).await, "a slow connection is kept");
    }
    assert!(slowest_request(&process.portal, ASK, 50).await < QUICK);
    assert!(!process.output().contains("accepting a connection failed"), "{}", process.output());
}

/// Cut connections make no longer queue than open ones.
// H-03
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_frees_its_slot_unless_its_page_acts() {
    let tenant = tenant().await;
    let process = Process::start_under(&["prlimit", "--nofile=258"], &tenant, &[]);
    process.says("connection_slots=1");
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    browser.open("/factors/totp").await;
    let look = browser.client().get(process.portal.clone());
    let act = browser.request(&browser.page.form("Show me the QR code"));
    for (request, path, acts) in [(look, LIST, false), (act, ASSOCIATE, true)] {
        let (gate, method) = (Gate::new(), if acts { "POST" } else { "GET" });
        tenant.faults().inject(Fault::new(method, path, FaultKind::HoldRequest(gate.clone())));
        let cut = tokio::spawn(request.send());
        gate.reached().await;
        cut.abort();
        let mut new = Raw::open(&process.portal).await;
        new.send(ASK).await;
        let waited = timeout(if acts { Duration::from_millis(300) } else { QUICK }, new.answer()).await;
        assert_eq!(waited.is_err(), acts, "{path}");
        gate.open();
        tenant.faults().clear();
        let answer = match waited {
            Ok(answer) => answer,
            Err(_) => new.answer().await,
        };
        assert_eq!(answer.unwrap().status, 200);
    }
}

/// A listener with two connection slots, a quick route, and one that waits for `go`.
fn two_slots(go: &Arc<Notify>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let go = go.clone();
    let waits = move || async move {
        go.notified().await;
        "late"
    };
    let routes = Router::new().route("/signed-out", get(|| async { "at once" })).route("/late", get(waits));
    tokio::spawn(server::listen(listener, routes, 2, Clock::system(), CancellationToken::new()));
    url
}

/// Connections on both slots that wait for their answer.
async fn both_busy(url: &Url) -> [Raw; 2] {
    let mut busy = [Raw::open(url).await, Raw::open(url).await];
    for connection in &mut busy {
        connection.send(&ASK.replace("/signed-out", "/late")).await;
    }
    busy
}

// H-03
#[tokio::test]
async fn idle_connections_make_room_for_new_ones() {
    let url = two_slots(&Arc::new(Notify::new()));
    let mut idle = [Raw::open(&url).await, Raw::open(&url).await];
    assert!(!idle[0].ask(ASK).await.unwrap().is_last());
    idle[1].ask(ASK).await.unwrap();
    assert_eq!(Raw::open(&url).await.ask(ASK).await.unwrap().status, 200);
    for connection in &mut idle {
        assert!(connection.ends_within(Duration::from_secs(5)).await);
    }
}

// H-03
#[tokio::test]
async fn busy_connections_are_never_ended_for_new_ones() {
    let go = Arc::new(Notify::new());
    let url = two_slots(&go);
    let mut busy = both_busy(&url).await;
    let mut new = Raw::open(&url).await;
    new.send(ASK).await;
    let waited = timeout(Duration::from_millis(300), new.answer()).await;
    assert!(waited.is_err(), "there was no place for it");
    go.notify_waiters();
    for connection in &mut busy {
        let answer = connection.answer().await.unwrap();
        assert!(answer.body == "late" && answer.is_last(), "it makes room once it is answered");
    }
    assert_eq!(new.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_crowd_beyond_the_slots_waits_and_does_not_try_again() {
    let go = Arc::new(Notify::new());
    let url = two_slots(&go);
    let _busy = both_busy(&url).await;
    let address = url.socket_addrs(|| None).unwrap()[0];
    let crowd: JoinSet<_> = std::iter::repeat_with(|| TcpStream::connect(address)).take(600).collect();
    let opened = timeout(BEFORE_ANOTHER_TRY, crowd.join_all()).await;
    assert!(opened.is_ok_and(|all| all.iter().all(Result::is_ok)), "the kernel keeps a place for each");
}
