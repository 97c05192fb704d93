//! `AUTH0_SECRET` is rotated while people use the portal: one replica after the other gets the next list of keys.

use super::{CODE, CONFIRM, LIST, NORA, PHONE, Pair, SCAN, SEND, app_code};
use crate::support::Browser;

const A: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const B: &str = "ffeeddccbbaa99887766554433221100f0e1d2c3b4a5968778695a4b3c2d1e0f";

/// The key lists of the documented rotation, in order.
fn lists() -> [String; 4] {
    [A.to_owned(), format!("{A},{B}"), format!("{B},{A}"), B.to_owned()]
}

impl Pair {
    fn restart(&mut self, at: usize, secret: &str) {
        self.replicas.kill(at);
        self.replicas.start(at, &with_key(secret));
    }
}

/// The settings of a replica. A password does for messages after the first factor.
fn with_key(secret: &str) -> [(&str, &str); 2] {
    [("AUTH0_SECRET", secret), ("PROOF", "any")]
}

/// A person with a recovery code that is not confirmed as saved.
async fn with_an_unsaved_code(pair: &Pair) -> (Browser, String) {
    let mut browser = pair.signed_in(0, NORA).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let code = app_code(&pair.tenant, &browser);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    (browser, pair.tenant.devices(NORA).recovery_code().unwrap())
}

/// Asserts that both replicas know the session and the recovery code.
async fn both_know(pair: &Pair, browser: &mut Browser, recovery: &str) {
    for at in 0..2 {
        pair.replicas.only(at);
        browser.open("/recovery-code").await;
        assert_eq!(browser.journey.len(), 1, "replica {at} asks to sign in");
        assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), recovery, "replica {at}");
    }
}

const TOO_MANY: &str = "Too many codes were sent";
const MOST: usize = 8;

/// Text messages that are asked for at replicas, each to another number.
#[derive(Default)]
struct Texts {
    asked: usize,
    /// Pages that failed because the machine was busy. Each may have counted its text, and none says that one was sent.
    failed: usize,
}

impl Texts {
    /// Asks one replica for the next; returns the limit that the form ran into, or `None` when the page failed.
    async fn ask(&mut self, pair: &Pair, browser: &mut Browser, at: usize) -> Option<String> {
        pair.replicas.only(at);
        browser.open("/factors/sms").await;
        let number = format!("+44 7700 900{}", 100 + self.asked);
        self.asked += 1;
        let page = browser.press(SEND, &[(PHONE, &number)]).await;
        if page.status.is_server_error() {
            self.failed += 1;
            return None;
        }
        let limit = page.limit();
        assert!(!limit.is_empty() || page.buttons().iter().any(|it| it == CONFIRM), "{}", page.text());
        Some(limit)
    }

    /// Asks for one that is within the limit.
    async fn send(&mut self, pair: &Pair, browser: &mut Browser, at: usize) {
        assert_eq!(self.ask(pair, browser, at).await.unwrap_or_default(), "", "{}", browser.page.text());
    }

    /// Asserts that the replica refuses one more, after those that failed pages did not send.
    async fn refused(&mut self, pair: &Pair, browser: &mut Browser, at: usize) {
        while self.ask(pair, browser, at).await.is_none_or(|limit| limit != TOO_MANY) {
            assert!(sent(pair) <= MOST, "replica {at}: {}", browser.page.text());
            assert!(self.failed <= MOST, "replica {at}: {}", browser.page.text());
        }
        let sent = sent(pair);
        assert!(sent <= MOST && sent + self.failed >= MOST, "{sent} were sent, {} pages failed", self.failed);
    }
}

fn sent(pair: &Pair) -> usize {
    pair.tenant.devices(NORA).messages().len()
}

// S-07
#[tokio::test(flavor = "multi_thread")]
async fn the_documented_steps_keep_sessions_recovery_codes_and_limits() {
    let Some(mut pair) = Pair::start(&with_key(A)).await else { return };
    let (mut browser, recovery) = with_an_unsaved_code(&pair).await;
    let mut texts = Texts::default();
    for list in &lists()[1..3] {
        for changed in 0..2 {
            pair.restart(changed, list);
            both_know(&pair, &mut browser, &recovery).await;
            for at in 0..2 {
                texts.send(&pair, &mut browser, at).await;
            }
        }
    }
    assert_eq!(texts.asked, MOST);
    for at in 0..2 {
        texts.refused(&pair, &mut browser, at).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_made_under_the_new_first_key_outlive_the_old_key() {
    let [_, _, both, new] = lists();
    let Some(mut pair) = Pair::start(&with_key(&both)).await else { return };
    let (mut browser, recovery) = with_an_unsaved_code(&pair).await;
    let mut texts = Texts::default();
    for number in 0..MOST {
        texts.send(&pair, &mut browser, number % 2).await;
    }
    for changed in 0..2 {
        pair.restart(changed, &new);
        both_know(&pair, &mut browser, &recovery).await;
        for at in 0..2 {
            texts.refused(&pair, &mut browser, at).await;
        }
    }
    let mut done = browser.open("/recovery-code").await.form("Done");
    done.set("saved", "yes");
    browser.send(&done).await;
    for at in 0..2 {
        pair.replicas.only(at);
        assert_eq!(browser.open("/recovery-code").await.count(".recovery"), 0, "replica {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_saved_midway_is_forgotten_under_every_key_list() {
    let Some(mut pair) = Pair::start(&with_key(A)).await else { return };
    let (mut browser, _) = with_an_unsaved_code(&pair).await;
    let [_, behind, front, _] = lists();
    pair.restart(0, &behind);
    pair.restart(1, &front);
    let mut done = browser.open("/recovery-code").await.form("Done");
    done.set("saved", "yes");
    pair.replicas.only(1);
    browser.send(&done).await;
    for at in 0..2 {
        pair.replicas.only(at);
        assert_eq!(browser.open("/recovery-code").await.count(".recovery"), 0, "replica {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn putting_the_new_key_first_at_once_costs_at_most_a_sign_in() {
    let Some(mut pair) = Pair::start(&with_key(A)).await else { return };
    let [_, _, front, _] = lists();
    pair.restart(1, &front);
    let mut old = pair.signed_in(0, NORA).await;
    pair.replicas.only(1);
    assert_eq!(
        (old.open("/").await.heading().as_str(), old.journey.len()),
        (LIST, 1),
        "the old key still opens"
    );
    let mut new = pair.signed_in(1, NORA).await;
    let mut texts = Texts::default();
    for number in 0..MOST {
        let browser = if number % 2 == 0 { &mut old } else { &mut new };
        texts.send(&pair, browser, number % 2).await;
    }
    texts.refused(&pair, &mut old, 0).await;
    texts.refused(&pair, &mut new, 1).await;
    pair.replicas.only(0);
    assert_eq!(new.open("/").await.heading(), LIST, "signed in again by the way");
    assert!(new.journey.len() > 1);
}
