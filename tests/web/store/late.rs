//! Redis does not apply a change late, after the portal has stopped waiting and the page has said that it failed.

use std::time::Duration as StdDuration;

use mfa_portal::internals::{Key, RecordKind, Store, StoreUrl};
use time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::bench::{self, Bench};

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::Enrollment, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_reaching_redis_after_its_page_answered_is_not_done() {
    let Some(bench) = Bench::redis() else { return };
    let (store, redis) = (bench.store(), bench.outside().server());
    for id in ["replaced", "removed"] {
        store.put(key(id), &"before", Duration::MINUTE).await.unwrap();
    }
    let done: u64 = scripts(&redis.ask::<String>("INFO commandstats"));
    redis.signal("STOP");
    // The first call waits for Redis until it gives up; the others fail at once.
    let (put, _) = tokio::join!(store.put(key("written"), &"late", Duration::MINUTE), async {
        tokio::join!(
            store.replace(key("replaced"), &"late", Duration::MINUTE),
            store.remove(key("removed")),
            store.increment(key("counted"), Duration::MINUTE),
        )
    },);
    put.unwrap_err();
    redis.signal("CONT");
    while scripts(&redis.ask::<String>("INFO commandstats")) < done + 4 {
        tokio::time::sleep(StdDuration::from_millis(10)).await;
    }
    assert_eq!(redis.ask::<u64>(&format!("EXISTS {}", bench::name(&key("written")))), 0);
    assert_eq!(redis.ask::<u64>(&format!("EXISTS {}", bench::name(&key("counted")))), 0);
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    for id in ["replaced", "removed"] {
        assert_eq!(store.get::<String>(key(id)).await.unwrap().as_deref(), Some("before"));
    }
}

/// The number of scripts that the server has run.
fn scripts(stats: &str) -> u64 {
    let line = stats.lines().find_map(|line| line.strip_prefix("cmdstat_eval:calls=")).unwrap_or("0");
    line.split(',').next().unwrap().parse().unwrap()
}

/// A fake Redis whose clock jumps ahead during the first connection.
async fn clock_was_set() -> StoreUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for script in ["-LATE the deadline has passed and nothing was done\r\n", ":1\r\n"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            for answer in ["*2\r\n$10\r\n1795348800\r\n$1\r\n0\r\n", script] {
                assert!(stream.read(&mut asked).await.unwrap() > 0);
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    StoreUrl::Redis(Box::new(url.parse().unwrap()))
}

#[tokio::test]
async fn a_redis_clock_jump_costs_one_retry_and_no_error() {
    let store: Store = bench::store_at(&clock_was_set().await);
    assert!(store.insert(key("a"), &"text", Duration::MINUTE).await.unwrap());
}
