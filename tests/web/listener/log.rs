//! A log that nobody reads: no request waits for it, and lost lines are counted.

use std::time::{Duration, Instant};

use crate::support::process::{Process, tenant};
use crate::support::raw::{ASK, Raw};

/// Sends requests on one connection, the quickest way.
async fn ask_often(process: &Process, times: usize) {
    let mut raw = Raw::open(&process.portal).await;
    for _ in 0..times {
        assert_eq!(raw.ask(ASK).await.unwrap().status, 200);
    }
}

// P-16
#[tokio::test(flavor = "multi_thread")]
async fn an_unread_log_delays_no_request() {
    let tenant = tenant().await;
    let mut process = Process::start(&tenant, &[]);
    {
        let _unread = process.unread();
        // A pipe holds 64 KB, which is some three hundred lines.
        ask_often(&process, 2_000).await;
        process.signal("TERM");
        let began = Instant::now();
        assert_eq!(process.end().code(), Some(0));
        assert!(began.elapsed() < Duration::from_secs(15), "the end waits for nobody to read");
    }
}

// P-16
#[tokio::test(flavor = "multi_thread")]
async fn lost_log_lines_are_counted_and_reported() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    {
        let _unread = process.unread();
        ask_often(&process, 12_000).await;
    }
    let told = process.says("log lines lost");
    let figures = reqwest::get(process.admin.join("metrics").unwrap()).await.unwrap().text().await.unwrap();
    let lost = figures.lines().find_map(|line| line.strip_prefix("mfa_portal_log_lines_lost_total "));
    let lost: u64 = lost.unwrap().parse().unwrap();
    assert!(lost > 100 && told.contains(&format!("lines={lost}")), "{lost}: {told}");
    let written = process.output().matches("answered").count() as u64;
    assert!(written + lost >= 12_000, "{written} written and {lost} lost");
    process.browser(&tenant).open("/signed-out").await;
    process.says("answered");
}
