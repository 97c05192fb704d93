//! Faults of the tenant: calm and storm in turn, each storm of another kind.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use emulated_tenant::{Fault, FaultKind};
use tokio::time::sleep;

use crate::world::World;

const CALM: Duration = Duration::from_secs(25);
const STORM: Duration = Duration::from_secs(6);
/// After a storm, requests that wait for the tenant end within this time, because the portal's deadline is 10 s.
const LULL: Duration = Duration::from_secs(12);
/// The endpoints that fail.
const PATHS: [&str; 6] =
    ["/mfa/authenticators", "/mfa/associate", "/mfa/challenge", "/oauth/token", "/.well-known/", "/api/"];

fn kinds() -> Vec<FaultKind> {
    let busy = |status, header: (&str, &str)| FaultKind::Status {
        status,
        headers: vec![(header.0.to_owned(), header.1.to_owned())],
        content_type: "application/json".to_owned(),
        body: r#"{"error":"too_many_requests"}"#.to_owned(),
    };
    vec![
        FaultKind::html(500, "<h1>Internal Server Error</h1>"),
        FaultKind::html(502, "<h1>Bad Gateway</h1>"),
        busy(503, ("retry-after", "5")),
        busy(429, ("x-ratelimit-reset", "1795348800")),
        FaultKind::json(401, r#"{"error":"invalid_grant"}"#),
        FaultKind::json(200, "null"),
        FaultKind::Delay(Duration::from_secs(3)),
        FaultKind::Hang,
        FaultKind::Drop,
        FaultKind::Reset,
        FaultKind::DropAfter,
        FaultKind::SlowDrip(Duration::from_millis(50)),
        FaultKind::Truncated,
        FaultKind::UnknownFields,
        FaultKind::ContentType("text/html".to_owned()),
        FaultKind::BigBody(5_000_000),
        FaultKind::GzipBomb(5_000_000),
    ]
}

/// Injects faults until it is aborted.
pub(crate) async fn inject_faults(world: Arc<World>) {
    let faults = world.tenant.faults();
    for kind in kinds().into_iter().cycle() {
        sleep(CALM.saturating_sub(LULL)).await;
        world.calm.store(false, Ordering::SeqCst);
        let path = PATHS[fastrand::usize(..PATHS.len())];
        world.record.storm();
        faults.inject(Fault::new("*", path, kind));
        sleep(STORM).await;
        faults.clear();
        // The tenant's rate limits are not under test.
        world.tenant.clear_limits();
        sleep(LULL).await;
        world.calm.store(true, Ordering::SeqCst);
    }
}
