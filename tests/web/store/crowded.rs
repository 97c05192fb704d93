//! `memory:` has a ceiling. A record that does not fit is refused, and none that is there is dropped for it. A SQLite file
//! has one lock, at which strangers keep nobody waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mfa_portal::internals::{Key, RecordKind};
use time::Duration;
use tokio::task::JoinSet;

use super::bench::Bench;

/// More than fit.
const TOO_MANY: usize = 450_000;

fn key(number: usize) -> Key {
    Key::random_id(RecordKind::Session, &number.to_string())
}

// P-18
#[tokio::test]
async fn a_full_memory_refuses_new_records_and_drops_none() {
    let bench = Bench::memory();
    let store = bench.store();
    let mut kept = Vec::new();
    let refused = loop {
        let number = kept.len();
        assert!(number < TOO_MANY);
        match store.insert(key(number), &(), Duration::HOUR).await {
            Ok(written) => kept.push(written),
            Err(error) => break error.to_string(),
        }
    };
    assert!(refused.contains("no more fit"), "{refused}");
    println!("{} records fit", kept.len());
    for number in (0..kept.len()).step_by(97) {
        assert_eq!(store.get::<()>(key(number)).await.unwrap(), Some(()), "record {number}");
    }
    for number in 0..10_000 {
        let by_anybody = Key::random_id(RecordKind::UsedState, &number.to_string());
        assert!(
            store.insert(by_anybody, &(), Duration::HOUR).await.unwrap(),
            "strangers have a room of their own"
        );
    }
    store.put(key(0), &(), Duration::HOUR).await.unwrap();
    bench.pass(Duration::HOUR);
    assert!(store.insert(key(kept.len()), &(), Duration::HOUR).await.unwrap(), "expired ones make room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_s_record_waits_for_no_crowd_of_strangers_at_the_file() {
    const STRANGERS: usize = 500;
    let bench = Bench::sqlite();
    let written = Arc::new(AtomicUsize::new(0));
    let mut strangers = JoinSet::new();
    for number in 0..STRANGERS {
        let (store, written) = (bench.store().clone(), written.clone());
        strangers.spawn(async move {
            let by_anybody = Key::random_id(RecordKind::UsedState, &number.to_string());
            // On a busy machine the last ones may be refused.
            let _ = store.insert(by_anybody, &(), Duration::HOUR).await;
            written.fetch_add(1, Ordering::SeqCst);
        });
    }
    while written.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    for number in 0..3 {
        let before = written.load(Ordering::SeqCst);
        bench.store().put(key(number), &(), Duration::HOUR).await.unwrap();
        let waited_for = written.load(Ordering::SeqCst) - before;
        assert!(waited_for < STRANGERS / 10, "{waited_for} strangers were let in before");
    }
    strangers.join_all().await;
}
