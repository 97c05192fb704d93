//! Operations that nobody ends: their line is told once, by whichever portal comes first.

use std::fs;

use mfa_portal::clock::Clock;
use serde_json::Value;
use time::Duration;

use super::{Stream, end};
use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::process::{Process, in_memory};
use crate::support::redis::Redis;
use crate::support::{Browser, World};

const ENDS: [&str; 3] = ["enrollment_confirmed", "enrollment_failed", "enrollment_cancelled"];
/// Longer than a set-up may take, with the leeway for another replica's clock.
const AFTER_ITS_TIME: Duration = Duration::minutes(12);

/// Begins a set-up, and gives the line of its start.
async fn begin(world: &World, stream: &Stream) -> (Browser, Value) {
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let started = stream.first("enrollment_started").await;
    (browser, started)
}

//
#[tokio::test]
async fn a_set_up_that_nobody_ends_is_told_once_among_replicas() {
    let directory = tempfile::tempdir().unwrap();
    is_told_once(&format!("sqlite:{}", directory.path().join("store.db").display())).await;
    if let Some(redis) = Redis::start() {
        is_told_once(&redis.url()).await;
    }
}

async fn is_told_once(store: &str) {
    let stream = Stream::new();
    let world = stream.world(&[("session-store", store)]).await;
    let other = world.beside(&[("session-store", store), ("audit-log", &stream.setting())]);
    let (_, started) = begin(&world, &stream).await;
    world.tell_interrupted().await.unwrap();
    assert!(stream.of(&ENDS).is_empty(), "it may still be finished");
    world.pass(AFTER_ITS_TIME);
    for portal in [&world, &other, &world, &other] {
        portal.tell_interrupted().await.unwrap();
    }
    let told = stream.of(&ENDS);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(end(&told[0]), ("failure", Some("unfinished")));
    assert_eq!(told[0]["operation"], started["operation"]);
    assert_eq!(told[0]["person"], started["person"]);
}

//
#[tokio::test]
async fn a_process_tells_at_its_start_what_an_earlier_one_left() {
    let (stream, directory) = (Stream::new(), in_memory());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let world = stream.world(&[("session-store", &store)]).await;
    world.pass(Clock::system().now() - Duration::minutes(20) - world.now());
    let (_, started) = begin(&world, &stream).await;
    let setting = stream.setting();
    let settings =
        [("SESSION_STORE", store.as_str()), ("AUDIT_LOG", &setting), ("AUTH0_SECRET", stage::SEALING_KEY)];
    let _process = Process::start(&world.tenant, &settings);
    let told = stream.first("enrollment_failed").await;
    assert_eq!((end(&told), &told["operation"]), (("failure", Some("unfinished")), &started["operation"]));
}

//
#[tokio::test]
async fn ended_operations_leave_nothing_to_tell() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let (mut browser, _) = begin(&world, &stream).await;
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    stream.first("enrollment_confirmed").await;
    world.flush_audit().await;
    world.pass(AFTER_ITS_TIME);
    world.tell_interrupted().await.unwrap();
    assert_eq!(stream.of(&ENDS).len(), 1);
}

//
#[tokio::test]
async fn a_lost_line_is_told_later() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let (mut browser, _) = begin(&world, &stream).await;
    // A folder in the file's place cannot be written.
    fs::rename(stream.path(), stream.path().with_extension("old")).unwrap();
    fs::create_dir(stream.path()).unwrap();
    world.reopen_audit();
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(browser.page.notice().contains("added"), "{}", browser.page.text());
    world.flush_audit().await;
    fs::remove_dir(stream.path()).unwrap();
    world.pass(AFTER_ITS_TIME);
    world.flush_audit().await;
    world.tell_interrupted().await.unwrap();
    assert_eq!(end(&stream.first("enrollment_failed").await), ("failure", Some("unfinished")));
}
