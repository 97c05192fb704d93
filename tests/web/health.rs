//! `mfa-portal health`, which a container's health check runs.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::process::{Process, bare, finished, free_address, tenant};

/// Runs the command with ADMIN_LISTEN as its only setting.
async fn health(admin_listen: &str) -> (i32, String) {
    let directory = tempfile::tempdir().unwrap();
    let mut command = bare("health", directory.path());
    command.env("ADMIN_LISTEN", admin_listen);
    finished(command).await
}

#[tokio::test]
async fn a_running_portal_is_healthy_even_without_its_tenant() {
    let tenant = tenant().await;
    tenant.stop().await;
    let process = Process::start(&tenant, &[]);
    let address = format!("127.0.0.1:{}", process.admin.port().unwrap());
    assert_eq!(health(&address).await, (0, String::new()));
}

#[tokio::test]
async fn a_wildcard_listen_address_is_probed_on_loopback() {
    let tenant = tenant().await;
    let everywhere = format!("0.0.0.0:{}", free_address().port().unwrap());
    let _process = Process::start(&tenant, &[("ADMIN_LISTEN", &everywhere)]);
    assert_eq!(health(&everywhere).await, (0, String::new()));
}

#[tokio::test]
async fn a_missing_portal_fails_and_the_address_is_named() {
    let nobody = format!("127.0.0.1:{}", free_address().port().unwrap());
    let (code, said) = health(&nobody).await;
    assert_eq!(code, 1);
    assert!(said.starts_with(&format!("mfa-portal: no portal answers at {nobody}")), "{said}");
}

#[tokio::test]
async fn a_hanging_portal_times_out_within_three_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let began = Instant::now();
    let (code, said) = health(&silent.local_addr().unwrap().to_string()).await;
    assert_eq!(code, 1, "{said}");
    // The command's limit is 3 s; the rest allows a loaded machine to start the process.
    assert!(began.elapsed() < Duration::from_secs(3 + 5), "{:?}", began.elapsed());
}
