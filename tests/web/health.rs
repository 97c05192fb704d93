//! `mfa-portal health`: what a container's health check runs.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::process::{Process, bare, finished, free_address, tenant};

/// Asks with this address and no other setting at all.
async fn health(admin_listen: &str) -> (i32, String) {
    let directory = tempfile::tempdir().unwrap();
    let mut command = bare("health", directory.path());
    command.env("ADMIN_LISTEN", admin_listen);
    finished(command).await
}

#[tokio::test]
async fn a_portal_that_lives_is_healthy_also_where_its_tenant_is_away() {
    let tenant = tenant().await;
    tenant.stop().await;
    let process = Process::start(&tenant, &[]);
    let address = format!("127.0.0.1:{}", process.admin.port().unwrap());
    assert_eq!(health(&address).await, (0, String::new()));
}

#[tokio::test]
async fn an_address_that_stands_for_all_of_them_is_asked_on_loopback() {
    let tenant = tenant().await;
    let everywhere = format!("0.0.0.0:{}", free_address().port().unwrap());
    let _process = Process::start(&tenant, &[("ADMIN_LISTEN", &everywhere)]);
    assert_eq!(health(&everywhere).await, (0, String::new()));
}

#[tokio::test]
async fn where_nothing_lives_it_fails_and_says_where_it_looked() {
    let nobody = format!("127.0.0.1:{}", free_address().port().unwrap());
    let (code, said) = health(&nobody).await;
    assert_eq!(code, 1);
    assert!(said.starts_with(&format!("mfa-portal: no portal answers at {nobody}")), "{said}");
}

#[tokio::test]
async fn a_portal_that_hangs_is_given_up_within_three_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let began = Instant::now();
    let (code, said) = health(&silent.local_addr().unwrap().to_string()).await;
    assert_eq!(code, 1, "{said}");
    // The promise is 3 s; the rest is what a loaded machine takes to start a process.
    assert!(began.elapsed() < Duration::from_secs(3 + 5), "{:?}", began.elapsed());
}
