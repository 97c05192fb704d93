//! Nobody reads the log: nobody waits for that, and what is lost is told.

use std::time::{Duration, Instant};

use crate::support::process::{Process, tenant};
use crate::support::raw::{ASK, Raw};

/// Requests so many times on one connection, which is as quick as it gets.
async fn ask_often(process: &Process, times: usize) {
    let mut raw = Raw::open(&process.portal).await;
    for _ in 0..times {
        assert_eq!(raw.ask(ASK).await.unwrap().status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_stalls_nobody() {
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

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_are_lost_are_counted_and_told() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    {
        let _unread = process.unread();
        ask_often(&process, 12_000).await;
    }
    let told = process.says("log lines lost");
    let figures = reqwest::get(process.admin.join("metrics").unwrap()).await.unwrap().text().await.unwrap();
    let lost = figures.lines().find_map(|line| line.strip_prefix("log_lines_lost_total "));
    let lost: u64 = lost.unwrap().parse().unwrap();
    assert!(lost > 100 && told.contains(&format!("lines={lost}")), "{lost}: {told}");
    let written = process.output().matches("answered").count() as u64;
    assert!(written + lost >= 12_000, "{written} written and {lost} lost");
    process.browser(&tenant).open("/signed-out").await;
    process.says("answered");
}
