//! Operations that nobody ends: their line is told once, by whichever portal comes first.

use std::fs;

use time::Duration;

use super::{Stream, end};
use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};

const ENDS: [&str; 3] = ["enrollment_confirmed", "enrollment_failed", "enrollment_cancelled"];
/// Longer than a set-up may take, with the leeway for another replica's clock.
const AFTER_ITS_TIME: Duration = Duration::minutes(12);

//
#[tokio::test]
async fn a_set_up_that_nobody_ends_is_told_once_among_replicas() {
    let (stream, directory) = (Stream::new(), tempfile::tempdir().unwrap());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let flags = [("session-store", store.as_str())];
    let world = stream.world(&flags).await;
    let other = world.beside(&[("session-store", &store), ("audit-log", &stream.setting())]);
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let started = stream.first("enrollment_started").await;
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
async fn ended_operations_leave_nothing_to_tell() {
    let stream = Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
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
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    stream.first("enrollment_started").await;
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
