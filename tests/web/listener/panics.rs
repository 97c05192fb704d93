//! A panic in a handler: a page for the person, a place for the operator, and the process lives.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mfa_portal::clock::Clock;
use mfa_portal::config::LogFormat;
use mfa_portal::log::Log;
use mfa_portal::random::Random;
use mfa_portal::{Portal, server};
use url::Url;

use crate::support::process::tenant;
use crate::support::{Browser, Page, world};

const NORA: &str = "nothing@example.com";
const ALONE: &str = "IN_A_PROCESS_OF_ITS_OWN";
/// What a panic's words might quote of a person's.
const CANARY: &str = "canary-in-a-panic";

/// A clock that may break.
fn clock(is_broken: &Arc<AtomicBool>) -> Clock {
    let is_broken = is_broken.clone();
    Clock::from_fn(move || {
        assert!(!is_broken.load(Ordering::SeqCst), "the clock is broken: {CANARY}");
        Clock::system().now()
    })
}

/// Says the number of a page after a panic, once it is all that it should be.
fn note(page: &Page) {
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (500, "Something went wrong on our side"));
    assert!(page.html.trim_end().ends_with("</html>") && !page.html.contains("clock"), "{}", page.html);
    assert!(page.header("content-security-policy").len() > 10);
    let id = page.header("x-request-id");
    assert!(page.text().contains(id), "{}", page.text());
    println!("\nNUMBER {id}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test below in a process of its own, for what happens on a panic is one for all"]
async fn alone() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let _log = Log::to_stderr(LogFormat::Text);
    let (tenant, listener) = (tenant().await, world::listener());
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tenant.configure(|settings| settings.callback_urls.push(format!("{url}callback")));
    let is_broken = Arc::new(AtomicBool::new(false));
    let portal = Portal::new(world::config(&tenant, &url, &[]), clock(&is_broken), Random::system()).unwrap();
    tokio::spawn(server::listen(listener, portal.pages().unwrap(), 10, portal.stopping.clone()));
    let mut browser = Browser::at(&url, &tenant);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser.open("/sign-out").await;
    let form = browser.page.form("Sign out");
    is_broken.store(true, Ordering::SeqCst);
    note(browser.open("/sign-in").await);
    note(browser.send(&form).await);
    is_broken.store(false, Ordering::SeqCst);
    assert_eq!(browser.open("/").await.status, 200, "it lives, and nobody is signed out");
}

#[test]
fn a_panic_is_a_page_with_its_place_in_the_log_and_the_process_lives() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "listener::panics::alone", "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{log}");
    let numbers: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("NUMBER ")).collect();
    assert_eq!(numbers.len(), 2, "after a link and after a form");
    for number in numbers {
        let line = log.lines().find(|it| it.contains(number) && it.contains("a panic")).expect(&log);
        assert!(line.contains("listener/panics.rs:"), "{line}");
    }
    assert!(!log.contains(CANARY), "{log}");
}
