//! Oversized answers of the tenant do not fill the portal's memory, measured in a real process.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind, Tenant};
use tokio::task::JoinSet;

use super::trouble::LARGE;
use crate::support::process::{Process, tenant};
use crate::support::{Browser, LIST};

const AT_ONCE: usize = 50;
/// Bytes that the process may grow by: 0.8 MB for each answer of 50 MB.
const GROWTH: usize = 40 * 1024 * 1024;

async fn open_list_in_tabs(browser: &Browser, tabs: usize, status: u16) {
    let mut looking = JoinSet::new();
    for _ in 0..tabs {
        let mut tab = browser.tab();
        looking.spawn(async move { tab.open("/").await.status.as_u16() });
    }
    assert_eq!(looking.join_all().await, vec![status; tabs]);
}

fn inject_always(tenant: &Tenant, kind: FaultKind) {
    tenant.faults().clear();
    tenant.faults().inject(Fault::new("GET", LIST, kind));
}

// F-01, P-09
#[tokio::test]
async fn fifty_oversized_answers_at_once_leave_memory_flat() {
    let tenant = tenant().await;
    // One person asks for more than a minute's lists.
    let process = Process::start(&tenant, &[("LIMITS", "off")]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    open_list_in_tabs(&browser, AT_ONCE, 200).await;
    let before = process.most_memory();
    for (kind, status) in [
        (FaultKind::BigBody(LARGE), 502),
        (FaultKind::GzipBomb(LARGE), 502),
        (FaultKind::SlowDrip(Duration::from_secs(5)), 504),
    ] {
        inject_always(&tenant, kind);
        open_list_in_tabs(&browser, AT_ONCE, status).await;
    }
    let growth = process.most_memory() - before;
    let poured = tenant.faults().big_body_bytes_sent() / AT_ONCE;
    println!(
        "{} kB more at most, from {} kB; {} kB taken of each",
        growth / 1024,
        before / 1024,
        poured / 1024
    );
    assert!(growth < GROWTH, "{growth} bytes");
    assert!(poured < LARGE / 3, "{poured} bytes of each were taken");
    tenant.faults().clear();
    open_list_in_tabs(&browser, AT_ONCE, 200).await;
}
