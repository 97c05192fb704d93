//! A turn that its process no longer renews, because it is dead, asleep or cut off from the store.

use std::time::Duration as StdDuration;

use emulated_tenant::{Factor, FaultKind, Gate};
use time::Duration;

use super::{hold, hold_second_list, sent, waits_for, with_code};
use crate::factors::{
    APP_PHONE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, different_code, sent_code, start_sms,
    start_totp,
};
use crate::support::redis::Redis;
use crate::support::{ASSOCIATE, Browser, Form, LIST, TOKEN, World};

/// Longer than a turn lasts that is not renewed.
const LAPSED: Duration = Duration::seconds(6);
/// Longer than the tenant may take a code unseen.
const UNSEEN: Duration = Duration::seconds(13);

async fn start_of_address(browser: &mut Browser) -> Form {
    browser.open("/factors/email").await;
    let mut form = browser.page.form("Send the code");
    form.set(&browser.page.field("E-mail address"), "alex@work.example.org");
    form
}

async fn start_of_number(browser: &mut Browser) -> Form {
    browser.open("/factors/sms").await;
    let mut form = browser.page.form("Send the code");
    form.set(&browser.page.field("Phone number"), NUMBER);
    form
}

/// Two sessions of one person, the first with the form that confirms an app.
async fn two_sessions(world: &World) -> (Browser, Form, Browser) {
    let confirms = start_totp(world, APP_PHONE).await;
    // The app has another code then.
    world.pass(Duration::seconds(31));
    let other = world.signed_in(APP_PHONE).await;
    let right = with_code(&confirms, &app_code(world, &confirms.page));
    (confirms, right, other)
}

/// As after a process has slept: its lock has lapsed, and another request has taken it.
#[tokio::test]
async fn an_act_whose_turn_another_one_has_taken_says_that_its_end_is_unknown() {
    let world = World::new().await;
    let (confirms, right, mut other) = two_sessions(&world).await;
    let start = start_of_address(&mut other).await;
    let code = hold(&world, "POST", TOKEN);
    let confirming = sent(confirms, right);
    code.reached().await;
    world.pass(LAPSED);
    let association = hold(&world, "POST", ASSOCIATE);
    let starting = sent(other, start);
    association.reached().await;
    code.open();
    let confirms = confirming.await.unwrap();
    assert!(confirms.page.text().contains("We do not know"), "{}", confirms.page.text());
    // The turn is the other one's still.
    let mut third = confirms.tab();
    let form = start_of_number(&mut third).await;
    let third = sent(third, form);
    waits_for(&world, association, &third, "third").await;
    third.await.unwrap();
    let other = starting.await.unwrap();
    assert!(other.page.buttons().contains(&CONFIRM.to_owned()), "{}", other.page.text());
}

/// The first session's code is at the tenant and its turn has lapsed. Otherwise the tenant could take that code after it has
/// taken the other session's, and a factor of a session that has ended would stay.
// S-15
#[tokio::test]
async fn no_session_adds_the_first_factor_while_another_one_s_code_may_still_be_taken() {
    for is_lost in [false, true] {
        let world = World::new().await;
        let thief = start_sms(&world, NOTHING).await;
        let owner = start_totp(&world, NOTHING).await;
        let code = with_code(&thief, &sent_code(&world, NOTHING));
        let app = with_code(&owner, &app_code(&world, &owner.page));
        let gate = hold(&world, "POST", TOKEN);
        let confirming = sent(thief, code);
        gate.reached().await;
        world.pass(LAPSED);
        let owner = sent(owner, app.clone()).await.unwrap();
        assert_eq!(owner.page.heading(), "The first try is still under way", "{}", owner.page.text());
        assert_eq!(count(&world, NOTHING, Factor::Totp, true), 0);
        if is_lost {
            // It is never taken, as after the thief's process has died.
            confirming.abort();
            world.pass(UNSEEN - LAPSED);
        } else {
            gate.open();
            let thief = confirming.await.unwrap();
            assert!(thief.page.text().contains("We do not know"), "{}", thief.page.text());
        }
        sent(owner, app).await.unwrap();
        let active = [Factor::Sms, Factor::Totp].map(|factor| count(&world, NOTHING, factor, true));
        assert_eq!(active, if is_lost { [0, 1] } else { [1, 0] }, "{is_lost}");
    }
}

#[tokio::test]
async fn a_code_that_was_refused_keeps_no_other_session_waiting() {
    let world = World::new().await;
    let thief = start_sms(&world, NOTHING).await;
    let owner = start_totp(&world, NOTHING).await;
    let wrong = with_code(&thief, &different_code(&sent_code(&world, NOTHING)));
    sent(thief, wrong).await.unwrap();
    let app = with_code(&owner, &app_code(&world, &owner.page));
    let owner = sent(owner, app).await.unwrap();
    assert!(owner.page.text().contains("added"), "{}", owner.page.text());
}

/// The session's own next code says nothing about the one whose answer was lost.
#[tokio::test]
async fn a_session_s_next_code_does_not_hide_one_that_may_still_be_taken() {
    let world = World::new().await;
    let mut thief = start_sms(&world, NOTHING).await;
    let owner = start_totp(&world, NOTHING).await;
    let code = sent_code(&world, NOTHING);
    let (right, wrong) = (with_code(&thief, &code), with_code(&thief, &different_code(&code)));
    world.upset("POST", TOKEN, FaultKind::json(503, "{}"));
    thief.send(&right).await;
    thief.send(&wrong).await;
    assert!(thief.page.alert().contains("That is not the code we sent"), "{}", thief.page.text());
    let app = with_code(&owner, &app_code(&world, &owner.page));
    let owner = sent(owner, app.clone()).await.unwrap();
    assert_eq!(owner.page.heading(), "The first try is still under way", "{}", owner.page.text());
    world.pass(UNSEEN);
    let owner = sent(owner, app).await.unwrap();
    assert!(owner.page.text().contains("added"), "{}", owner.page.text());
}

/// The session has shown a later one by another replica meanwhile.
#[tokio::test]
async fn the_end_of_an_earlier_code_does_not_hide_a_later_one() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let thief = start_sms(&world, NOTHING).await;
    let owner = start_totp(&world, NOTHING).await;
    let code = sent_code(&world, NOTHING);
    let (right, wrong) = (with_code(&thief, &code), with_code(&thief, &different_code(&code)));
    let app = with_code(&owner, &app_code(&world, &owner.page));
    let there = replica.portal.join(right.action.path().trim_start_matches('/')).unwrap();
    let origin = there.origin().ascii_serialization();
    let by_replica = thief.client().post(there).header("origin", origin).form(&right.fields);
    let first = hold(&world, "POST", TOKEN);
    let confirming = sent(thief, wrong);
    first.reached().await;
    world.pass(LAPSED);
    let second = hold(&world, "POST", TOKEN);
    let confirming_again = tokio::spawn(by_replica.send());
    second.reached().await;
    first.open();
    confirming.await.unwrap();
    world.pass(LAPSED);
    let owner = sent(owner, app).await.unwrap();
    assert_eq!(owner.page.heading(), "The first try is still under way", "{}", owner.page.text());
    second.open();
    confirming_again.await.unwrap().unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 0);
}

/// The owner confirms an app between the list on which a start of the thief has decided and its answer.
#[tokio::test]
async fn an_act_that_has_lost_its_turn_changes_nothing_more() {
    let world = World::new().await;
    let mut thief = start_sms(&world, NOTHING).await;
    let owner = start_totp(&world, NOTHING).await;
    world.pass(Duration::seconds(31));
    let again = start_of_number(&mut thief).await;
    let app = with_code(&owner, &app_code(&world, &owner.page));
    // The first two of its lists are read before it decides.
    for _ in 0..2 {
        world.upset("GET", LIST, FaultKind::Delay(StdDuration::ZERO));
    }
    let gate = Gate::new();
    world.upset("GET", LIST, FaultKind::HoldResponse(gate.clone()));
    let starting = sent(thief, again);
    gate.reached().await;
    world.pass(LAPSED);
    let owner = sent(owner, app).await.unwrap();
    assert!(owner.page.text().contains("added"), "{}", owner.page.text());
    let before = world.changes();
    gate.open();
    starting.await.unwrap();
    assert_eq!(world.changes(), before);
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1);
}

/// The store cannot be asked, and another replica may have taken the turn.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_whose_store_is_away_for_longer_than_its_turn_changes_nothing_more() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/authenticators/remove?id=sms%7Cdev_AppPhonePhon0001").await;
    let remove = browser.page.form("Remove the number");
    let gate = Gate::new();
    world.upset("DELETE", LIST, FaultKind::HoldResponse(gate.clone()));
    let removing = sent(browser, remove);
    gate.reached().await;
    redis.signal("STOP");
    // The portal tells by real time that its turn has lapsed, so this test sleeps.
    tokio::time::sleep(StdDuration::from_millis(4_300)).await;
    gate.open();
    let browser = removing.await.unwrap();
    redis.signal("CONT");
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
    let deletions = world.changes().iter().filter(|it| it.starts_with("DELETE")).count();
    assert_eq!(deletions, 1, "that of the pair's second half is not made");
}

/// A later start of the thief keeps a record of its push set-up, by which the owner's protection ends it.
#[tokio::test]
async fn an_act_that_has_lost_its_turn_forgets_nothing_of_a_later_one() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let replica = world.beside(&[("session-store", &redis.url())]);
    let mut thief = world.signed_in(NOTHING).await;
    let owner = start_totp(&world, NOTHING).await;
    thief.open("/factors/push").await;
    let start = thief.page.form(SCAN);
    let there = replica.portal.join(start.action.path().trim_start_matches('/')).unwrap();
    let origin = there.origin().ascii_serialization();
    let by_replica = thief.client().post(there).header("origin", origin).form(&start.fields);
    // The first of its lists is read before its turn.
    world.upset("GET", LIST, FaultKind::Delay(StdDuration::ZERO));
    let gate = hold(&world, "GET", LIST);
    let before: Vec<String> = redis.ask("KEYS *");
    let starting = sent(thief, start);
    gate.reached().await;
    // As when another server takes over from this one.
    let now: Vec<String> = redis.ask("KEYS *");
    for lost in now.iter().filter(|key| !before.contains(key)) {
        redis.ask::<()>(&format!("DEL {lost}"));
    }
    assert_eq!(by_replica.send().await.unwrap().status(), 303);
    gate.open();
    starting.await.unwrap();
    let app = with_code(&owner, &app_code(&world, &owner.page));
    let owner = sent(owner, app).await.unwrap();
    assert!(owner.page.text().contains("added"), "{}", owner.page.text());
    assert_eq!(count(&world, NOTHING, Factor::Push, false), 0, "what its phone could approve is gone");
}

/// A look at the turn spares the next one, but not once the tenant was waited for.
#[tokio::test]
async fn an_act_that_loses_its_turn_while_the_tenant_answers_writes_nothing() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &redis.url())]).await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/lost-phone").await;
    let mut form = browser.page.form("Continue");
    form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    let before: Vec<String> = redis.ask("KEYS *");
    // The first one is read before its turn.
    let list = hold_second_list(&world);
    let beginning = sent(browser, form);
    list.reached().await;
    let now: Vec<String> = redis.ask("KEYS *");
    for lost in now.iter().filter(|key| !before.contains(key)) {
        redis.ask::<()>(&format!("DEL {lost}"));
    }
    list.open();
    let mut browser = beginning.await.unwrap();
    assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
    browser.open("/lost-phone").await;
    assert!(browser.page.buttons().contains(&"Continue".to_owned()), "{}", browser.page.text());
}

/// Otherwise a phone could still approve what the thief has begun.
#[tokio::test]
async fn a_protection_whose_turn_was_lost_ends_what_other_sessions_have_begun() {
    let world = World::new().await;
    let mut thief = world.signed_in(NOTHING).await;
    thief.open("/factors/push").await;
    thief.press(SCAN, &[]).await;
    let owner = start_totp(&world, NOTHING).await;
    let app = with_code(&owner, &app_code(&world, &owner.page));
    let gate = Gate::new();
    world.upset("POST", TOKEN, FaultKind::HoldResponse(gate.clone()));
    let confirming = sent(owner, app);
    gate.reached().await;
    world.pass(LAPSED);
    gate.open();
    let owner = confirming.await.unwrap();
    assert!(owner.page.text().contains("We do not know"), "{}", owner.page.text());
    assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1);
    assert_eq!(count(&world, NOTHING, Factor::Push, false), 0);
    assert_ne!(thief.open("/").await.path(), "/", "its session has ended");
}

/// The tenant tells it once.
#[tokio::test]
async fn a_new_recovery_code_whose_turn_was_lost_is_kept() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/recovery-code").await;
    let renew = browser.page.form("Get a new recovery code");
    let gate = Gate::new();
    let regeneration = "/api/v2/users/auth0%7Capp.phone/recovery-code-regeneration";
    world.upset("POST", regeneration, FaultKind::HoldResponse(gate.clone()));
    let renewing = sent(browser, renew);
    gate.reached().await;
    world.pass(LAPSED);
    gate.open();
    let mut browser = renewing.await.unwrap();
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
    browser.open("/recovery-code").await;
    let code = world.devices(APP_PHONE).recovery_code().unwrap();
    assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code);
}

/// The act may hold what the renewal of its turn needs, as the place at the store.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_for_longer_than_a_turn_lasts_is_back_at_once() {
    for answered_after in [4_100, 4_500, 4_900, 5_300] {
        let Some(redis) = Redis::start() else { return };
        let world = World::with(&[("session-store", &redis.url())]).await;
        let browser = start_totp(&world, NOTHING).await;
        let right = with_code(&browser, &app_code(&world, &browser.page));
        let gate = Gate::new();
        world.upset("POST", TOKEN, FaultKind::HoldResponse(gate.clone()));
        let confirming = sent(browser, right);
        gate.reached().await;
        redis.signal("STOP");
        // The portal tells by real time that its turn has lapsed, so this test sleeps.
        tokio::time::sleep(StdDuration::from_millis(answered_after)).await;
        gate.open();
        let confirmed = tokio::time::timeout(StdDuration::from_secs(6), confirming).await;
        redis.signal("CONT");
        let browser = confirmed.expect("the page is answered").unwrap();
        assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
        let mut other = browser.tab();
        let back = tokio::time::timeout(StdDuration::from_secs(3), async {
            while other.open("/").await.status.is_server_error() {}
        });
        back.await.expect("other requests are answered");
    }
}
