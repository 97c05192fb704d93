//! `memory:` has a ceiling. A record that does not fit is refused, and none that is there is dropped for it.

use mfa_portal::internals::{Key, RecordKind};
use time::Duration;

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
