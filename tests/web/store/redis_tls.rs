//! Redis that wants certificates of its clients: one server, a cluster and Sentinels open to the portal's own alone.

use crate::support::process::{Process, free_address, refused, tenant};
use crate::support::redis_set::RedisSet;
use crate::support::tls::Certificates;

const RIGHTS: &str = "on ~mfa-portal:* -@all +get +set +del +eval +time";

async fn is_ready(process: &Process) -> bool {
    reqwest::get(process.admin.join("readyz").unwrap()).await.unwrap().status() == 200
}

async fn opens_to_its_certificate_alone(start: fn(&[&str], Option<Certificates>) -> Option<RedisSet>) {
    let certificates = Certificates::new();
    let files = ["ca", "certificate", "key"].map(|name| certificates.path(name));
    let Some(redis) = start(&[], Some(certificates)) else { return };
    let (redis, tenant) = (redis.with_user("right", RIGHTS), tenant().await);
    let url = redis.url();
    let with = [
        ("SESSION_STORE", url.as_str()),
        ("SSL_CERT_FILE", &files[0]),
        ("REDIS_CERT_FILE", &files[1]),
        ("REDIS_KEY_FILE", &files[2]),
    ];
    let process = Process::start(&tenant, &with);
    let begun = std::time::Instant::now();
    while !is_ready(&process).await {
        assert!(begun.elapsed().as_secs() < 3, "{}", process.output());
    }
    let without = Process::start(&tenant, &with[..2]);
    assert!(!is_ready(&without).await, "{}", without.output());
}

// H-08
#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_opens_redis_and_nothing_else_does() {
    opens_to_its_certificate_alone(RedisSet::single).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_opens_every_node_of_a_cluster() {
    opens_to_its_certificate_alone(RedisSet::cluster_with).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_opens_sentinels_and_the_primary() {
    opens_to_its_certificate_alone(RedisSet::sentinel_with).await;
}

#[test]
fn half_of_a_client_certificate_or_one_without_tls_ends_the_start() {
    let certificates = Certificates::new();
    let [certificate, key] = ["certificate", "key"].map(|name| certificates.path(name));
    let at = free_address().port().unwrap();
    let (tls, plain) = (format!("rediss://127.0.0.1:{at}"), format!("redis://127.0.0.1:{at}"));
    for (store, certificate, key, words) in [
        (&tls, certificate.as_str(), "", "REDIS_KEY_FILE: is missing beside REDIS_CERT_FILE"),
        (&tls, "", key.as_str(), "REDIS_CERT_FILE: is missing beside REDIS_KEY_FILE"),
        (&tls, &key, &certificate, "hold no certificate and its key in PEM"),
        (&tls, "/nowhere", &key, "REDIS_CERT_FILE: /nowhere cannot be read"),
        (&plain, &certificate, &key, "is for an encrypted connection"),
        (&"memory:".to_owned(), &certificate, &key, "is for Redis, which SESSION_STORE does not name"),
    ] {
        let changed =
            [("SESSION_STORE", store.as_str()), ("REDIS_CERT_FILE", certificate), ("REDIS_KEY_FILE", key)];
        let (code, said) = refused(&changed);
        assert!(code == 1 && said.contains(words), "{words}: {said}");
    }
}
