//! Removals of one person take turns: the last protection is asked for twice, whoever clicks at once.

use std::time::Duration;

use emulated_tenant::{FaultKind, Gate};
use reqwest::Response;
use tokio::task::JoinSet;

use super::{APP, APP_PHONE, REMOVE_APP, confirmation_page, form_for, has};
use crate::support::redis::Redis;
use crate::support::{Browser, LIST, World};

const PHONE: &str = "sms|dev_AppPhonePhon0001";
/// Each call takes so long that requests without turns would surely overlap.
const SLOW: FaultKind = FaultKind::Delay(Duration::from_millis(150));
const ROUNDS: u16 = 4;

/// The tenant answers late: the list, removals, or both.
fn slow_down(world: &World, methods: &[&str]) {
    for method in methods {
        world.upset_always(method, LIST, SLOW);
    }
}

/// Sends the removals of these ids at once, each from its own browser; returns where the answers lead.
async fn remove_at_once(removals: &[(&Browser, &str)]) -> Vec<String> {
    let mut sent = JoinSet::new();
    for (browser, id) in removals {
        sent.spawn(browser.request(&form_for(browser, REMOVE_APP, id)).send());
    }
    let answers = sent.join_all().await.into_iter().map(Result::unwrap);
    // A session that another one's removal has ended is led nowhere.
    let location = |answer: Response| Some(answer.headers().get("location")?.to_str().unwrap().to_owned());
    answers.map(|answer| location(answer).unwrap_or_default()).collect()
}

/// How many of the two protections are left.
fn left(world: &World) -> usize {
    [APP, PHONE].iter().filter(|id| has(world, APP_PHONE, id)).count()
}

fn second_questions(answers: &[String]) -> usize {
    answers
        .iter()
        .filter(|answer| answer.contains("/authenticators/remove?") && answer.contains("sure"))
        .count()
}

// U-05
#[tokio::test]
async fn two_tabs_never_remove_the_last_two_protections_unasked() {
    for (round, slow) in (0..ROUNDS).zip([&["GET"][..], &["DELETE"], &["GET", "DELETE"], &[]]) {
        let world = World::numbered(100 + round, &[]).await;
        let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        slow_down(&world, slow);
        let answers = remove_at_once(&[(&tab, APP), (&tab, PHONE)]).await;
        assert_eq!((left(&world), second_questions(&answers)), (1, 1), "{slow:?}: {answers:?}");
    }
}

/// Each step of the store takes a while, so that both would decide before either has noted what it removes.
// U-05
#[tokio::test]
async fn the_last_two_protections_are_never_removed_unasked_through_a_store_elsewhere() {
    let Some(redis) = Redis::start() else { return };
    for round in 0..2 * ROUNDS {
        // A database each, because the end of a person's sessions outlasts a world.
        let store = format!("{}/{round}", redis.url());
        let world = World::numbered(200 + round, &[("session-store", &store)]).await;
        let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        slow_down(&world, &["GET"]);
        let answers = remove_at_once(&[(&tab, APP), (&tab, PHONE)]).await;
        assert_eq!((left(&world), second_questions(&answers)), (1, 1), "{answers:?}");
    }
}

// U-05
#[tokio::test]
async fn two_browsers_never_remove_the_last_two_protections_unasked() {
    let world = World::new().await;
    let one = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    world.pass(time::Duration::seconds(31));
    let mut other = world.signed_in(APP_PHONE).await;
    other.follow("Remove authenticator app").await;
    slow_down(&world, &["GET", "DELETE"]);
    let answers = remove_at_once(&[(&one, PHONE), (&other, APP), (&one, APP)]).await;
    assert_eq!(left(&world), 1, "{answers:?}");
}

/// Removes the phone and tells whether a second question came instead.
async fn phone_is_asked_for_twice(tab: &Browser) -> bool {
    second_questions(&remove_at_once(&[(tab, PHONE)]).await) == 1
}

// U-05
#[tokio::test]
async fn a_removal_without_an_answer_makes_the_other_protection_the_last() {
    for fault in [FaultKind::Drop, FaultKind::Reset, FaultKind::html(502, "Bad Gateway")] {
        let world = World::new().await;
        let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        world.upset("DELETE", LIST, fault);
        remove_at_once(&[(&tab, APP)]).await;
        assert!(phone_is_asked_for_twice(&tab).await, "the tenant may still remove the app");
        assert_eq!(left(&world), 2);
        world.pass(time::Duration::minutes(2));
        assert!(!phone_is_asked_for_twice(&tab).await);
        assert_eq!(left(&world), 1);
    }
}

// U-05
#[tokio::test]
async fn a_refused_repeat_of_a_removal_without_an_answer_leaves_the_other_protection_the_last() {
    for status in [403, 429] {
        let world = World::new().await;
        let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::Drop);
        remove_at_once(&[(&tab, APP)]).await;
        world.upset("DELETE", LIST, FaultKind::json(status, r#"{"message":"no"}"#));
        remove_at_once(&[(&tab, APP)]).await;
        assert_eq!(world.calls("DELETE", &format!("{LIST}/{}", APP.replace('|', "%7C"))), 2, "{status}");
        assert!(phone_is_asked_for_twice(&tab).await, "{status}: the tenant may still remove the app");
        assert_eq!(left(&world), 2, "{status}");
    }
}

// U-05
#[tokio::test]
async fn a_removal_that_the_tenant_carries_out_late_leaves_the_other_protection() {
    let world = World::new().await;
    let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let gate = Gate::new();
    world.upset("DELETE", LIST, FaultKind::HoldRequest(gate.clone()));
    // The portal gives up on the call after eight seconds.
    remove_at_once(&[(&tab, APP)]).await;
    let asked = phone_is_asked_for_twice(&tab).await;
    gate.open();
    assert!(asked);
    assert!(has(&world, APP_PHONE, PHONE));
}

// U-05
#[tokio::test]
async fn a_refused_removal_makes_no_other_protection_the_last() {
    for status in [403, 429] {
        let world = World::new().await;
        let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::json(status, r#"{"message":"no"}"#));
        remove_at_once(&[(&tab, APP)]).await;
        assert!(!phone_is_asked_for_twice(&tab).await, "{status}");
        assert_eq!(left(&world), 1, "{status}");
    }
}

#[tokio::test]
async fn a_removal_waits_for_the_clearing_of_unfinished_ones() {
    let world = World::new().await;
    let tab = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let mut clear = form_for(&tab, REMOVE_APP, "");
    clear.action = tab.address("/authenticators/clear");
    slow_down(&world, &["GET", "DELETE"]);
    let removals = [(&tab, APP), (&tab, PHONE)];
    let clearing = tab.request(&clear).send();
    let (removed, cleared) = tokio::join!(remove_at_once(&removals), clearing);
    let cleared = cleared.unwrap().status();
    assert_eq!((left(&world), second_questions(&removed), cleared.as_u16()), (1, 1, 303), "{removed:?}");
}
