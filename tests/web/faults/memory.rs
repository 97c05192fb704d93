//! What the tenant sends too much of never fills the portal's memory. Measured in the real process.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind, Tenant};
use tokio::task::JoinSet;

use super::trouble::LARGE;
use crate::support::process::{Process, tenant};
use crate::support::{Browser, LIST};

/// As many answers at once.
const AT_ONCE: usize = 50;
/// What the process may grow by: 1.3 MB for each, of the 50 MB that each is worth.
const GROWTH: usize = 64 * 1024 * 1024;

/// Looks at the list in many tabs at once.
async fn look(browser: &Browser, tabs: usize, status: u16) {
    let mut looking = JoinSet::new();
    for _ in 0..tabs {
        let mut tab = browser.tab();
        looking.spawn(async move { tab.open("/").await.status.as_u16() });
    }
    assert_eq!(looking.join_all().await, vec![status; tabs]);
}

fn always(tenant: &Tenant, kind: FaultKind) {
    tenant.faults().clear();
    tenant.faults().inject(Fault::new("GET", LIST, kind));
}

#[tokio::test]
async fn fifty_answers_of_fifty_megabytes_at_once_plain_packed_or_dripping_leave_the_memory_flat() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    look(&browser, AT_ONCE, 200).await;
    let before = process.most_memory();
    for (kind, status) in [
        (FaultKind::BigBody(LARGE), 502),
        (FaultKind::GzipBomb(LARGE), 502),
        (FaultKind::SlowDrip(Duration::from_secs(5)), 504),
    ] {
        always(&tenant, kind);
        look(&browser, AT_ONCE, status).await;
    }
    let growth = process.most_memory() - before;
    let poured = tenant.faults().poured() / AT_ONCE;
    println!(
        "{} kB more at most, from {} kB; {} kB taken of each",
        growth / 1024,
        before / 1024,
        poured / 1024
    );
    assert!(growth < GROWTH, "{growth} bytes");
    assert!(poured < LARGE / 3, "{poured} bytes of each were taken");
    tenant.faults().clear();
    look(&browser, AT_ONCE, 200).await;
}
