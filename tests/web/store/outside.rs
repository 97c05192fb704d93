//! The promises of the engines that keep records outside the process: the stored bytes reveal nothing, and changed
//! bytes are not trusted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_portal::internals::{Key, RecordKind, Store};
use time::Duration;
use tokio::task::JoinSet;

use super::bench::Bench;

const MINUTE: Duration = Duration::MINUTE;
const ID: &str = "an-id-that-is-in-a-cookie";
const PERSON: &str = "auth0|nora";
const SECRET: &str = "eyJ-an-access-token";

macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        mod sqlite { $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() { super::$promise(super::Bench::sqlite()).await; })+ }
        mod redis { $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() { if let Some(bench) = super::Bench::redis() { super::$promise(bench).await; } })+ }
    };
}

promises!(
    swapped_records_are_refused,
    a_tampered_record_counts_as_absent_and_can_be_overwritten,
    the_first_key_seals_and_every_key_opens,
    replicas_one_rotation_step_apart_share_everything,
    counts_are_given_back_during_a_rotation,
    concurrent_inserts_during_a_rotation_write_once,
    a_key_listed_twice_counts_once,
    stored_bytes_hold_no_plain_text_and_no_usable_id,
    a_removed_record_is_gone_from_the_stored_bytes,
);

async fn read(store: &Store, key: Key) -> Option<String> {
    store.get(key).await.unwrap()
}

// S-07
async fn swapped_records_are_refused(bench: Bench) {
    let (store, outside) = (bench.store(), bench.outside());
    let [nora, alex] = ["nora", "alex"].map(|id| Key::random_id(RecordKind::Session, id));
    store.put(nora, &"Nora", MINUTE).await.unwrap();
    store.put(alex, &"Alex", MINUTE).await.unwrap();
    let [of_nora, of_alex] = [outside.value(&nora), outside.value(&alex)];
    outside.overwrite(&nora, &of_alex);
    outside.overwrite(&alex, &of_nora);
    assert_eq!((read(store, nora).await, read(store, alex).await), (None, None));
    outside.overwrite(&nora, &of_nora);
    assert_eq!(read(store, nora).await.as_deref(), Some("Nora"));
}

async fn a_tampered_record_counts_as_absent_and_can_be_overwritten(bench: Bench) {
    let (store, outside) = (bench.store(), bench.outside());
    let key = Key::random_id(RecordKind::Session, ID);
    store.put(key, &"text", MINUTE).await.unwrap();
    let good = outside.value(&key);
    let mut garbage: Vec<Vec<u8>> =
        vec![Vec::new(), vec![0], vec![0xff; 16], vec![1; 17], vec![b'x'; 100_000]];
    garbage.extend((0..good.len()).map(|length| good[..length].to_vec()));
    garbage.extend((0..good.len()).map(|at| {
        let mut changed = good.clone();
        changed[at] ^= 1;
        changed
    }));
    garbage.push([&good[..], &[0]].concat());
    for value in garbage {
        outside.overwrite(&key, &value);
        assert_eq!(read(store, key).await, None, "{value:?}");
    }
    assert_eq!(store.take::<String>(key).await.unwrap(), None);
    store.put(key, &"new", MINUTE).await.unwrap();
    assert_eq!(read(store, key).await.as_deref(), Some("new"));
    let counter = store.key_of(RecordKind::Counter, &[PERSON]);
    store.increment(counter, MINUTE).await.unwrap();
    outside.overwrite(&counter, b"no number");
    assert_eq!(store.increment(counter, MINUTE).await.unwrap().count, 1);
}

async fn the_first_key_seals_and_every_key_opens(bench: Bench) {
    let (a, b) = (1, 2);
    let [before, both, after] = [vec![a], vec![b, a], vec![b]].map(|keys| bench.with_keys(&keys));
    let [old, new] = ["old", "new"].map(|id| Key::random_id(RecordKind::Session, id));
    before.put(old, &"of a", MINUTE).await.unwrap();
    assert_eq!(read(&both, old).await.as_deref(), Some("of a"));
    both.put(new, &"of b", MINUTE).await.unwrap();
    assert_eq!(read(&before, new).await, None, "which a replica of before takes for signed out");
    assert_eq!(read(&after, new).await.as_deref(), Some("of b"));
    assert_eq!(read(&after, old).await, None, "once the old key is taken away");
    assert!(both.replace(old, &"sealed anew", MINUTE).await.unwrap());
    assert_eq!(read(&after, old).await.as_deref(), Some("sealed anew"));
}

/// The key lists of a rotation from `a` to `b`, in order.
fn lists(bench: &Bench) -> [Store; 4] {
    let (a, b) = (1, 2);
    [vec![a], vec![a, b], vec![b, a], vec![b]].map(|keys| bench.with_keys(&keys))
}

async fn replicas_one_rotation_step_apart_share_everything(bench: Bench) {
    for (step, pair) in lists(&bench).windows(2).enumerate() {
        let (before, after) = (&pair[0], &pair[1]);
        let id = [PERSON, &step.to_string()];
        let of = |store: &Store, kind| store.key_of(kind, &id);
        for [one, other] in [[before, after], [after, before]] {
            let [here, there] = [one, other].map(|store| of(store, RecordKind::Notice));
            one.put(here, &"text", MINUTE).await.unwrap();
            assert_eq!(read(other, there).await.as_deref(), Some("text"), "step {step}");
            other.put(there, &"newer", MINUTE).await.unwrap();
            assert_eq!(read(one, here).await.as_deref(), Some("newer"), "step {step}");
            one.remove(here).await.unwrap();
            assert_eq!(read(other, there).await, None, "step {step}");

            let [here, there] = [one, other].map(|store| of(store, RecordKind::Lock));
            assert!(one.insert(here, &"inserted", MINUTE).await.unwrap());
            assert!(!other.insert(there, &(), MINUTE).await.unwrap(), "step {step}");
            assert!(other.replace(there, &"replaced", MINUTE).await.unwrap());
            for (store, key) in [(one, here), (other, there)] {
                assert_eq!(read(store, key).await.as_deref(), Some("replaced"), "step {step}");
            }
            one.remove(here).await.unwrap();
            assert!(other.insert(there, &(), MINUTE).await.unwrap(), "step {step}");
            other.remove(there).await.unwrap();
        }
        let mut counts = Vec::new();
        for store in [before, after, before, after] {
            counts.push(store.increment(of(store, RecordKind::Counter), MINUTE).await.unwrap().count);
        }
        assert_eq!(counts, [1, 2, 3, 4], "step {step}");
    }
}

/// The windows of a counter's names begin when a replica that has the name first counts.
async fn counts_are_given_back_during_a_rotation(bench: Bench) {
    for (step, pair) in lists(&bench).windows(2).enumerate() {
        let of = |store: &Store| store.key_of(RecordKind::NetworkCounter, &[&step.to_string()]);
        let first = pair[0].lend(of(&pair[0]), MINUTE).await.unwrap();
        bench.pass(Duration::seconds(8));
        for at in [1, 0, 1, 1] {
            let loan = pair[at].lend(of(&pair[at]), MINUTE).await.unwrap();
            pair[at].give_back(&loan).await.unwrap();
        }
        pair[0].give_back(&first).await.unwrap();
        for store in pair {
            assert_eq!(store.count(of(store)).await.unwrap().count, 0, "step {step}");
        }
    }
}

async fn a_key_listed_twice_counts_once(bench: Bench) {
    let store = bench.with_keys(&[1, 1]);
    let (lock, counter) =
        (store.key_of(RecordKind::Lock, &[PERSON]), store.key_of(RecordKind::Counter, &[PERSON]));
    assert!(store.insert(lock, &(), MINUTE).await.unwrap());
    assert_eq!(store.increment(counter, MINUTE).await.unwrap().count, 1);
    assert!(!bench.store().insert(lock, &(), MINUTE).await.unwrap());
}

async fn concurrent_inserts_during_a_rotation_write_once(bench: Bench) {
    let lists = lists(&bench);
    for round in 0..4 {
        for pair in lists.windows(2) {
            let id = format!("round {round}");
            let one = |at: usize| {
                let store = pair[at % 2].clone();
                let key = store.key_of(RecordKind::Lock, &[&id]);
                async move { (store.insert(key, &(), MINUTE).await.unwrap(), store, key) }
            };
            let all: JoinSet<_> = (0..20).map(one).collect();
            let mut wrote: Vec<_> = all.join_all().await.into_iter().filter(|(wrote, ..)| *wrote).collect();
            assert_eq!(wrote.len(), 1);
            let (_, store, key) = wrote.remove(0);
            store.remove(key).await.unwrap();
        }
    }
}

// S-06
async fn stored_bytes_hold_no_plain_text_and_no_usable_id(bench: Bench) {
    let store = bench.store();
    let record = [PERSON, SECRET];
    store.put(Key::random_id(RecordKind::Session, ID), &record, MINUTE).await.unwrap();
    store
        .insert(store.key_of(RecordKind::PendingEnrollment, &[PERSON, "totp"]), &record, MINUTE)
        .await
        .unwrap();
    store.increment(store.key_of(RecordKind::Counter, &["texts", PERSON]), MINUTE).await.unwrap();
    let bytes = bench.outside().bytes();
    let looked_at = bench.outside().value(&Key::random_id(RecordKind::Session, ID));
    assert!(holds(&bytes, &looked_at), "the records are in these bytes");
    for secret in [ID, PERSON, SECRET, "nora", "session", "texts"] {
        let hex = secret.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        for form in [secret, &hex, STANDARD.encode(secret).trim_end_matches('=')] {
            assert!(!holds(&bytes, form.as_bytes()), "{form}");
        }
    }
}

async fn a_removed_record_is_gone_from_the_stored_bytes(bench: Bench) {
    let (store, outside) = (bench.store(), bench.outside());
    let key = Key::random_id(RecordKind::RecoveryCode, PERSON);
    store.put(key, &"a recovery code", MINUTE).await.unwrap();
    let sealed = outside.value(&key);
    assert!(holds(&outside.bytes(), &sealed));
    store.remove(key).await.unwrap();
    assert!(!holds(&outside.bytes(), &sealed));
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}
