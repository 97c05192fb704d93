//! Where sessions are kept.

use std::fs;

use super::{check, tenant};
use crate::support::process::free_address;
use crate::support::redis::Redis;

#[tokio::test]
async fn a_store_in_a_folder_that_is_not_there() {
    let found = check(&tenant().await, &[("SESSION_STORE", "sqlite:/nowhere/at/all.db")]).await;
    found.only("Store", "the session store is not available", "Correct SESSION_STORE");
}

#[tokio::test]
async fn a_store_that_is_some_other_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    fs::write(&file, "Dear diary, ".repeat(1000)).unwrap();
    let store = format!("sqlite:{}", file.display());
    let found = check(&tenant().await, &[("SESSION_STORE", &store)]).await;
    found.only("Store", "not a database", "Correct SESSION_STORE");
}

#[tokio::test]
async fn a_redis_that_is_away() {
    let store = format!("redis://:a-password@127.0.0.1:{}", free_address().port().unwrap());
    let found = check(&tenant().await, &[("SESSION_STORE", &store)]).await;
    found.only("Store", "the session store is not available", "Correct SESSION_STORE");
    assert!(!found.output.contains("a-password"), "{}", found.output);
}

#[tokio::test]
async fn what_the_check_writes_is_gone_afterwards() {
    let Some(redis) = Redis::start() else { return };
    let found = check(&tenant().await, &[("SESSION_STORE", &redis.url())]).await;
    assert_eq!(found.line("Store").outcome, "ok", "{}", found.output);
    assert_eq!(redis.ask::<u64>("DBSIZE"), 0);
}
