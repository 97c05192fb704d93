//! The process is killed between two steps, beside a call to the tenant that worked: whoever comes next finishes what was
//! begun, and does nothing twice.

use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Fault, FaultKind, Gate, Tenant};
use tempfile::TempDir;

use super::rounds::in_memory;
use crate::support::process::tenant;
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;
use crate::support::{ASSOCIATE, Browser, Form, TOKEN};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const REMOVE: &str = "/mfa/authenticators/";
const SCAN: &str = "Show me the QR code";
const SEND: &str = "Send the code";
const CANCEL: &str = "Cancel this set-up";
const NUMBER: &str = "+44 20 7946 0123";

/// One portal that is started again whenever it was killed.
struct Scene {
    tenant: Tenant,
    replicas: Replicas,
    settings: &'static [(&'static str, &'static str)],
    _directory: TempDir,
}

impl Scene {
    async fn with(settings: &'static [(&'static str, &'static str)]) -> Self {
        let (tenant, directory) = (tenant().await, in_memory());
        let store = format!("sqlite:{}", directory.path().join("store.db").display());
        let mut replicas = Replicas::new(tenant.clone(), &store, 1).await;
        replicas.start(0, settings);
        Self { tenant, replicas, settings, _directory: directory }
    }

    async fn at(&self, path: &str, email: &str) -> Browser {
        let mut browser = self.replicas.browser();
        browser.open(path).await;
        browser.pass_sign_in(email).await;
        browser
    }

    /// Sends the form. The process is killed while the tenant's answer to this call is on its way, and starts again.
    async fn killed(&mut self, browser: &mut Browser, form: &Form, method: &str, path: &str) {
        let gate = Gate::new();
        let fault = Fault::new(method, path, FaultKind::HoldAnswer(gate.clone()));
        self.tenant.faults().inject(fault.times(1));
        let request = browser.request(form);
        tokio::select! {
            answer = browser.try_to(request) => panic!("answered: {answer:?}"),
            () = gate.reached() => self.replicas.kill(0),
        }
        gate.open();
        self.replicas.start(0, self.settings);
    }

    fn unfinished(&self, email: &str, factor: Factor) -> usize {
        let all = self.tenant.authenticators(email);
        all.iter().filter(|it| !it.active && it.factor == factor).count()
    }
}

fn filled(browser: &Browser, button: &str, label: &str, value: &str) -> Form {
    let mut form = browser.page.form(button);
    form.set(&browser.page.field(label), value);
    form
}

/// What the dead process held lapses after 12 s; until then the page says that the first try is still under way.
async fn once_more(browser: &mut Browser, form: &Form) {
    let killed = Instant::now();
    while browser.send(form).await.status == 503 {
        assert!(killed.elapsed() < Duration::from_secs(20), "{}", browser.page.text());
    }
}

fn app_code(scene: &Scene, browser: &Browser) -> String {
    let key = browser.page.text_of(".key").replace(' ', "");
    scene.tenant.devices(NORA).totp_code_of(&key).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_start_that_was_cut_off_left_is_cleared_by_the_next() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/factors/totp", NORA).await;
    let start = browser.page.form(SCAN);
    scene.killed(&mut browser, &start, "POST", ASSOCIATE).await;
    assert_eq!(scene.unfinished(NORA, Factor::Totp), 1);
    once_more(&mut browser, &start).await;
    assert_eq!((browser.page.count(".key"), scene.unfinished(NORA, Factor::Totp)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_code_that_was_cut_off_left_is_cleared_by_the_next() {
    let mut scene = Scene::with(&[("LIMITS", "off")]).await;
    let mut browser = scene.at("/factors/sms", NORA).await;
    browser.press(SEND, &[("Phone number", NUMBER)]).await;
    let again = browser.page.form("Send another code");
    scene.killed(&mut browser, &again, "POST", ASSOCIATE).await;
    assert_eq!(scene.unfinished(NORA, Factor::Sms), 2, "the one whose code works, and the newest");
    once_more(&mut browser, &again).await;
    assert_eq!(scene.unfinished(NORA, Factor::Sms), 1);
    let code = scene.tenant.devices(NORA).last_code(Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_again_after_a_kill_clears_what_is_left() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/factors/sms", ALEX).await;
    browser.press(SEND, &[("Phone number", NUMBER)]).await;
    let cancel = browser.page.form(CANCEL);
    let gate = Gate::new();
    let stays = Fault::new("DELETE", REMOVE, FaultKind::HoldRequest(gate.clone()));
    scene.tenant.faults().inject(stays.times(1));
    let request = browser.request(&cancel);
    tokio::select! {
        answer = browser.try_to(request) => panic!("answered: {answer:?}"),
        () = gate.reached() => scene.replicas.kill(0),
    }
    scene.replicas.start(0, &[]);
    assert_eq!(scene.unfinished(ALEX, Factor::Sms), 1, "the call was never worked on");
    browser.send(&cancel).await;
    assert_eq!(browser.page.path(), "/");
    assert_eq!(scene.unfinished(ALEX, Factor::Sms) + scene.unfinished(ALEX, Factor::Voice), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_was_confirmed_in_the_moment_of_death_is_added_and_not_resumed() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/factors/totp", NORA).await;
    browser.press(SCAN, &[]).await;
    let (first, code) = (browser.page.url.clone(), app_code(&scene, &browser));
    let confirm = filled(&browser, "Confirm", "Six-digit code", &code);
    scene.killed(&mut browser, &confirm, "POST", TOKEN).await;
    browser.open("/").await;
    assert!(browser.page.entries().iter().any(|it| it.starts_with("Authenticator app")), "it is shown");
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_ne!(browser.page.url, first, "this is a second app");
    assert_eq!(scene.unfinished(NORA, Factor::Totp), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_confirmation_that_was_cut_off_may_be_sent_again() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/factors/totp", NORA).await;
    browser.press(SCAN, &[]).await;
    let code = app_code(&scene, &browser);
    let confirm = filled(&browser, "Confirm", "Six-digit code", &code);
    scene.killed(&mut browser, &confirm, "POST", TOKEN).await;
    browser.send(&confirm).await;
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_after_a_send_that_was_cut_off_sends_no_second_message() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/factors/sms", NORA).await;
    let send = filled(&browser, SEND, "Phone number", NUMBER);
    scene.killed(&mut browser, &send, "POST", ASSOCIATE).await;
    once_more(&mut browser, &send).await;
    assert_eq!(browser.page.status, 429);
    assert_eq!(browser.page.heading(), "A code may already be on its way");
    assert_eq!(scene.tenant.devices(NORA).messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_replaces_an_app_is_still_told_of_the_old_one_when_the_process_died_with_the_new_one_added() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.at("/", ALEX).await;
    browser.follow("Replace authenticator app").await;
    browser.press("Start", &[]).await;
    browser.press(SCAN, &[]).await;
    let confirm = filled(&browser, "Confirm", "Six-digit code", &app_code(&scene, &browser));
    scene.killed(&mut browser, &confirm, "POST", TOKEN).await;
    browser.open("/").await;
    assert!(browser.page.text().contains("The old one is still there"), "{}", browser.page.text());
}

/// Sends a start and leaves it with the tenant.
async fn under_way(tenant: &Tenant, browser: &Browser, form: &Form) -> Gate {
    let gate = Gate::new();
    tenant.faults().inject(Fault::new("POST", ASSOCIATE, FaultKind::HoldRequest(gate.clone())).times(1));
    tokio::spawn(browser.request(form).send());
    gate.reached().await;
    gate
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_slept_over_its_lock_does_not_release_the_next_ones() {
    let Some(redis) = Redis::start() else { return };
    let tenant = tenant().await;
    let mut replicas = Replicas::new(tenant.clone(), &redis.url(), 2).await;
    (0..2).for_each(|at| replicas.start(at, &[]));
    replicas.prefer(0);
    let mut browser = replicas.browser();
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NORA).await;
    let start = browser.page.form(SCAN);
    replicas.prefer(0);
    let first = under_way(&tenant, &browser, &start).await;
    replicas.process(0).signal("STOP");
    // The lock lapses by Redis' clock and ours.
    tokio::time::sleep(Duration::from_millis(12_500)).await;
    replicas.prefer(1);
    let second = under_way(&tenant, &browser, &start).await;
    replicas.process(0).signal("CONT");
    first.open();
    first.left().await;
    // Time enough for the first one to be through, and too little for the third one's patience.
    tokio::time::sleep(Duration::from_secs(1)).await;
    replicas.prefer(1);
    let third = tokio::spawn(browser.request(&start).send());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(tenant.journal().count("POST", ASSOCIATE), 2, "the third waits for the second");
    second.open();
    assert_eq!(third.await.unwrap().unwrap().status(), 303);
    assert_eq!(tenant.journal().count("POST", ASSOCIATE), 2);
}
