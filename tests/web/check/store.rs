//! The session store that `check` finds: missing, unreadable or unreachable.

use std::fs;

use super::{check, tenant};
use crate::support::process::{Process, free_address};
use crate::support::redis::Redis;
use crate::support::redis_set::{RIGHTS, RedisSet};

#[tokio::test]
async fn a_store_in_a_missing_folder_is_reported() {
    let report = check(&tenant().await, &[("SESSION_STORE", "sqlite:/nowhere/at/all.db")]).await;
    report.assert_only_failure("Store", "the session store is not available", "Correct SESSION_STORE");
}

#[tokio::test]
async fn a_store_file_that_is_no_database_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    fs::write(&file, "Dear diary, ".repeat(1000)).unwrap();
    let store = format!("sqlite:{}", file.display());
    let report = check(&tenant().await, &[("SESSION_STORE", &store)]).await;
    report.assert_only_failure("Store", "not a database", "Correct SESSION_STORE");
}

#[tokio::test]
async fn a_database_that_the_start_creates_is_not_created_by_the_check() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    let report = check(&tenant().await, &[("SESSION_STORE", &format!("sqlite:{}", file.display()))]).await;
    assert_eq!(report.line("Store").outcome, "ok", "{}", report.output);
    assert!(report.line("Store").detail.contains("the start creates it"), "{}", report.output);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_node_of_a_redis_cluster_is_named_by_the_check_and_at_the_start() {
    let bus = free_address().port().unwrap().to_string();
    let options =
        ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-port", &bus];
    let Some(redis) = Redis::start_with(|_| options.map(ToOwned::to_owned).to_vec()) else { return };
    // Half of the slots, as a node has them.
    redis.ask::<String>("CLUSTER ADDSLOTSRANGE 0 8191");
    let tenant = tenant().await;
    let report = check(&tenant, &[("SESSION_STORE", &redis.url())]).await;
    report.assert_only_failure("Store", "is a node of a Redis Cluster", "write redis+cluster://");
    let process = Process::start(&tenant, &[("SESSION_STORE", &redis.url())]);
    // Its start may have said so before it served.
    if !process.output().contains("is a node of a Redis Cluster") {
        process.says("is a node of a Redis Cluster");
    }
}

#[tokio::test]
async fn an_unreachable_redis_is_reported_without_its_password() {
    let store = format!("redis://:a-password@127.0.0.1:{}", free_address().port().unwrap());
    let report = check(&tenant().await, &[("SESSION_STORE", &store)]).await;
    report.assert_only_failure("Store", "the session store is not available", "let this machine reach Redis");
    assert!(!report.output.contains("a-password"), "{}", report.output);
}

#[tokio::test]
async fn the_check_leaves_no_record_in_the_store() {
    let Some(redis) = Redis::start() else { return };
    let report = check(&tenant().await, &[("SESSION_STORE", &redis.url())]).await;
    assert_eq!(report.line("Store").outcome, "ok", "{}", report.output);
    assert_eq!(redis.ask::<u64>("DBSIZE"), 0);
}

#[tokio::test]
async fn a_redis_that_drops_records_fails_the_check() {
    let Some(redis) = Redis::start() else { return };
    redis.ask::<()>("CONFIG SET maxmemory-policy allkeys-lru");
    let report = check(&tenant().await, &[("SESSION_STORE", &redis.url())]).await;
    report.assert_only_failure("Store settings", "maxmemory-policy allkeys-lru", "noeviction");
}

#[tokio::test]
async fn the_check_says_whether_records_outlive_redis() {
    let Some(redis) = Redis::start() else { return };
    let tenant = tenant().await;
    for (appends, words) in [("no", "loses recovery codes"), ("yes", "records outlive a restart")] {
        redis.ask::<()>(&format!("CONFIG SET appendonly {appends}"));
        let report = check(&tenant, &[("SESSION_STORE", &redis.url())]).await;
        let line = report.line("Store settings");
        assert_eq!(line.outcome, "ok", "{}", report.output);
        assert!(line.detail.contains(words), "{line:?}");
    }
}

#[tokio::test]
async fn a_redis_that_does_not_tell_its_settings_is_unknown() {
    let Some(redis) = Redis::start() else { return };
    redis.ask::<()>("ACL SETUSER portal on >right ~mfa-portal:* -@all +get +set +del +eval +time");
    let store = redis.url().replace("redis://", "redis://portal:right@");
    let tenant = tenant().await;
    let report = check(&tenant, &[("SESSION_STORE", &store)]).await;
    report.assert_unknown("Store settings", "allow the user +info");
    redis.ask::<()>("ACL SETUSER portal +info");
    let report = check(&tenant, &[("SESSION_STORE", &store)]).await;
    assert_eq!(report.line("Store settings").outcome, "ok", "{}", report.output);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_follow_moving_records_fails_the_check() {
    let Some(redis) = RedisSet::cluster(&[]) else { return };
    let redis = redis.with_user("right", RIGHTS);
    let tenant = tenant().await;
    let report = check(&tenant, &[("SESSION_STORE", &redis.url())]).await;
    assert_eq!(report.line("Store").outcome, "ok", "{}", report.output);
    redis.ask_all("ACL SETUSER portal -asking");
    let report = check(&tenant, &[("SESSION_STORE", &redis.url())]).await;
    report.assert_only_failure("Store", "may not follow records that move", "+asking");
}

#[tokio::test]
async fn a_server_without_cluster_mode_is_named_behind_a_cluster_address() {
    let Some(redis) = Redis::start() else { return };
    let store = redis.url().replace("redis://", "redis+cluster://");
    let report = check(&tenant().await, &[("SESSION_STORE", &store)]).await;
    report.assert_only_failure("Store", "cluster support disabled", "Correct SESSION_STORE");
}
