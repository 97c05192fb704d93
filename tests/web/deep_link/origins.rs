//! RETURN_ORIGINS: the list of origins, the headers and the log.

use super::{PORTAL, world};
use crate::support::World;
use crate::support::process::{Process, tenant};

#[tokio::test]
async fn form_action_allows_the_return_origins_and_no_others() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    let tenant = world.tenant.url().origin().ascii_serialization();
    let policy = browser.page.header("content-security-policy");
    let directive = policy.split("; ").find(|it| it.starts_with("form-action")).unwrap();
    assert_eq!(directive, format!("form-action 'self' {tenant} {PORTAL}"));
}

#[tokio::test]
async fn several_return_origins_are_all_accepted() {
    let world = World::with(&[(
        "return-origins",
        "https://one.example, http://127.0.0.1:4000,https://two.example:8443",
    )])
    .await;
    let mut browser = world.browser();
    for address in ["https://one.example/x", "http://127.0.0.1:4000/y?z", "https://two.example:8443"] {
        browser.open(&super::link("/signed-out", address, None)).await;
        let href = browser.page.attr(".bar > .top > .back", "href");
        assert_eq!(href.as_deref(), Some(address));
    }
}

#[tokio::test]
async fn the_log_names_only_the_origin_of_a_dropped_return_address() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("RETURN_ORIGINS", PORTAL)]);
    let mut browser = process.browser(&tenant);
    browser.open(&super::link("/signed-out", "https://other.example:444/canary?canary#canary", None)).await;
    let line = process.says("return_to dropped");
    assert!(
        line.contains("WARN") && line.contains("https://other.example:444 is not in RETURN_ORIGINS"),
        "{line}"
    );
    // One line a second at most.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    browser.open(&super::link("/signed-out", "https://user:canary@portal.example.com/", None)).await;
    process.says("not a plain http address");
    browser.open(&super::link("/signed-out", PORTAL, Some("add:everything"))).await;
    process.says("deep link's action unknown or not offered action=\"add:everything\"");
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    for action in ["canary@example.com", "add:sms:%2B44canary", "Canary", &"canary".repeat(9)] {
        browser.open(&super::link("/signed-out", PORTAL, Some(action))).await;
    }
    process.says("deep link's action unknown or not offered action=\"(unreadable)\"");
    assert!(!process.output().to_lowercase().contains("canary"));
}
