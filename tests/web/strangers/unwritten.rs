//! A stranger writes nothing to the store until a code's turn has come.

use super::Stranger;
use crate::support::World;
use crate::support::redis::Redis;

/// All that Redis was told to write, with how often.
fn writes(redis: &Redis) -> Vec<String> {
    let stats: String = redis.ask("INFO commandstats");
    let reads = ["get", "mget", "exists", "time", "ping", "info"].map(|name| format!("cmdstat_{name}:"));
    let writes = stats.lines().filter(|line| !reads.iter().any(|read| line.starts_with(read)));
    writes.map(ToOwned::to_owned).collect()
}

//
#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_without_a_code_leave_no_record() {
    let Some(redis) = Redis::start() else { return };
    // No network is known, so that no steps are counted.
    let settings = [("session-store", &*redis.url()), ("app-base-url", "https://mfa.example.com")];
    let world = World::with(&settings).await;
    let stranger = Stranger::new(&world.portal);
    stranger.begin("").await;
    let before = writes(&redis);
    for _ in 0..20 {
        let begun = stranger.begin("").await;
        for junk in
            ["", "x=y", "error=access_denied", "error=junk&code=junk", "iss=https://evil.example&code=junk"]
        {
            let (status, page) = stranger.call_back(&begun, "", junk).await;
            assert!(status.is_client_error() || status.is_server_error(), "{junk}: {status} {page}");
        }
    }
    assert_eq!(writes(&redis), before);
}
