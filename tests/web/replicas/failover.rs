//! A primary is lost while people are in the middle of their set-ups: nobody is signed out, and nothing is lost.

use std::time::Instant;

use super::Pair;
use super::somebody::{Somebody, finish_all, look_on_all};
use crate::support::ASSOCIATE;
use crate::support::redis_set::RedisSet;

const PEOPLE: usize = 12;

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_fails_over_signs_nobody_out_and_loses_nothing() {
    if let Some(redis) = RedisSet::cluster(&[]) {
        nobody_loses_anything(redis, "cluster").await;
    }
}

// P-06
#[tokio::test(flavor = "multi_thread")]
async fn sentinels_that_fail_over_sign_nobody_out_and_lose_nothing() {
    if let Some(redis) = RedisSet::sentinel(&[]) {
        nobody_loses_anything(redis, "Sentinels").await;
    }
}

async fn nobody_loses_anything(redis: RedisSet, what: &str) {
    let pair = Pair::start_on(redis, &[]).await;
    let people = Somebody::several(&pair, PEOPLE).await;
    let looking = look_on_all(people);
    let replaced = tokio::task::block_in_place(|| pair.redis.fail_over());
    let back = Instant::now();
    let (people, shown, away) = looking.end().await;
    let refused = finish_all(&pair, people, back).await;
    assert_eq!(pair.tenant.journal().count("POST", ASSOCIATE), PEOPLE, "nobody began anew");
    println!(
        "{what}: replaced after {} ms, in which {shown} pages were shown and {away} said that the store is away; {PEOPLE} \
         people went on, 0 signed out, 0 lost; {refused} forms were refused after it; all had finished {} ms later",
        replaced.as_millis(),
        back.elapsed().as_millis()
    );
}
