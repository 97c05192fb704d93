//! Shutdown (SIGTERM) under load: requests in flight are answered and changes are finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use emulated_tenant::{Fault, FaultKind};
use tokio::task::JoinSet;
use url::Url;

use super::is_full;
use crate::support::process::{Process, tenant};
use crate::support::raw::{ASK, Raw};
use crate::support::{ASSOCIATE, LIST};

const NORA: &str = "nothing@example.com";
const CLIENTS: usize = 24;

#[derive(Default)]
struct Tally {
    answered: AtomicUsize,
    /// Sent on an open connection and not answered completely.
    broken: AtomicUsize,
}

impl Tally {
    /// Sends requests until nobody listens: on one connection while it is kept (`keeps`), or each on a new one.
    async fn keep_asking(self: Arc<Self>, portal: Url, request: String, keeps: bool) {
        while let Ok(mut raw) = Raw::try_open(&portal).await {
            loop {
                let Some(answer) = raw.ask(&request).await.filter(|it| it.status < 500) else {
                    self.broken.fetch_add(1, Ordering::SeqCst);
                    break;
                };
                self.answered.fetch_add(1, Ordering::SeqCst);
                if answer.is_last() || !keeps {
                    break;
                }
            }
        }
    }
}

/// Shuts a busy portal down. Returns the numbers of answered and broken requests.
async fn stop_under_load(after: Duration) -> (usize, usize) {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    let late = FaultKind::Delay(Duration::from_millis(150));
    tenant.faults().inject(Fault::new("GET", LIST, late));
    let own = format!("GET / HTTP/1.1\r\nhost: x\r\ncookie: {}\r\n\r\n", browser.cookies());
    let requests = [ASK.to_owned(), own, ASK.replace("/signed-out", "/sign-in")];
    let (tally, mut clients) = (Arc::new(Tally::default()), JoinSet::new());
    for (n, request) in (0..CLIENTS).zip(requests.iter().cycle()) {
        clients.spawn(tally.clone().keep_asking(process.portal.clone(), request.clone(), n % 2 == 0));
    }
    tokio::time::sleep(after).await;
    process.signal("TERM");
    clients.join_all().await;
    assert_eq!(process.end().code(), Some(0), "{}", process.output());
    (tally.answered.load(Ordering::SeqCst), tally.broken.load(Ordering::SeqCst))
}

// H-06, P-14
#[tokio::test(flavor = "multi_thread")]
async fn shutdown_under_load_breaks_no_answer() {
    let mut all = (0, 0);
    for round in 0..if is_full() { 25 } else { 3 } {
        let (answered, broken) = stop_under_load(Duration::from_millis(400 + 37 * round)).await;
        all = (all.0 + answered, all.1 + broken);
    }
    println!("{} requests were answered and {} broken", all.0, all.1);
    assert!(all.0 > 100 && all.1 == 0, "{} were answered and {} broken", all.0, all.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_at_shutdown_is_answered() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    let mut connections = [Raw::open(&process.portal).await, Raw::open(&process.portal).await];
    connections[0].ask(ASK).await.unwrap();
    process.signal("TERM");
    process.says("shutdown requested");
    for connection in &mut connections {
        let answer = connection.ask(ASK).await.unwrap();
        assert!(answer.is_page() && answer.is_last(), "{}", answer.head);
    }
    assert_eq!(process.end().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_do_not_delay_shutdown() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    let mut idle = Raw::open(&process.portal).await;
    idle.ask(ASK).await.unwrap();
    let _new = Raw::open(&process.portal).await;
    let began = std::time::Instant::now();
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

// H-06
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_shutting_down_is_healthy_but_not_ready() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    tenant.journal().clear();
    let late = FaultKind::Delay(Duration::from_secs(3));
    tenant.faults().inject(Fault::new("GET", LIST, late));
    let under_way = tokio::spawn(browser.client().get(process.portal.clone()).send());
    while tenant.journal().requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.signal("TERM");
    process.says("shutdown requested");
    for (path, status, text) in [("healthz", 200, "ok\n"), ("readyz", 503, "stopping\n")] {
        let answer = reqwest::get(process.admin.join(path).unwrap()).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (status, text));
    }
    let answer = under_way.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("Two-step verification"), "it comes whole");
    assert_eq!(process.end().code(), Some(0));
    assert!(reqwest::get(process.portal.clone()).await.unwrap_err().is_connect());
}

// H-06
#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_browser_has_gone_is_finished_before_shutdown() {
    let tenant = tenant().await;
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let mut process = Process::start(&tenant, &[("SESSION_STORE", &store)]);
    let mut browser = process.browser(&tenant);
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    tenant.journal().clear();
    tenant.faults().inject(Fault::new("POST", ASSOCIATE, FaultKind::Delay(Duration::from_secs(2))).times(1));
    let start = browser.request(&browser.page.form("Show me the QR code"));
    let gone = tokio::spawn(start.send());
    while tenant.journal().count("POST", ASSOCIATE) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gone.abort();
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    let code = tenant.devices(NORA).recovery_code().unwrap();
    let process = Process::start(&tenant, &[("SESSION_STORE", &store)]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let proof = tenant.devices(NORA).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &proof)]).await;
    assert!(browser.page.text_of(".recovery").replace(' ', "") == code, "{}", browser.page.text());
}

// H-06
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_served_on_for_the_stop_delay_while_probes_are_told_no() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[("STOP_DELAY", "2")]);
    let began = std::time::Instant::now();
    process.signal("TERM");
    process.says("shutdown requested");
    for (path, status) in [("readyz", 503), ("readyz?without=store", 503), ("healthz", 200)] {
        let answer = reqwest::get(process.admin.join(path).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
    let answer = reqwest::get(process.portal.join("signed-out").unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200, "a new connection is served");
    assert_eq!(process.end().code(), Some(0));
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
}

// H-06
#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_the_stop_delay() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[("STOP_DELAY", "600")]);
    process.signal("TERM");
    process.says("shutdown requested");
    process.signal("INT");
    assert_eq!(process.end().code(), Some(0));
}

/// Asks each replica once a second whether it is ready, and sends requests to those that were, as proxies do.
struct Forwarder {
    ready: Vec<Url>,
    asked: std::time::Instant,
}

impl Forwarder {
    async fn ask(&mut self, replicas: &[(Url, Url)]) {
        self.asked = std::time::Instant::now();
        self.ready.clear();
        for (portal, admin) in replicas {
            let ready = reqwest::get(admin.join("readyz").unwrap()).await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                self.ready.push(portal.clone());
            }
        }
    }
}

// H-06
#[tokio::test(flavor = "multi_thread")]
async fn ten_rolling_restarts_behind_a_polling_forwarder_refuse_no_request() {
    let tenant = tenant().await;
    let settings = [("STOP_DELAY", "2")];
    let mut running = vec![Process::start(&tenant, &settings), Process::start(&tenant, &settings)];
    let mut forwarder = Forwarder { ready: Vec::new(), asked: std::time::Instant::now() };
    let (mut sent, mut refused, mut restarts, mut leaving) = (0, 0, 0, Vec::new());
    let mut since_restart = std::time::Instant::now();
    while restarts < 10 || sent < 1_000 {
        let known = running.iter().chain(&leaving).map(|it: &Process| (it.portal.clone(), it.admin.clone()));
        let known: Vec<_> = known.collect();
        if forwarder.ready.is_empty() || forwarder.asked.elapsed() >= Duration::from_secs(1) {
            forwarder.ask(&known).await;
        }
        let portal = &forwarder.ready[sent % forwarder.ready.len()];
        // A connection of its own, which is what a stopped listener refuses.
        refused += usize::from(reqwest::get(portal.join("signed-out").unwrap()).await.is_err());
        sent += 1;
        if restarts < 10 && since_restart.elapsed() >= Duration::from_millis(2_500) {
            (since_restart, restarts) = (std::time::Instant::now(), restarts + 1);
            leaving.drain(..).for_each(|mut gone: Process| assert_eq!(gone.end().code(), Some(0)));
            running.push(Process::start(&tenant, &settings));
            let old = running.remove(0);
            old.signal("TERM");
            leaving.push(old);
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    assert_eq!((refused, restarts), (0, 10), "of {sent} requests");
}
