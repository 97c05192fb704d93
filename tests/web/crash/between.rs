//! The process is killed while a call to the tenant succeeds: the next request finishes the work and repeats nothing.

use std::time::Duration;

use emulated_tenant::{Factor, Fault, FaultKind, Gate, Tamper, Tenant};
use serde_json::json;
use tempfile::TempDir;

use crate::support::process::{in_memory, tenant};
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;
use crate::support::{ASSOCIATE, Browser, Form, TOKEN};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const REMOVE: &str = "/mfa/authenticators/";
const SCAN: &str = "Show me the QR code";
const SEND: &str = "Send the code";
const CANCEL: &str = "Cancel this set-up";
const NUMBER: &str = "+44 7700 900123";

/// A portal that is restarted after each kill.
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

    async fn sign_in_at(&self, path: &str, email: &str) -> Browser {
        let mut browser = self.replicas.browser();
        browser.open(path).await;
        browser.pass_sign_in(email).await;
        browser
    }

    /// Sends the form, kills the process before it receives the tenant's answer to this call, and restarts it.
    async fn kill_before_answer(&mut self, browser: &mut Browser, form: &Form, method: &str, path: &str) {
        let gate = Gate::new();
        let fault = Fault::new(method, path, FaultKind::HoldResponse(gate.clone()));
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

fn filled_form(browser: &Browser, button: &str, label: &str, value: &str) -> Form {
    let mut form = browser.page.form(button);
    form.set(&browser.page.field(label), value);
    form
}

fn app_code(scene: &Scene, browser: &Browser) -> String {
    let key = browser.page.text_of(".key").replace(' ', "");
    scene.tenant.devices(NORA).totp_code_of(&key).unwrap()
}

// E-06
#[tokio::test(flavor = "multi_thread")]
async fn leftovers_of_an_interrupted_start_are_cleared_by_the_next() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.sign_in_at("/factors/totp", NORA).await;
    let start = browser.page.form(SCAN);
    scene.kill_before_answer(&mut browser, &start, "POST", ASSOCIATE).await;
    assert_eq!(scene.unfinished(NORA, Factor::Totp), 1);
    browser.send(&start).await;
    assert_eq!((browser.page.count(".key"), scene.unfinished(NORA, Factor::Totp)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn leftovers_of_an_interrupted_resend_are_cleared_by_the_next() {
    let mut scene = Scene::with(&[("LIMITS", "off")]).await;
    let mut browser = scene.sign_in_at("/factors/sms", NORA).await;
    browser.press(SEND, &[("Phone number", NUMBER)]).await;
    let again = browser.page.form("Send another code");
    scene.kill_before_answer(&mut browser, &again, "POST", ASSOCIATE).await;
    assert_eq!(scene.unfinished(NORA, Factor::Sms), 2, "the one whose code works, and the newest");
    browser.send(&again).await;
    assert_eq!(scene.unfinished(NORA, Factor::Sms), 1, "{}", browser.page.text());
    let code = scene.tenant.devices(NORA).last_code(Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_again_after_a_crash_clears_the_leftovers() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.sign_in_at("/factors/sms", ALEX).await;
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
async fn an_enrollment_confirmed_while_the_process_dies_is_not_resumed() {
    // A second app follows the first without a new sign-in.
    let mut scene = Scene::with(&[("PROOF", "any")]).await;
    let mut browser = scene.sign_in_at("/factors/totp", NORA).await;
    browser.press(SCAN, &[]).await;
    let (first, code) = (browser.page.url.clone(), app_code(&scene, &browser));
    let confirm = filled_form(&browser, "Confirm", "Six-digit code", &code);
    scene.kill_before_answer(&mut browser, &confirm, "POST", TOKEN).await;
    browser.open("/").await;
    assert!(browser.page.entries().iter().any(|it| it.starts_with("Authenticator app")), "it is shown");
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_ne!(browser.page.url, first, "this is a second app");
    assert_eq!(scene.unfinished(NORA, Factor::Totp), 1);
}

// E-05
#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_an_interrupted_confirmation_may_be_sent_again() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.sign_in_at("/factors/totp", NORA).await;
    browser.press(SCAN, &[]).await;
    let code = app_code(&scene, &browser);
    let confirm = filled_form(&browser, "Confirm", "Six-digit code", &code);
    scene.kill_before_answer(&mut browser, &confirm, "POST", TOKEN).await;
    browser.send(&confirm).await;
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.text());
}

// P-05
#[tokio::test(flavor = "multi_thread")]
async fn repeating_an_interrupted_send_sends_no_second_message() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.sign_in_at("/factors/sms", NORA).await;
    let send = filled_form(&browser, SEND, "Phone number", NUMBER);
    scene.kill_before_answer(&mut browser, &send, "POST", ASSOCIATE).await;
    browser.send(&send).await;
    assert_eq!(browser.page.limit(), "A code may already be on its way");
    assert_eq!(scene.tenant.devices(NORA).messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_during_a_replacement_still_points_at_the_old_app() {
    let mut scene = Scene::with(&[]).await;
    let mut browser = scene.sign_in_at("/", ALEX).await;
    browser.follow("Replace authenticator app").await;
    browser.press("Set up the new one", &[]).await;
    browser.press(SCAN, &[]).await;
    let confirm = filled_form(&browser, "Confirm", "Six-digit code", &app_code(&scene, &browser));
    scene.kill_before_answer(&mut browser, &confirm, "POST", TOKEN).await;
    browser.open("/").await;
    assert!(browser.page.text().contains("The old one is still there"), "{}", browser.page.text());
}

/// Starts an enrollment whose association the tenant holds until the gate opens.
async fn start_and_hold(tenant: &Tenant, browser: &Browser, form: &Form) -> Gate {
    let gate = Gate::new();
    tenant.faults().inject(Fault::new("POST", ASSOCIATE, FaultKind::HoldRequest(gate.clone())).times(1));
    tokio::spawn(browser.request(form).send());
    gate.reached().await;
    gate
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_lasts_longer_than_its_lock_is_good_for_renews_it() {
    let scene = Scene::with(&[]).await;
    let browser = scene.sign_in_at("/factors/totp", NORA).await;
    let start = browser.page.form(SCAN);
    let other = scene.sign_in_at("/factors/totp", NORA).await;
    let start_of_other = other.page.form(SCAN);
    let first = start_and_hold(&scene.tenant, &browser, &start).await;
    let second = tokio::spawn(other.request(&start_of_other).send());
    // SQLite expires the lock by real time, so this test sleeps.
    tokio::time::sleep(Duration::from_millis(6_200)).await;
    assert_eq!(scene.tenant.journal().count("POST", ASSOCIATE), 1, "the second waits for the first");
    first.open();
    assert_eq!(second.await.unwrap().unwrap().status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_outslept_its_lock_does_not_release_the_next_one() {
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
    let first = start_and_hold(&tenant, &browser, &start).await;
    replicas.process(0).signal("STOP");
    // Redis expires the lock by real time, so this test sleeps.
    tokio::time::sleep(Duration::from_millis(12_500)).await;
    replicas.prefer(1);
    let second = start_and_hold(&tenant, &browser, &start).await;
    replicas.process(0).signal("CONT");
    first.open();
    first.left().await;
    // Long enough for the first process to finish, and shorter than a request waits for the lock.
    tokio::time::sleep(Duration::from_secs(1)).await;
    replicas.prefer(1);
    let third = tokio::spawn(browser.request(&start).send());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(tenant.journal().count("POST", ASSOCIATE), 2, "the third waits for the second");
    second.open();
    assert_eq!(third.await.unwrap().unwrap().status(), 303);
    assert_eq!(tenant.journal().count("POST", ASSOCIATE), 2);
}

/// The process dies before it can note the end of the sessions that proved what is gone.
// S-15
#[tokio::test(flavor = "multi_thread")]
async fn a_first_protection_whose_process_dies_lets_no_earlier_session_act() {
    let mut scene = Scene::with(&[]).await;
    let is_proved = || Tamper::edit(|token| token.claims["amr"] = json!(["mfa"]));
    scene.tenant.tamper_id_token(is_proved());
    let mut thief = scene.sign_in_at("/", NORA).await;
    scene.tenant.tamper_id_token(is_proved());
    let mut owner = scene.sign_in_at("/factors/totp", NORA).await;
    owner.press(SCAN, &[]).await;
    let confirm = filled_form(&owner, "Confirm", "Six-digit code", &app_code(&scene, &owner));
    scene.kill_before_answer(&mut owner, &confirm, "POST", TOKEN).await;
    let code = scene.tenant.devices(NORA).recovery_code().unwrap();
    thief.open("/recovery-code").await;
    assert_eq!(thief.page.heading(), "Please confirm that it is you", "{}", thief.page.text());
    assert!(!thief.page.html.contains(&code[..4]));
    let listed = scene.tenant.authenticators(NORA);
    let app = listed.iter().find(|it| it.active && it.factor == Factor::Totp).unwrap();
    thief.open(&format!("/authenticators/remove?id={}", app.id.replace('|', "%7C"))).await;
    if let Some(button) = thief.page.buttons().into_iter().find(|it| it.starts_with("Remove")) {
        thief.press(&button, &[]).await;
    }
    assert!(scene.tenant.authenticators(NORA).iter().any(|it| it.active && it.id == app.id));
    owner.send(&confirm).await;
    assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code, "its own session reads it");
}
