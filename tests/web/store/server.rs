//! Promises of the Redis engine alone: TLS, passwords, rights, and an expiry for every key.

use std::time::Duration as StdDuration;

use mfa_portal::internals::{Key, RecordKind};
use time::Duration;
use url::Url;

use super::bench::{self, Bench};
use crate::support::process::{Process, tenant};
use crate::support::redis::Redis;
use crate::support::tls::Tls;

const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";
const PASSWORD: &str = "pass%40word-of-redis";

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::Enrollment, id)
}

async fn is_ready(process: &Process) -> bool {
    reqwest::get(process.admin.join("readyz").unwrap()).await.unwrap().status() == 200
}

/// A portal whose store is Redis behind TLS, with a certificate for this name from a private CA.
async fn behind_tls(redis: &Redis, name: &str, trusted: bool) -> (Tls, Process) {
    let tls = Tls::listen(&[name]).await;
    tls.forward_to(&Url::parse(&redis.url()).unwrap());
    let store = tls.url().replace("https://", &format!("rediss://portal:{PASSWORD}@"));
    let mut settings = vec![("SESSION_STORE", store.as_str()), ("RUST_LOG", "trace")];
    if trusted {
        settings.push(("SSL_CERT_FILE", tls.ca_file()));
    }
    let process = Process::start(&tenant().await, &settings);
    (tls, process)
}

fn with_a_user(redis: &Redis) {
    let rights = "on >pass@word-of-redis ~mfa-portal:* -@all +get +set +del +eval +time";
    redis.ask::<()>(&format!("ACL SETUSER portal {rights}"));
}

// H-08
#[tokio::test(flavor = "multi_thread")]
async fn tls_trusts_the_operators_own_ca_and_no_other() {
    let Some(redis) = Redis::start() else { return };
    with_a_user(&redis);
    let (_tls, process) = behind_tls(&redis, "localhost", true).await;
    assert!(is_ready(&process).await, "{}", process.output());
    for (name, trusted, cause) in
        [("localhost", false, "UnknownIssuer"), ("elsewhere", true, "certificate not valid for name")]
    {
        let (_tls, process) = behind_tls(&redis, name, trusted).await;
        // On a busy machine the first tries may time out before the handshake reaches the certificate.
        for _ in 0..10 {
            assert!(!is_ready(&process).await, "{name}");
            if process.output().contains(cause) {
                break;
            }
        }
        assert!(process.output().contains(cause), "{}", process.output());
    }
}

/// Whether the portal is ready within the promised three seconds.
async fn is_ready_soon(process: &Process) -> bool {
    let begun = std::time::Instant::now();
    while begun.elapsed().as_secs() < 3 {
        if is_ready(process).await {
            return true;
        }
    }
    false
}

// H-08
#[tokio::test(flavor = "multi_thread")]
async fn the_redis_password_is_never_logged() {
    let Some(redis) = Redis::start() else { return };
    with_a_user(&redis);
    let tenant = tenant().await;
    let store = format!("redis://portal:{PASSWORD}@127.0.0.1:{}/3", redis.port);
    let process = Process::start(&tenant, &[("SESSION_STORE", &store), ("RUST_LOG", "trace")]);
    assert!(!is_ready(&process).await, "another database is a right that was not given");
    redis.ask::<()>("ACL SETUSER portal +select");
    assert!(is_ready_soon(&process).await, "{}", process.output());
    assert!(redis.ask::<String>("INFO keyspace").contains("db3:keys=1"));
    redis.ask::<()>("ACL SETUSER portal resetpass >other");
    redis.ask::<()>("CLIENT KILL USER portal");
    assert!(!is_ready(&process).await);
    assert!(!is_ready(&process).await);
    let said = process.output();
    assert!(said.contains(&format!("Redis at 127.0.0.1:{}", redis.port)), "{said}");
    for secret in ["pass@word", "pass%40word", "word-of-redis"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_expires_records_even_if_our_clock_stands_still() {
    let Some(bench) = Bench::redis() else { return };
    let (store, redis) = (bench.store(), bench.outside().server());
    let short = Duration::milliseconds(200);
    store.put(key("put"), &"text", short).await.unwrap();
    store.insert(key("inserted"), &"text", short).await.unwrap();
    store.put(key("replaced"), &"text", Duration::DAY).await.unwrap();
    assert!(store.replace(key("replaced"), &"text", short).await.unwrap());
    store.increment(key("counted"), short).await.unwrap();
    store.increment(key("counted"), Duration::DAY).await.unwrap();
    while redis.ask::<u64>("DBSIZE") > 0 {
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_value_under_our_key_is_an_error_and_no_panic() {
    let Some(bench) = Bench::redis() else { return };
    let (store, redis) = (bench.store(), bench.outside().server());
    redis.ask::<()>(&format!("RPUSH {} a", bench::name(&key("a"))));
    store.get::<String>(key("a")).await.unwrap_err();
    store.insert(key("a"), &"text", Duration::MINUTE).await.unwrap_err();
    store.put(key("b"), &"text", Duration::MINUTE).await.unwrap();
    for garbage in ["x", "999999999999999", "no-number-here-at-all"] {
        redis.ask::<()>(&format!("SET {} {garbage}", bench::name(&key("b"))));
        assert_eq!(store.get::<String>(key("b")).await.unwrap(), None, "{garbage}");
    }
    assert!(store.insert(key("b"), &"text", Duration::MINUTE).await.unwrap());
}

// S-06, X-02
#[tokio::test(flavor = "multi_thread")]
async fn the_redis_traffic_holds_no_secret() {
    let Some(redis) = Redis::start() else { return };
    let seen = redis.watch();
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("SESSION_STORE", &redis.url())]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
    browser.open("factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let secret = browser.page.text_of(".key").replace(' ', "");
    let code = tenant.devices(NORA).totp_code(0).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    let recovery_code = tenant.devices(NORA).recovery_code().unwrap();
    let cookies = browser.cookies();
    let session = cookies.split("; ").find_map(|it| it.strip_prefix("mfa-portal-session=")).unwrap();
    redis.ask::<String>("ECHO the-end");
    let seen = seen.recv_timeout(StdDuration::from_secs(20)).unwrap();
    assert!(seen.matches("\"EVAL\"").count() > 10, "{seen}");
    for text in [NORA, &secret, &recovery_code, session, "eyJ", "auth0|"] {
        assert!(!text.is_empty() && !seen.contains(text), "{text} in {seen}");
    }
}

/// A cluster's client sends a command again when the connection breaks before the answer.
#[tokio::test]
async fn a_write_that_is_sent_twice_counts_as_written_both_times() {
    let Some(redis) = Redis::start() else { return };
    let script = include_str!("../../../src/store/redis/write.lua");
    let insert = |record: &str| {
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(1).arg("mfa-portal:a").arg(1).arg("absent").arg(record).arg(60_000);
        command.query::<u8>(&mut redis.connect()).unwrap()
    };
    let [ours, others] = ["ours", "others"].map(|value| format!("{:015}{value}", 2));
    assert_eq!([&ours, &ours, &others, &ours].map(|record| insert(record)), [1, 1, 0, 1]);
}
