//! Panics in a handler: an error page for the person, the source location in the log, and a process that goes on.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mfa_portal::LogFormat;
use mfa_portal::clock::Clock;
use mfa_portal::log::Log;
use mfa_portal::random::Random;
use mfa_portal::{Portal, server};
use url::Url;

use crate::support::process::tenant;
use crate::support::{Browser, Page};

const NORA: &str = "nothing@example.com";
const ALONE: &str = "IN_A_PROCESS_OF_ITS_OWN";
/// Stands for personal data in a panic message, which the log must not repeat.
const CANARY: &str = "canary-in-a-panic";

/// Less than a request waits for another's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// A clock, which every page needs, and a source of randomness that panic on demand. The first random bytes of a
/// request are for its id, so `random_after` lets that many calls pass.
#[derive(Clone, Default)]
struct Faults {
    clock: Arc<AtomicBool>,
    random_after: Arc<Mutex<Option<usize>>>,
}

impl Faults {
    fn clock(&self) -> Clock {
        let is_broken = self.clock.clone();
        Clock::from_fn(move || {
            assert!(!is_broken.load(Ordering::SeqCst), "the clock is broken: {CANARY}");
            Clock::system().now()
        })
    }

    fn random(&self) -> Random {
        let after = self.random_after.clone();
        Random::from_fn(move |bytes| {
            let mut left = after.lock().unwrap();
            let is_broken = *left == Some(0);
            *left = left.map(|left| left.saturating_sub(1));
            drop(left);
            assert!(!is_broken, "no randomness: {CANARY}");
            bytes
                .chunks_mut(8)
                .for_each(|part| part.copy_from_slice(&Random::system().bytes::<8>()[..part.len()]));
        })
    }

    fn break_random(&self, after: Option<usize>) {
        *self.random_after.lock().unwrap() = after;
    }
}

/// Checks the error page and prints its request id for the parent process.
fn assert_page_and_print_id(page: &Page) {
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (500, "Something went wrong on our side"));
    assert!(page.html.trim_end().ends_with("</html>") && !page.html.contains("broken"), "{}", page.html);
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    assert!(
        page.header("content-security-policy").len() > 10
            && page.header("cache-control") == "no-store, no-transform"
    );
    println!("\nNUMBER {}", page.header("x-request-id"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test below in a process of its own, because the panic hook is global"]
async fn panics_in_a_process_of_its_own() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let _log = Log::to_stderr(LogFormat::Text);
    let (tenant, listener, faults) = (tenant().await, stage::listener().unwrap(), Faults::default());
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tenant.configure(|settings| settings.callback_urls.push(format!("{url}callback")));
    let portal =
        Portal::new(stage::config(&tenant, &url, &[]).unwrap(), faults.clock(), faults.random()).unwrap();
    let pages = mfa_portal::pages(&portal).unwrap();
    tokio::spawn(server::listen(listener, pages, 10, Clock::system(), portal.stopping.clone()));
    let mut browser = Browser::at(&url, &tenant);
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    let form = browser.page.form("Show me the QR code");
    faults.break_random(Some(1));
    assert_page_and_print_id(browser.open("/sign-in").await);
    assert!(browser.page.text().contains(browser.page.header("x-request-id")));
    faults.break_random(Some(1));
    assert_page_and_print_id(browser.send(&form).await);
    // The request's id and the lock's record come before this one, so the panic is in the act.
    faults.break_random(Some(2));
    assert_page_and_print_id(browser.send(&form).await);
    faults.break_random(None);
    let again = tokio::time::timeout(PATIENCE, browser.send(&form)).await;
    assert_eq!(again.expect("the lock is released").status, 200);
    faults.clock.store(true, Ordering::SeqCst);
    assert_page_and_print_id(browser.open("/").await);
    faults.clock.store(false, Ordering::SeqCst);
    assert_eq!(browser.open("/").await.status, 200, "it lives, and nobody is signed out");
}

// F-05
#[test]
fn a_panic_is_an_error_page_with_its_location_in_the_log() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "listener::panics::panics_in_a_process_of_its_own", "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{log}");
    let numbers: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("NUMBER ")).collect();
    assert_eq!(numbers.len(), 4, "after a link, after a form, in its act, and on the way to either");
    for number in numbers {
        let line = log.lines().find(|it| it.contains(number) && it.contains("thread panicked")).expect(&log);
        assert!(line.contains("listener/panics.rs:"), "{line}");
    }
    assert!(!log.contains(CANARY), "{log}");
}
