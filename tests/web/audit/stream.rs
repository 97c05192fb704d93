//! Where the stream goes, and what becomes of lines that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::Value;

use super::Stream;
use crate::support::process::{Process, SEALING_KEY, command, finished, in_memory, refused, tenant};

#[tokio::test]
async fn the_stream_goes_to_the_file_and_begins_and_ends_with_the_process() {
    let (stream, tenant) = (Stream::new(), tenant().await);
    let mut process = Process::start(&tenant, &[("AUDIT_LOG", &stream.setting())]);
    stream.first("started").await;
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    let names: Vec<_> = stream.lines().iter().map(|line| line["event"].to_string()).collect();
    assert_eq!(names, ["\"started\"", "\"stopped\""]);
    assert_eq!(fs::metadata(stream.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!process.output().contains("\"event\""), "{}", process.output());
}

#[tokio::test]
async fn the_stream_goes_beside_the_log_or_nowhere() {
    for (to, is_told) in [("stderr", true), ("stdout", true), ("off", false)] {
        let tenant = tenant().await;
        let process = Process::start(&tenant, &[("AUDIT_LOG", to)]);
        process.browser(&tenant).open("/signed-out").await;
        process.says("answered");
        if is_told {
            let told = process.output();
            let line = told.lines().find(|line| line.contains("\"started\"")).unwrap().to_owned();
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["target"], "audit", "{to}");
        } else {
            assert!(!process.output().contains("\"started\""), "{}", process.output());
        }
    }
}

#[test]
fn a_file_that_cannot_be_opened_ends_the_start() {
    let (code, said) = refused(&[("AUDIT_LOG", "/nowhere/audit.jsonl"), ("SESSION_STORE", "memory:")]);
    assert_eq!(code, 1);
    assert!(said.contains("AUDIT_LOG: the file cannot be opened"), "{said}");
}

#[tokio::test]
async fn hangup_reopens_the_file_and_changes_nothing_else() {
    let (stream, tenant) = (Stream::new(), tenant().await);
    let process = Process::start(&tenant, &[("AUDIT_LOG", &stream.setting())]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    stream.first("list").await;
    let rotated = stream.path().with_extension("1");
    fs::rename(stream.path(), &rotated).unwrap();
    process.signal("HUP");
    process.says("audit file opened anew");
    browser.open("/").await;
    assert_eq!(browser.page.heading(), "Two-step verification", "still signed in");
    stream.first("list").await;
    assert_eq!(stream.lines().len(), 1);
    assert!(fs::read_to_string(rotated).unwrap().contains("\"started\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_cannot_be_written_are_counted_and_told() {
    let tenant = tenant().await;
    // Writing to it fails as on a full disk (full(4)).
    let process = Process::start(&tenant, &[("AUDIT_LOG", "/dev/full")]);
    let told = process.says("audit lines lost");
    assert!(told.contains("No space left on device") && told.contains("ERROR"), "{told}");
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    assert_eq!(browser.page.status, 200);
    process.says("audit lines lost");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let figures = reqwest::get(process.admin.join("metrics").unwrap()).await.unwrap().text().await.unwrap();
    let lost = figures.lines().find_map(|line| line.strip_prefix("mfa_portal_audit_lines_lost_total "));
    assert!(lost.unwrap().parse::<u64>().unwrap() >= 3, "{figures}");
}

#[tokio::test]
async fn audit_id_prints_the_reference_under_each_key() {
    let (stream, tenant) = (Stream::new(), tenant().await);
    let process = Process::start(&tenant, &[("AUDIT_LOG", &stream.setting())]);
    let mut browser = process.browser(&tenant);
    browser.open("/").await;
    browser.pass_sign_in("nothing@example.com").await;
    let line = stream.first("sign_in").await;
    let directory = in_memory();
    let mut ask = command("audit-id", &tenant, directory.path());
    ask.arg("auth0|nothing").env("APP_BASE_URL", process.portal.as_str());
    let (code, said) = finished(ask).await;
    let expected = format!("{} {}\n", line["key"].as_str().unwrap(), line["person"].as_str().unwrap());
    assert_eq!((code, said.as_str()), (0, expected.as_str()));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "it opens no store");
    let mut ask = command("audit-id", &tenant, directory.path());
    ask.arg("auth0|nothing").env("APP_BASE_URL", process.portal.as_str());
    ask.env("AUTH0_SECRET", format!("{},{SEALING_KEY}", SEALING_KEY.replace('9', "8")));
    let (_, said) = finished(ask).await;
    assert!(said.ends_with(&expected) && said.lines().count() == 2, "the newest first: {said}");
}
