//! The ceilings on refused codes where several replicas count them, and where Redis is far away.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use emulated_tenant::FaultKind;
use mfa_portal::clock::Clock;
use mfa_portal::internals::{KeyRing, RecordKind, Store, StoreUrl};
use mfa_portal::random::Random;
use rusqlite::Connection;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{IN_ALL, OF_NETWORK, Stranger, exchanges, networks, one_network};
use crate::support::World;
use crate::support::distant::Distant;
use crate::support::process::tenant;
use crate::support::redis::Redis;
use crate::support::replicas::Replicas;

/// AUTH0_SECRET where a test counts for itself.
pub(super) const SECRET: &[u8; 32] = b"q8Zr2-vK5w_Tn7Xe4Lp9Jc1Yh6Bd3Gs0";

/// Uses up the ceilings in all but for one place, for a minute.
pub(super) async fn leave_one_place(world: &World, address: &StoreUrl) {
    let (now, keys) = (world.now(), KeyRing::new(&[SECRET.to_vec().into()]).into());
    let store = Store::open(address, keys, Clock::from_fn(move || now), Random::system()).unwrap();
    for (within, used) in [("60", IN_ALL[0] - 1), ("2", IN_ALL[1])] {
        let counter = store.key_of(RecordKind::Counter, &["refused-codes", within]);
        for _ in 0..used {
            store.increment(counter, time::Duration::MINUTE).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_the_ceiling() {
    let Some(redis) = Redis::start() else { return };
    let tenant = tenant().await;
    let mut replicas = Replicas::new(tenant.clone(), &redis.url(), 2).await;
    (0..2).for_each(|at| replicas.start(at, &[("TRUSTED_PROXIES", "127.0.0.0/8")]));
    for at in 0..2 {
        let stranger = Stranger::new(&replicas.process(at).portal);
        stranger.flood(one_network(OF_NETWORK[0] - 2)).await;
    }
    let sent = tenant.journal().count("POST", "/oauth/token");
    // These processes have the real clock: a slow machine sees one or two windows of ten seconds.
    assert!((OF_NETWORK[0]..OF_NETWORK[0] + 3).contains(&sent), "{sent}");
}

/// The tenant answers none of them before all are there.
//
#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_the_ceilings_while_codes_are_under_way() {
    let Some(redis) = Redis::start() else { return };
    let settings = [("session-store", redis.url()), ("trusted-proxies", "127.0.0.0/8".to_owned())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    for (of_one, at_once) in [(true, OF_NETWORK[0]), (false, IN_ALL[0])] {
        redis.ask::<()>("FLUSHALL");
        let world = World::with(&settings).await;
        let replicas = [world.beside(&settings), world.beside(&settings)];
        let answer = FaultKind::Delay(Duration::from_secs(3));
        world.upset_always("POST", "/oauth/token", answer);
        let mut floods = JoinSet::new();
        for portal in [&world.portal, &replicas[0].portal, &replicas[1].portal] {
            let (stranger, network) = (Stranger::new(portal), portal.port().unwrap() % 200);
            floods.spawn(async move {
                if of_one {
                    stranger.flood(one_network(15)).await
                } else {
                    stranger.flood((0..30).map(|n| format!("10.{network}.{n}.1"))).await
                }
            });
        }
        floods.join_all().await;
        let sent = exchanges(&world);
        let most = if of_one { at_once + OF_NETWORK[1] } else { at_once + 3 * IN_ALL[1] };
        assert!((at_once..=most).contains(&sent), "{of_one}: {sent}");
    }
}

/// Each of them sees the last place while no other has taken it.
#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_look_at_once_share_the_last_place() {
    let Some(redis) = Redis::start() else { return };
    let (url, secret) = (redis.url(), STANDARD.encode(SECRET));
    let settings =
        [("session-store", url.as_str()), ("auth0-secret", &secret), ("trusted-proxies", "127.0.0.0/8")];
    for of_one in [true, false] {
        redis.ask::<()>("FLUSHALL");
        let world = World::with(&settings).await;
        let replicas = [world.beside(&settings), world.beside(&settings)];
        let sent = if of_one {
            Stranger::new(&world.portal).flood(one_network(OF_NETWORK[0] - 1)).await.len()
        } else {
            leave_one_place(&world, &StoreUrl::Redis(Box::new(url.parse().unwrap()))).await;
            0
        };
        let mut last = Vec::new();
        for (portal, network) in
            [&world.portal, &replicas[0].portal, &replicas[1].portal].into_iter().zip(networks(3))
        {
            let network = if of_one { one_network(1).collect() } else { network };
            let stranger = Stranger::new(portal);
            last.push((stranger.begin(&network).await, stranger, network));
        }
        // They look, and none of them counts before the others have looked.
        redis.ask::<()>("CLIENT PAUSE 400 WRITE");
        let mut callbacks = JoinSet::new();
        for (begun, stranger, network) in last {
            callbacks.spawn(async move { stranger.call_back(&begun, &network, "code=junk").await.0 });
        }
        let answers = callbacks.join_all().await;
        assert_eq!(exchanges(&world), sent + 1, "{of_one}: {answers:?}");
    }
}

/// A turn costs few trips to Redis, because all others wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_let_in_in_time_although_redis_is_far_away() {
    let Some(redis) = Redis::start() else { return };
    let distant = Distant::from(redis.port, Duration::from_millis(100)).await;
    let store = format!("redis://127.0.0.1:{}", distant.port);
    for crowd in [one_network(OF_NETWORK[0]).collect::<Vec<_>>(), networks(20).collect()] {
        redis.ask::<()>("FLUSHALL");
        let world = World::with(&[("session-store", &store), ("trusted-proxies", "127.0.0.0/8")]).await;
        let sent = crowd.len();
        let answers = Stranger::new(&world.portal).flood(crowd).await;
        assert_eq!(exchanges(&world), sent, "{answers:?}");
    }
}

/// The store counts although nobody waits for it any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_leaves_while_its_code_is_counted_leaves_its_place_to_others() {
    let Some(redis) = Redis::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("records.db");
    let stores = [
        (redis.url(), StoreUrl::Redis(Box::new(redis.url().parse().unwrap()))),
        (format!("sqlite:{}", file.display()), StoreUrl::Sqlite(file.clone())),
    ];
    let secret = STANDARD.encode(SECRET);
    for (url, address) in stores {
        let settings =
            [("session-store", url.as_str()), ("auth0-secret", &secret), ("trusted-proxies", "127.0.0.0/8")];
        let world = World::with(&settings).await;
        leave_one_place(&world, &address).await;
        let stranger = Stranger::new(&world.portal);
        let left = stranger.begin("10.9.0.1").await;
        let honest = stranger.begin("10.9.1.1").await;
        let other = Connection::open(&file).unwrap();
        if matches!(address, StoreUrl::Sqlite(_)) {
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
        } else {
            redis.ask::<()>("CLIENT PAUSE 300 WRITE");
        }
        let callback = stranger.call_back(&left, "10.9.0.1", "code=junk");
        assert!(timeout(Duration::from_millis(200), callback).await.is_err(), "{url}: it left");
        if matches!(address, StoreUrl::Sqlite(_)) {
            other.execute_batch("ROLLBACK").unwrap();
        }
        let (status, page) = stranger.call_back(&honest, "10.9.1.1", "code=junk").await;
        assert_eq!(exchanges(&world), 1, "{url}: {status} {page}");
    }
}
