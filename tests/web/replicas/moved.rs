//! Slots of a cluster move to other nodes while people are in the middle of their set-ups: nobody notices.

use std::time::Instant;

use super::Pair;
use super::somebody::{Somebody, finish_all, look_on_all};
use crate::support::redis_set::{RIGHTS, RedisSet};
use crate::support::slots::{Moves, redirections};

const PEOPLE: usize = 8;
/// Lists that are looked at in each state.
const LISTS: usize = 40;

/// Half of the records are at the new node and half at the old one; then all are, and clients do not know it yet.
// P-06
#[tokio::test(flavor = "multi_thread")]
async fn slots_that_move_sign_nobody_out_and_lose_nothing() {
    let Some(redis) = RedisSet::cluster(&[]) else { return };
    let pair = Pair::start_on(redis.with_user("right", RIGHTS), &[]).await;
    let mut first = Somebody::several(&pair, PEOPLE).await;
    let second = first.split_off(PEOPLE / 2);
    let looking = look_on_all(second);
    let under_way = tokio::task::block_in_place(|| Moves::begin(&pair.redis));
    looking.see(LISTS).await;
    assert_eq!(looking.away(), 0, "pages said that the store is away: {}", causes(&pair));
    let refused = finish_all(&pair, first, Instant::now()).await;
    assert_eq!(refused, 0, "forms said that the store is away: {}", causes(&pair));
    let asked = redirections(&pair.redis, "ASK");
    let before = redirections(&pair.redis, "MOVED");
    tokio::task::block_in_place(|| under_way.end(&pair.redis));
    looking.see(LISTS).await;
    let (second, shown, away) = looking.end().await;
    let refused = finish_all(&pair, second, Instant::now()).await;
    let moved = redirections(&pair.redis, "MOVED") - before;
    println!("{shown} lists were shown; {asked} commands were redirected by ASK, then {moved} by MOVED");
    assert_eq!((away, refused), (0, 0), "the store was away: {}", causes(&pair));
    assert!(asked > 0 && moved > 0, "nothing was redirected: ASK {asked}, MOVED {moved}");
}

/// The causes in the log.
fn causes(pair: &Pair) -> String {
    let output = pair.replicas.output();
    output.lines().filter(|line| line.contains("ERROR")).collect::<Vec<_>>().join("\n")
}
