//! Redis goes away in the middle of a change, after the tenant was asked: a recovery code, which is issued only once,
//! is not lost, and the interrupted request's lock blocks nobody.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Fault, FaultKind};
use reqwest::StatusCode;

use crate::support::redis::Redis;
use crate::support::{ASSOCIATE, Browser, Form, Page, TOKEN, World};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const START: &str = "Show me the QR code";
const GET_NEW: &str = "Get a new recovery code";
const REGENERATE: &str = "/api/v2/users/auth0%7Capp.phone/recovery-code-regeneration";
const TENANT: Duration = Duration::from_millis(500);

/// Sends the form and pauses Redis while the tenant's answer to this call is delayed.
async fn interrupted(world: &World, redis: &Redis, browser: &Browser, form: &Form, path: &str) -> Page {
    world.tenant.journal().clear();
    world.tenant.faults().inject(Fault::new("POST", path, FaultKind::Delay(TENANT)).times(1));
    let asked = Instant::now();
    let request = tokio::spawn(browser.request(form).send());
    while world.tenant.journal().count("POST", path) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    redis.signal("STOP");
    let answer = request.await.unwrap().unwrap();
    println!("paused in the middle: answered after {} ms", asked.elapsed().as_millis());
    let (url, status, headers) = (answer.url().clone(), answer.status(), answer.headers().clone());
    let page = Page { url, status, headers, html: answer.text().await.unwrap() };
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text().contains("We do not know whether the change was made"), "{}", page.text());
    redis.signal("CONT");
    page
}

async fn until_it_is_back(browser: &mut Browser) {
    let back = Instant::now();
    while browser.open("/").await.heading() != LIST {
        assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_received_during_the_outage_is_kept_afterwards() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("factors/totp").await;
    interrupted(&world, &redis, &browser, &browser.page.form(START), ASSOCIATE).await;
    until_it_is_back(&mut browser).await;
    // The portal stores the code within half a second after the return.
    tokio::time::sleep(Duration::from_millis(700)).await;
    browser.open("factors/totp").await;
    browser.press(START, &[]).await;
    let typed = crate::factors::app_code(&world, &browser.page);
    browser.press("Confirm", &[("Six-digit code", &typed)]).await;
    let code = world.devices(NORA).recovery_code().unwrap();
    assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_enrollment_can_restart_at_once() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("factors/totp").await;
    let start = browser.page.form(START);
    interrupted(&world, &redis, &browser, &start, ASSOCIATE).await;
    let back = Instant::now();
    until_it_is_back(&mut browser).await;
    browser.send(&start).await;
    println!("begun anew {} ms after the return", back.elapsed().as_millis());
    assert_eq!((browser.page.status, browser.page.count(".key")), (StatusCode::OK, 1));
    assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
    let apps = world.tenant.authenticators(NORA).into_iter().filter(|it| it.factor == Factor::Totp);
    assert_eq!(apps.count(), 1, "what the interrupted one left is cleared");
}

//
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_during_the_outage_counts_and_can_be_resubmitted() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("factors/totp").await;
    browser.press(START, &[]).await;
    let mut confirm = browser.page.form("Confirm");
    confirm.set("code", &world.devices(NORA).totp_code(0).unwrap());
    interrupted(&world, &redis, &browser, &confirm, TOKEN).await;
    until_it_is_back(&mut browser).await;
    assert!(
        browser.page.entries().iter().any(|entry| entry.contains("uthenticator app")),
        "{:?}",
        browser.page.entries()
    );
    browser.send(&confirm).await;
    assert_eq!((browser.page.status, browser.page.path()), (StatusCode::OK, "/"));
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
    // Nothing tells this session's proof from another one's any more, so the code waits for the proof of a factor.
    assert!(browser.page.text().contains("Save your recovery code"), "{}", browser.page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_confirmed_during_the_outage_ends_the_other_sessions_when_it_is_resubmitted() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut intruder = world.signed_in(NORA).await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let mut confirm = browser.page.form("Confirm");
    confirm.set("code", &world.devices(NORA).last_code(Factor::Sms).unwrap());
    interrupted(&world, &redis, &browser, &confirm, TOKEN).await;
    until_it_is_back(&mut browser).await;
    browser.send(&confirm).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
    intruder.open("/").await;
    assert_ne!(intruder.page.heading(), LIST, "it knows the password alone");
}

/// The tenant has ended it with the one that another replica has shown since.
//
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_received_during_the_outage_gives_way_to_a_later_one() {
    for is_saved in [false, true] {
        let Some(redis) = Redis::start() else { return };
        redis.ask::<()>("ACL SETUSER cut on >password ~* &* +@all");
        let cut = redis.url().replacen("redis://", "redis://cut:password@", 1);
        let world = World::with(&with_management(&cut)).await;
        let beside = world.beside(&with_management(&redis.url()));
        let mut browser = world.signed_in(ALEX).await;
        browser.open("/recovery-code").await;
        let before: HashSet<String> = redis.ask::<Vec<String>>("KEYS *").into_iter().collect();
        world.tenant.faults().inject(Fault::new("POST", "/api/v2/", FaultKind::Delay(TENANT)).times(1));
        let request = tokio::spawn(browser.request(&browser.page.form(GET_NEW)).send());
        while world.tenant.journal().count("POST", REGENERATE) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        redis.ask::<()>("ACL SETUSER cut off");
        redis.ask::<usize>("CLIENT KILL USER cut");
        assert_eq!(request.await.unwrap().unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
        // Its lock and all else that it wrote have lapsed.
        for key in redis.ask::<Vec<String>>("KEYS *").iter().filter(|key| !before.contains(*key)) {
            redis.ask::<usize>(&format!("DEL {key}"));
        }
        world.pass(time::Duration::seconds(61));
        let mut browser = beside.signed_in(ALEX).await;
        browser.open("/recovery-code").await;
        browser.press(GET_NEW, &[]).await;
        let code = world.devices(ALEX).recovery_code().unwrap();
        assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code);
        if is_saved {
            let mut done = browser.page.form("Done");
            done.set("saved", "yes");
            browser.send(&done).await;
        }
        redis.ask::<()>("ACL SETUSER cut on");
        // By then the replica has found the store again, and kept its own.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        world.pass(time::Duration::seconds(31));
        let mut at_the_other = world.signed_in(ALEX).await;
        at_the_other.open("/recovery-code").await;
        let shown = at_the_other.page.text_of(".recovery").replace(' ', "");
        let expected = if is_saved { String::new() } else { code };
        assert_eq!(shown, expected, "saved: {is_saved}: {}", at_the_other.page.text());
    }
}

fn with_management(store: &str) -> [(&str, &str); 3] {
    [
        ("session-store", store),
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ]
}
