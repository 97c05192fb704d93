//! The link in a mail: looking at it changes nothing, and its button ends the person's visits.

use emulated_tenant::FaultKind;
use mfa_portal::clock::Clock;
use mfa_portal::internals::{KeyRing, RecordKind, Store, StoreUrl};
use mfa_portal::random::Random;
use reqwest::StatusCode;
use stage::SEALING_KEY;
use time::Duration;
use tokio::task::JoinSet;

use super::{NEXT_ATTEMPT, Post, VERA, link};
use crate::factors::SCAN;
use crate::intruder::live;
use crate::support::process::in_memory;
use crate::support::redis::Redis;
use crate::support::{LIST, World};

const NOT_ME: &str = "This was not me";

// N-01
#[tokio::test]
async fn a_person_who_did_not_make_the_change_ends_the_visits() {
    let post = Post::with(&[("support-url", "https://help.example.com/")]).await;
    let mut intruder = post.with_app().await;
    post.send().await;
    let link = link(&post.smtp.mails()[0]);
    let mut person = post.world.browser();
    person.open(&link).await;
    assert_eq!(person.page.heading(), "Was this you?");
    intruder.open("/").await;
    assert_eq!(intruder.page.path(), "/", "looking changes nothing");
    person.press(NOT_ME, &[]).await;
    assert_eq!(person.page.heading(), "Your visits here have ended");
    assert!(person.page.html.contains("https://help.example.com/"));
    intruder.open("/").await;
    assert_ne!(intruder.page.path(), "/");
    let told = post.stream.wait(&["disavowed"], 1).await;
    let added = post.stream.first("notice").await;
    assert_eq!(told[0]["person"], added["person"]);
}

// N-01
#[tokio::test]
async fn a_link_that_was_pressed_ends_no_later_visit_and_tells_nothing() {
    let post = Post::new().await;
    post.with_app().await;
    post.send().await;
    let link = link(&post.smtp.mails()[0]);
    let mut intruder = post.world.browser();
    intruder.open(&link).await;
    let press = intruder.page.form(NOT_ME);
    intruder.send(&press).await;
    post.world.pass(Duration::seconds(31));
    let owner = post.world.signed_in(VERA).await;
    intruder.send(&press).await;
    assert_eq!(intruder.page.heading(), "Your visits here have ended");
    assert_eq!(live(&post.world, &[owner]).await, 1);
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["disavowed"]).len(), 1);
}

/// The link's own turn is longer than that of an end, which it waits for.
// N-01
#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_for_an_end_that_is_being_noted() {
    let directory = in_memory();
    let path = directory.path().join("sessions.db");
    let url = format!("sqlite:{}", path.display());
    let post = Post::with(&[("session-store", &url)]).await;
    let intruder = post.with_app().await;
    post.send().await;
    let link = link(&post.smtp.mails()[0]);
    let mut person = post.world.browser();
    person.open(&link).await;
    let digits = SEALING_KEY.as_bytes().chunks(2).map(|two| std::str::from_utf8(two).unwrap());
    let secret: Vec<u8> = digits.map(|two| u8::from_str_radix(two, 16).unwrap()).collect();
    let (keys, now) = (KeyRing::new(&[secret.into()]).into(), post.world.now());
    let clock = Clock::from_fn(move || now);
    let store = Store::open(&StoreUrl::Sqlite(path), keys, clock, Random::system()).unwrap();
    let turn = store.key_of_person(RecordKind::Lock, "auth0|vera", &["end of sessions"]);
    assert!(store.insert(turn, &(), Duration::MINUTE).await.unwrap());
    let release = async {
        // Longer than an end takes of the system's time.
        tokio::time::sleep(std::time::Duration::from_millis(3_300)).await;
        store.remove(turn).await.unwrap();
    };
    tokio::join!(person.press(NOT_ME, &[]), release);
    assert_eq!(person.page.heading(), "Your visits here have ended", "{}", person.page.text());
    assert_eq!(live(&post.world, &[intruder]).await, 0);
}

// N-01
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_pressed_often_at_once_tells_once() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let post = Post::with(&[("session-store", &store)]).await;
    post.with_app().await;
    post.send().await;
    let mut browser = post.world.browser();
    browser.open(&link(&post.smtp.mails()[0])).await;
    let press = browser.page.form(NOT_ME);
    let pressed: tokio::task::JoinSet<_> = (0..8)
        .map(|_| browser.request(&press).send())
        .map(|sent| async move { sent.await.unwrap().status().as_u16() })
        .collect();
    let statuses = pressed.join_all().await;
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["disavowed"]).len(), 1);
}

// N-01
#[tokio::test]
async fn a_link_ends_the_change_of_phones_that_an_intruder_has_begun() {
    for pressed in [false, true] {
        let post = Post::with(&[("proof", "any")]).await;
        let mut intruder = post.with_app().await;
        intruder.open("/").await;
        intruder.follow("Replace authenticator app").await;
        intruder.press("Set up the new one", &[]).await;
        intruder.open("/lost-phone").await;
        let mut begin = intruder.page.form("Continue");
        begin.set(&intruder.page.attr("input[type=checkbox]", "name").unwrap(), "yes");
        intruder.send(&begin).await;
        post.send().await;
        if pressed {
            let mut person = post.world.browser();
            person.open(&link(&post.smtp.mails()[0])).await;
            person.press(NOT_ME, &[]).await;
            post.stream.wait(&["phone_change_ended", "replacement_ended"], 2).await;
        }
        post.world.pass(Duration::seconds(31));
        let owner = post.world.signed_in(VERA).await;
        let text = owner.page.text();
        assert_eq!(text.contains("Not finished: your lost phone"), !pressed, "{text}");
    }
}

// N-01
#[tokio::test]
async fn a_link_outlasts_a_change_of_the_key_and_ends_after_ten_days() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let post = Post::with(&[("session-store", &store)]).await;
    post.with_app().await;
    post.send().await;
    let link = link(&post.smtp.mails()[0]);
    let other_key = "ffeeddccbbaa99887766554433221100f0e1d2c3b4a5968778695a4b3c2d1e0f";
    let after = post.world.beside(&[("session-store", &store), ("auth0-secret", other_key)]);
    post.world.pass(Duration::days(10) - Duration::MINUTE);
    assert_eq!(status(&after, &link).await, 200);
    post.world.pass(Duration::minutes(2));
    assert_eq!(status(&after, &link).await, 404);
}

/// An intruder has an open set-up by push and adds an app, of which Vera is told.
async fn with_open_push(post: &Post, lists: &[FaultKind]) {
    let mut intruder = post.world.signed_in(VERA).await;
    intruder.open("/factors/push").await;
    for kind in lists {
        post.world.upset("GET", LIST, kind.clone());
    }
    intruder.press(SCAN, &[]).await;
    post.world.tenant.faults().clear();
    intruder.go(intruder.page.url.clone()).await;
    post.add_app_with(&mut intruder, VERA).await;
    assert!(post.world.unfinished(VERA) > 0);
    post.send().await;
}

async fn press_link(post: &Post) {
    let mut person = post.world.browser();
    person.open(&link(&post.smtp.mails()[0])).await;
    person.press(NOT_ME, &[]).await;
}

// N-01
#[tokio::test]
async fn a_link_takes_from_a_phone_what_it_could_still_approve() {
    let post = Post::new().await;
    with_open_push(&post, &[]).await;
    press_link(&post).await;
    assert_eq!(post.world.unfinished(VERA), 0);
}

/// A link needs no session, so its presses have no limit of a person's.
#[tokio::test]
async fn a_link_that_is_pressed_again_asks_the_tenant_for_nothing() {
    let post = Post::new().await;
    with_open_push(&post, &[]).await;
    let mut person = post.world.browser();
    person.open(&link(&post.smtp.mails()[0])).await;
    let form = person.page.form(NOT_ME);
    person.send(&form).await;
    let before = post.world.tenant.journal().requests().len();
    let again: JoinSet<_> = (0..20).map(|_| person.request(&form).send()).collect();
    assert!(
        again.join_all().await.into_iter().all(|answer| answer.unwrap().status() == StatusCode::SEE_OTHER)
    );
    let asked = post.world.tenant.journal().requests().len() - before;
    assert_eq!(asked, 0);
}

// N-01
#[tokio::test]
async fn a_link_takes_from_a_phone_a_set_up_whose_list_could_not_be_read() {
    let post = Post::new().await;
    // The two lists before the association succeed, the one after it and its retry fail.
    let as_it_is = || FaultKind::Delay(std::time::Duration::from_millis(1));
    with_open_push(&post, &[as_it_is(), as_it_is(), FaultKind::Drop, FaultKind::Drop]).await;
    press_link(&post).await;
    assert_eq!(post.world.unfinished(VERA), 0);
}

// N-01
#[tokio::test]
async fn a_link_is_pressed_again_after_the_tenant_was_away() {
    let post = Post::new().await;
    with_open_push(&post, &[]).await;
    post.world.upset_always("GET", LIST, FaultKind::Drop);
    let mut person = post.world.browser();
    person.open(&link(&post.smtp.mails()[0])).await;
    let form = person.page.form(NOT_ME);
    person.send(&form).await;
    assert!(post.world.unfinished(VERA) > 0);
    post.world.tenant.faults().clear();
    post.world.pass(Duration::seconds(4));
    person.send(&form).await;
    assert_eq!(post.world.unfinished(VERA), 0);
}

// N-01
#[tokio::test]
async fn a_link_whose_removal_the_tenant_refuses_is_carried_out_later() {
    for refused in ["DELETE", "GET"] {
        let post = Post::new().await;
        with_open_push(&post, &[]).await;
        post.world.upset_always(refused, LIST, FaultKind::json(429, "{}"));
        press_link(&post).await;
        assert!(post.world.unfinished(VERA) > 0);
        post.world.tenant.faults().clear();
        post.world.pass(NEXT_ATTEMPT);
        post.send().await;
        assert_eq!(post.world.unfinished(VERA), 0, "{refused}");
    }
}

// N-01
#[tokio::test(flavor = "multi_thread")]
async fn a_guessed_link_writes_nothing() {
    let Some(redis) = Redis::start() else { return };
    let post = Post::with(&[("session-store", &redis.url())]).await;
    let writes = || {
        let stats: String = redis.ask("INFO commandstats");
        let reads = ["get", "exists", "time", "ping", "info"].map(|name| format!("cmdstat_{name}:"));
        let writes = stats.lines().filter(|line| !reads.iter().any(|read| line.starts_with(read)));
        writes.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let client = post.world.browser().client().clone();
    let before = writes();
    for number in 0..50 {
        let url = post.world.portal.join(&format!("notices/{number:043}")).unwrap();
        let status = client.post(url).form(&[("a", "b")]).send().await.unwrap().status().as_u16();
        // Redis may answer too late on a busy machine.
        assert!([404, 503].contains(&status), "{status}");
    }
    assert_eq!(writes(), before);
}

/// Strangers can guess as often as they like, and the store answers slowly.
// N-01
#[tokio::test(flavor = "multi_thread")]
async fn guessed_links_are_looked_for_by_few_at_once() {
    const GUESSES: usize = 40;
    let Some(redis) = Redis::start() else { return };
    let post = Post::with(&[("session-store", &redis.url())]).await;
    let client = post.world.browser().client().clone();
    redis.signal("STOP");
    let mut guessing = JoinSet::new();
    for number in 0..GUESSES {
        let url = post.world.portal.join(&format!("notices/{number:043}")).unwrap();
        let guess = if number % 2 == 0 { client.get(url) } else { client.post(url).form(&[("a", "b")]) };
        guessing.spawn(async move { guess.send().await.unwrap().status() });
    }
    let answers = guessing.join_all().await;
    redis.signal("CONT");
    let turned_away = answers.iter().filter(|it| **it == StatusCode::TOO_MANY_REQUESTS).count();
    assert!(turned_away >= GUESSES - 16, "{answers:?}");
}

#[tokio::test]
async fn a_guessed_link_is_not_found_and_never_framed() {
    let post = Post::new().await;
    let mut browser = post.world.browser();
    browser.open("/notices/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(browser.page.status, 404);
}

async fn status(world: &World, link: &str) -> u16 {
    let mut browser = world.browser();
    browser.open(link).await;
    browser.page.status.as_u16()
}
