//! After each step of a flow the replica in use is killed (SIGKILL), and the next step goes to the other one alone.

use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Fault, FaultKind, Gate, Tamper, Token};

use super::{ALEX, CODE, CONFIRM, LIST, NORA, PHONE, Pair, SCAN, SEND, app_code};
use crate::support::{ASSOCIATE, Browser};

const APPROVED: &str = "I have approved it";

/// Two replicas that take turns: one is killed after each step.
struct Relay {
    pair: Pair,
    at: usize,
    down: Option<usize>,
}

impl Relay {
    async fn start() -> Option<Self> {
        let relay = Self { pair: Pair::start(&[]).await?, at: 0, down: None };
        relay.pair.replicas.only(0);
        Some(relay)
    }

    /// Signs in, with a kill between the tenant's page and the callback.
    async fn signed_in(&mut self, email: &str) -> Browser {
        let mut browser = self.pair.replicas.browser();
        let callback = browser.until_callback(email).await;
        self.kill_and_switch();
        browser.go(callback).await;
        self.kill_and_switch();
        assert_eq!(browser.open("/").await.heading(), LIST);
        browser
    }

    /// Kills the replica in use and switches to the other, which is started again first if it was killed before.
    fn kill_and_switch(&mut self) {
        let other = 1 - self.at;
        if self.down == Some(other) {
            self.pair.replicas.start(other, &[]);
        }
        self.pair.replicas.kill(self.at);
        self.down = Some(self.at);
        self.at = other;
        self.pair.replicas.only(other);
    }

    /// Opens a page, then kills the replica.
    async fn open_then_kill(&mut self, browser: &mut Browser, path: &str) {
        browser.open(path).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.path()), (200, path));
        self.kill_and_switch();
    }

    /// Presses a button, then kills the replica.
    async fn press_then_kill(&mut self, browser: &mut Browser, button: &str, typed: &[(&str, &str)]) {
        browser.press(button, typed).await;
        assert_eq!(browser.page.status, 200, "{}", browser.page.text());
        self.kill_and_switch();
    }

    /// Reloads the page, then kills the replica.
    async fn reload_then_kill(&mut self, browser: &mut Browser) {
        let (url, heading) = (browser.page.url.clone(), browser.page.heading());
        assert_eq!(browser.go(url).await.heading(), heading);
        self.kill_and_switch();
    }

    /// Adds a factor whose code is sent, with one wrong code on the way.
    async fn add_by_sent_code(&mut self, path: &str, button: &str, typed: (&str, &str), factor: Factor) {
        let mut browser = self.signed_in(ALEX).await;
        let before = self.pair.active(ALEX, factor);
        self.open_then_kill(&mut browser, path).await;
        self.press_then_kill(&mut browser, button, &[typed]).await;
        self.reload_then_kill(&mut browser).await;
        browser.press(CONFIRM, &[(CODE, "000000")]).await;
        assert!(browser.page.alert().contains("That is not the code we sent"), "{}", browser.page.text());
        self.kill_and_switch();
        let devices = self.pair.tenant.devices(ALEX);
        let code = devices.last_code(factor).unwrap();
        self.press_then_kill(&mut browser, CONFIRM, &[(CODE, &code)]).await;
        browser.open("/").await;
        assert_eq!((browser.page.heading().as_str(), browser.journey.len()), (LIST, 1));
        assert_eq!(self.pair.active(ALEX, factor), before + 1);
        assert_eq!(devices.messages().iter().filter(|it| it.channel == factor).count(), 1);
    }
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn adding_the_first_app_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let mut browser = relay.signed_in(NORA).await;
    relay.open_then_kill(&mut browser, "/factors/totp").await;
    relay.press_then_kill(&mut browser, SCAN, &[]).await;
    relay.reload_then_kill(&mut browser).await;
    let code = app_code(&relay.pair.tenant, &browser);
    relay.press_then_kill(&mut browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((browser.page.path(), relay.pair.active(NORA, Factor::Totp)), ("/recovery-code", 1));
    let recovery = relay.pair.tenant.devices(NORA).recovery_code().unwrap();
    for _ in 0..2 {
        relay.open_then_kill(&mut browser, "/recovery-code").await;
        assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), recovery);
    }
    let mut done = browser.page.form("Done");
    done.set("saved", "yes");
    assert_eq!(browser.send(&done).await.path(), "/");
    for _ in 0..2 {
        relay.kill_and_switch();
        assert_eq!(browser.open("/recovery-code").await.count(".recovery"), 0, "saved");
    }
    assert_eq!(relay.pair.tenant.journal().count("POST", ASSOCIATE), 1);
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn adding_a_number_for_texts_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let number = (PHONE, "+44 7700 900123");
    relay.add_by_sent_code("/factors/sms", SEND, number, Factor::Sms).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_a_number_for_calls_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let number = (PHONE, "+44 7700 900123");
    relay.add_by_sent_code("/factors/voice", "Call me now", number, Factor::Voice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_an_email_address_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let address = ("E-mail address", "alex.private@work.example.org");
    relay.add_by_sent_code("/factors/email", SEND, address, Factor::Email).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_push_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let mut browser = relay.signed_in(ALEX).await;
    relay.open_then_kill(&mut browser, "/factors/push").await;
    relay.press_then_kill(&mut browser, SCAN, &[]).await;
    relay.reload_then_kill(&mut browser).await;
    assert!(relay.pair.tenant.devices(ALEX).approve_push());
    let asked = Instant::now();
    while browser.page.path() != "/" {
        assert!(asked.elapsed() < Duration::from_secs(60), "{}", browser.page.text());
        browser.follow(APPROVED).await;
        relay.kill_and_switch();
        // The portal asks the tenant only every few seconds.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(relay.pair.active(ALEX, Factor::Push), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn replacing_an_app_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let mut browser = relay.signed_in(ALEX).await;
    browser.follow("Replace authenticator app").await;
    relay.kill_and_switch();
    relay.press_then_kill(&mut browser, "Set up the new one", &[]).await;
    relay.press_then_kill(&mut browser, SCAN, &[]).await;
    let code = app_code(&relay.pair.tenant, &browser);
    relay.press_then_kill(&mut browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(relay.pair.active(ALEX, Factor::Totp), 2);
    assert!(browser.open("/").await.text().contains("The old one is still there"), "{}", browser.page.text());
    relay.kill_and_switch();
    browser.follow("Remove the old one").await;
    relay.kill_and_switch();
    relay.press_then_kill(&mut browser, "Remove the old app", &[]).await;
    assert!(browser.page.notice().starts_with("Authenticator app replaced."), "{}", browser.page.notice());
    assert_eq!(relay.pair.active(ALEX, Factor::Totp), 1);
    assert!(!browser.open("/").await.text().contains("The old one is still there"));
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let mut browser = relay.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    relay.kill_and_switch();
    relay.press_then_kill(&mut browser, "Remove the authenticator app", &[]).await;
    assert_eq!((browser.page.path(), relay.pair.active(ALEX, Factor::Totp)), ("/", 0));
    assert!(!browser.open("/").await.entries().iter().any(|it| it.starts_with("Authenticator app")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_up_survives_a_kill_after_each_step() {
    let Some(mut relay) = Relay::start().await else { return };
    let old = |token: &mut Token| token.claims["auth_time"] = 0.into();
    relay.pair.tenant.tamper_id_token(Tamper::edit(old));
    let mut browser = relay.signed_in(NORA).await;
    let back = browser.until_callback_from("/factors/totp", NORA).await;
    relay.kill_and_switch();
    browser.go(back).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    relay.kill_and_switch();
    relay.press_then_kill(&mut browser, SCAN, &[]).await;
    assert_eq!(browser.page.count(".key"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_replica_takes_over_a_killed_start_in_bounded_time() {
    let Some(mut relay) = Relay::start().await else { return };
    let mut browser = relay.signed_in(NORA).await;
    relay.open_then_kill(&mut browser, "/factors/totp").await;
    let start = browser.page.form(SCAN);
    let gate = Gate::new();
    let fault = Fault::new("POST", ASSOCIATE, FaultKind::HoldResponse(gate.clone()));
    relay.pair.tenant.faults().inject(fault.times(1));
    let cut_off = tokio::spawn(browser.request(&start).send());
    gate.reached().await;
    relay.pair.replicas.start(1 - relay.at, &[]);
    relay.down = None;
    let killed = Instant::now();
    relay.kill_and_switch();
    cut_off.await.unwrap().unwrap_err();
    browser.send(&start).await;
    println!("the other went on {} ms after the kill", killed.elapsed().as_millis());
    assert!(killed.elapsed() < Duration::from_secs(8), "{:?}", killed.elapsed());
    assert_eq!((browser.page.status.as_u16(), browser.page.count(".key")), (200, 1));
    let left = relay.pair.tenant.authenticators(NORA);
    assert_eq!(left.iter().filter(|it| it.factor == Factor::Totp).count(), 1, "{left:?}");
}
