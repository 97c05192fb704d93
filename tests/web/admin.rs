//! `/healthz`, `/readyz` and `/metrics` on a listener of their own.

use std::fs;

use reqwest::{Method, StatusCode};

use crate::support::World;
use crate::support::process::{Process, tenant};

const NORA: &str = "nothing@example.com";

async fn get_admin(world: &World, path: &str) -> (StatusCode, String) {
    let answer = reqwest::get(world.admin.join(path).unwrap()).await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_running_portal_is_healthy_and_ready() {
    let world = World::new().await;
    assert_eq!(get_admin(&world, "healthz").await, (StatusCode::OK, "ok\n".to_owned()));
    assert_eq!(get_admin(&world, "readyz").await, (StatusCode::OK, "ready\n".to_owned()));
}

// F-03
#[tokio::test]
async fn the_portal_stays_ready_while_the_tenant_is_down() {
    let world = World::new().await;
    world.tenant.stop().await;
    assert_eq!(get_admin(&world, "healthz").await.0, StatusCode::OK);
    assert_eq!(get_admin(&world, "readyz").await.0, StatusCode::OK);
}

// V-32
#[tokio::test]
async fn readyz_fails_without_the_store_and_pages_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("sessions.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let mut browser = world.signed_in(NORA).await;
    let cookies = browser.cookies();
    for entry in fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        let length = fs::metadata(&path).unwrap().len();
        fs::write(&path, vec![b'x'; usize::try_from(length).unwrap()]).unwrap();
    }
    let (status, text) = get_admin(&world, "readyz").await;
    assert_eq!((status, text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "the session store is away\n"));
    assert_eq!(get_admin(&world, "healthz").await.0, StatusCode::OK);
    browser.set_cookies.clear();
    browser.open("/").await;
    assert_eq!(browser.page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.page.heading(), "We cannot look up your visit right now");
    assert!(browser.page.text().contains("You are not signed out"));
    assert!(browser.set_cookies.is_empty() && browser.cookies() == cookies, "{:?}", browser.set_cookies);
}

#[tokio::test]
async fn requests_cannot_add_metric_labels() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let client = reqwest::Client::new();
    for word in ["BREW", "PROPFIND", "X-ANYTHING"] {
        let url = process.portal.join(&format!("{word}/{word}?{word}")).unwrap();
        let method = Method::from_bytes(word.as_bytes()).unwrap();
        client.request(method, url).header("host", word).header("user-agent", word).send().await.unwrap();
    }
    let metrics = metrics(&process).await;
    for word in ["BREW", "PROPFIND", "ANYTHING"] {
        assert!(!metrics.contains(word), "{metrics}");
    }
}

#[tokio::test]
async fn the_admin_listener_answers_get_only() {
    let world = World::new().await;
    for path in ["healthz", "readyz", "metrics"] {
        let url = world.admin.join(path).unwrap();
        let answer = reqwest::Client::new().post(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(get_admin(&world, "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(get_admin(&world, "sign-in").await.0, StatusCode::NOT_FOUND);
}

async fn metrics(process: &Process) -> String {
    reqwest::get(process.admin.join("metrics").unwrap()).await.unwrap().text().await.unwrap()
}
