//! The promises of every store engine, written once and run for each.

use std::sync::Arc;
use std::time::Instant;

use mfa_portal::internals::{Key, RecordKind, Sessions, Store};
use time::Duration;
use tokio::task::JoinSet;
use tower_sessions::SessionStore as _;
use tower_sessions::session::{Id, Record};

use super::bench::Bench;
use crate::support::redis_set::RedisSet;

const MINUTE: Duration = Duration::MINUTE;
/// The promised longest time to recovery once Redis works again.
const RETURN: Duration = Duration::seconds(3);
/// The number of concurrent callers.
const CROWD: usize = 50;

/// Makes each promise a test of each engine.
macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        mod memory { $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() { super::$promise(super::Bench::memory()).await; })+ }
        mod sqlite { $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() { super::$promise(super::Bench::sqlite()).await; })+ }
        mod redis { $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() { if let Some(bench) = super::Bench::redis() { super::$promise(bench).await; } })+ }
        /// Every promise, one after the other.
        async fn every_promise_holds(servers: &Arc<RedisSet>) {
            $(servers.primaries().for_each(|redis| redis.ask("FLUSHALL"));
            $promise(Bench::on_servers(servers.clone())).await;)+
        }
    };
}

promises!(
    a_written_record_is_read_by_every_replica,
    a_record_expires_to_the_millisecond,
    an_expired_record_counts_as_absent_for_every_operation,
    concurrent_inserts_write_once,
    concurrent_takes_return_the_record_once,
    a_removed_record_does_not_come_back,
    an_ended_session_stays_ended_despite_a_late_save,
    a_session_never_starts_under_a_given_id,
    concurrent_increments_are_all_counted,
    a_counter_window_starts_at_the_first_count_and_restarts_after_expiry,
    records_of_different_kinds_do_not_collide,
    a_counter_is_read_without_counting,
    a_count_is_given_back_within_its_own_window_alone,
);

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_holds_on_a_cluster_before_and_after_a_failover() {
    if let Some(servers) = RedisSet::cluster(&[]) {
        every_promise_holds_through_a_failover(servers.into()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_holds_behind_sentinels_before_and_after_a_failover() {
    if let Some(servers) = RedisSet::sentinel(&[]) {
        every_promise_holds_through_a_failover(servers.into()).await;
    }
}

async fn every_promise_holds_through_a_failover(servers: Arc<RedisSet>) {
    every_promise_holds(&servers).await;
    let bench = Bench::on_servers(servers.clone());
    let ids: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    for id in &ids {
        bench.store().put(key(id), id, MINUTE).await.unwrap();
    }
    println!("replaced after {} ms", servers.fail_over().as_millis());
    let (back, mut refused) = (Instant::now(), 0);
    for id in &ids {
        let read = loop {
            match bench.store().get::<String>(key(id)).await {
                Ok(read) => break read,
                Err(_) => refused += 1,
            }
            assert!(back.elapsed() < RETURN, "{refused} refused");
        };
        assert_eq!(read.as_ref(), Some(id), "nothing is lost");
    }
    println!("all read {} ms after it, {refused} refused", back.elapsed().as_millis());
    every_promise_holds(&servers).await;
}

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::Enrollment, id)
}

async fn read(store: &Store, id: &str) -> Option<String> {
    store.get(key(id)).await.unwrap()
}

/// Runs the same act [`CROWD`] times at once, on two replicas in turn.
async fn crowd<T, F>(bench: &Bench, act: impl Fn(Store, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let replicas = bench.replicas();
    let all: JoinSet<T> = (0..CROWD).map(|number| act(replicas[number % 2].clone(), number)).collect();
    all.join_all().await
}

async fn a_written_record_is_read_by_every_replica(bench: Bench) {
    let [one, other] = bench.replicas();
    let long = "ü\0\n".repeat(100_000);
    for text in ["", "text", &long, "another after it"] {
        one.put(key("a"), &text, MINUTE).await.unwrap();
        assert_eq!(read(&other, "a").await.as_deref(), Some(text));
    }
    assert!(other.replace(key("a"), &"replaced", MINUTE).await.unwrap());
    assert_eq!(one.take::<String>(key("a")).await.unwrap().as_deref(), Some("replaced"));
    assert_eq!(read(&other, "a").await, None);
}

async fn a_record_expires_to_the_millisecond(bench: Bench) {
    let store = bench.store();
    store.put(key("a"), &"text", MINUTE).await.unwrap();
    bench.pass(MINUTE - Duration::MILLISECOND);
    assert_eq!(read(store, "a").await.as_deref(), Some("text"));
    bench.pass(Duration::MILLISECOND);
    assert_eq!(read(store, "a").await, None);
    assert_eq!(store.take::<String>(key("a")).await.unwrap(), None);
}

async fn an_expired_record_counts_as_absent_for_every_operation(bench: Bench) {
    let store = bench.store();
    store.put(key("a"), &"old", MINUTE).await.unwrap();
    assert!(!store.insert(key("a"), &"too early", MINUTE).await.unwrap());
    bench.pass(MINUTE);
    assert!(!store.replace(key("a"), &"too late", MINUTE).await.unwrap());
    assert_eq!(read(store, "a").await, None);
    assert!(store.insert(key("a"), &"new", MINUTE).await.unwrap());
    assert_eq!(read(store, "a").await.as_deref(), Some("new"));
    store.put(key("b"), &"born old", -MINUTE).await.unwrap();
    assert_eq!(read(store, "b").await, None);
}

async fn concurrent_inserts_write_once(bench: Bench) {
    for round in 0..4 {
        let id = format!("round {round}");
        let one = |store: Store, number: usize| {
            let id = id.clone();
            async move { store.insert(key(&id), &number, MINUTE).await.unwrap().then_some(number) }
        };
        let wrote: Vec<usize> = crowd(&bench, one).await.into_iter().flatten().collect();
        assert_eq!(wrote.len(), 1, "{wrote:?}");
        assert_eq!(bench.store().get(key(&id)).await.unwrap(), Some(wrote[0]));
    }
}

// V-25
async fn concurrent_takes_return_the_record_once(bench: Bench) {
    bench.store().put(key("a"), &"text", MINUTE).await.unwrap();
    let got = crowd(&bench, |store, _| async move { store.take::<String>(key("a")).await.unwrap() }).await;
    assert_eq!(got.into_iter().flatten().collect::<Vec<_>>(), ["text"]);
}

async fn a_removed_record_does_not_come_back(bench: Bench) {
    let store = bench.store();
    assert!(!store.replace(key("never"), &"text", MINUTE).await.unwrap());
    assert_eq!(read(store, "never").await, None);
    store.put(key("a"), &"text", MINUTE).await.unwrap();
    // Some replace before the removal and some after it; in either order the record stays removed.
    let wrote = crowd(&bench, |store, number| async move {
        if number == CROWD / 2 {
            store.remove(key("a")).await.unwrap();
            return true;
        }
        store.replace(key("a"), &"late", MINUTE).await.unwrap()
    });
    assert!(wrote.await.contains(&true));
    assert_eq!(read(store, "a").await, None);
}

fn record(bench: &Bench) -> Record {
    Record {
        id: Id::default(),
        data: [("person".to_owned(), "Nora".into())].into(),
        expiry_date: bench.now() + MINUTE,
    }
}

// S-12
async fn an_ended_session_stays_ended_despite_a_late_save(bench: Bench) {
    let [one, other] = bench.replicas().map(Sessions::new);
    let mut session = record(&bench);
    one.create(&mut session).await.unwrap();
    assert_eq!(other.load(&session.id).await.unwrap().unwrap().data, session.data);
    one.delete(&session.id).await.unwrap();
    other.save(&session).await.unwrap();
    assert!(one.load(&session.id).await.unwrap().is_none());
}

async fn a_session_never_starts_under_a_given_id(bench: Bench) {
    let sessions = Sessions::new(bench.store().clone());
    let (planted, mut session) = (Id::default(), record(&bench));
    session.id = planted;
    sessions.create(&mut session).await.unwrap();
    assert_ne!(session.id, planted);
    assert!(sessions.load(&planted).await.unwrap().is_none());
    assert!(sessions.load(&session.id).await.unwrap().is_some());
}

// R-01, V-28
async fn concurrent_increments_are_all_counted(bench: Bench) {
    let texts = bench.store().key_of(RecordKind::Counter, &["texts", "Nora"]);
    let counted =
        crowd(&bench, |store, _| async move { store.increment(texts, MINUTE).await.unwrap() }).await;
    let mut counts: Vec<u64> = counted.iter().map(|it| it.count).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=CROWD as u64).collect::<Vec<_>>());
    assert!(counted.iter().all(|it| it.resets_at == bench.now() + MINUTE), "one window for all");
}

async fn a_counter_window_starts_at_the_first_count_and_restarts_after_expiry(bench: Bench) {
    let store = bench.store();
    let texts = store.key_of(RecordKind::Counter, &["texts", "Nora"]);
    let began = bench.now();
    for count in 1..=3 {
        let counted = store.increment(texts, MINUTE).await.unwrap();
        assert_eq!((counted.count, counted.resets_at), (count, began + MINUTE));
        bench.pass(Duration::seconds(20));
    }
    let counted = store.increment(texts, MINUTE).await.unwrap();
    assert_eq!((counted.count, counted.resets_at), (1, bench.now() + MINUTE));
}

async fn records_of_different_kinds_do_not_collide(bench: Bench) {
    let store = bench.store();
    store.put(Key::random_id(RecordKind::Session, "a"), &"a session", MINUTE).await.unwrap();
    assert_eq!(read(store, "a").await, None);
    let (one, other) = (
        store.key_of(RecordKind::PendingEnrollment, &["ab", "c"]),
        store.key_of(RecordKind::PendingEnrollment, &["a", "bc"]),
    );
    store.put(one, &"pending", MINUTE).await.unwrap();
    assert_eq!(store.get::<String>(other).await.unwrap(), None);
}

async fn a_counter_is_read_without_counting(bench: Bench) {
    for kind in [RecordKind::Counter, RecordKind::NetworkCounter] {
        let key = bench.store().key_of(kind, &["read"]);
        assert_eq!(bench.store().count(key).await.unwrap().count, 0);
        let counted = bench.store().increment(key, MINUTE).await.unwrap();
        for replica in bench.replicas() {
            assert_eq!(replica.count(key).await.unwrap(), counted);
        }
        bench.pass(MINUTE);
        assert_eq!(bench.store().count(key).await.unwrap().count, 0);
    }
}

async fn a_count_is_given_back_within_its_own_window_alone(bench: Bench) {
    let store = bench.store();
    for kind in [RecordKind::Counter, RecordKind::NetworkCounter] {
        let key = store.key_of(kind, &["given back"]);
        let first = store.lend(key, MINUTE).await.unwrap();
        store.increment(key, MINUTE).await.unwrap();
        for left in [1, 0, 0] {
            store.give_back(&first).await.unwrap();
            for replica in bench.replicas() {
                assert_eq!(replica.count(key).await.unwrap().count, left);
            }
        }
        assert_eq!(store.increment(key, MINUTE).await.unwrap(), first.count, "the window goes on");
        bench.pass(MINUTE);
        store.give_back(&first).await.unwrap();
        let later = store.increment(key, MINUTE).await.unwrap();
        store.give_back(&first).await.unwrap();
        assert_eq!(store.count(key).await.unwrap(), later, "others' counts stay");
        crowd(&bench, move |store, _| async move {
            let loan = store.lend(key, MINUTE).await.unwrap();
            store.give_back(&loan).await.unwrap();
        })
        .await;
        assert_eq!(store.count(key).await.unwrap(), later);
    }
}
