//! Removals whose answer is lost or odd: the page still tells the truth.

use std::time::Duration;

use emulated_tenant::FaultKind;

use super::{APP, APP_PHONE, REMOVE_APP, address, confirmation_page, has};
use crate::support::{LIST, World};

const PHONE: &str = "Remove phone ending 0167";

#[tokio::test]
async fn a_404_for_the_twin_counts_as_removed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, PHONE).await;
    browser.press("Remove the number", &[]).await;
    let calls = world.tenant.journal().requests();
    let removals: Vec<_> =
        calls.iter().filter(|it| it.method == "DELETE").map(|it| it.status.unwrap()).collect();
    assert_eq!(removals, [204, 404], "the tenant takes the twin along");
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("removed"));
}

// E-08
#[tokio::test]
async fn a_404_for_the_authenticator_itself_counts_as_removed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::json(404, r#"{"message":"Authenticator not found"}"#));
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
}

// E-08
#[tokio::test]
async fn a_lost_answer_counts_as_removed_when_the_list_agrees() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::DropAfter);
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("Authenticator app removed"));
    assert_eq!(world.calls("DELETE", &address(APP)), 1, "never sent again");
}

// E-08
#[tokio::test]
async fn a_removal_that_never_arrived_reports_nothing_changed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::Drop);
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!(browser.page.status, 502);
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
    assert!(!browser.page.text().contains("do not know"));
    assert_eq!(world.calls("DELETE", &address(APP)), 1, "never sent again");
    assert!(has(&world, APP_PHONE, APP));
}

// E-08
#[tokio::test]
async fn a_lost_answer_without_a_list_is_reported_as_unknown() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let form = browser.page.form(REMOVE_APP);
    // The list is read before the removal and must succeed then; it fails only afterwards.
    world.upset("DELETE", LIST, FaultKind::DropAfter);
    world.upset("GET", LIST, FaultKind::Delay(Duration::from_millis(1)));
    world.upset_always("GET", LIST, FaultKind::Drop);
    browser.send(&form).await;
    assert_eq!(browser.page.status, 502);
    assert!(
        browser.page.text().contains("We do not know whether the change was made"),
        "{}",
        browser.page.text()
    );
    world.tenant.faults().clear();
    browser.open("/").await;
    assert!(!browser.page.controls().contains(&"Remove authenticator app".to_owned()), "the list tells");
}

#[tokio::test]
async fn a_tenant_5xx_is_reported_with_what_the_list_shows() {
    for (status, shown) in [(500, 502), (502, 502), (503, 502)] {
        let world = World::new().await;
        let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::html(status, "<html>Bad Gateway</html>"));
        browser.press(REMOVE_APP, &[]).await;
        assert_eq!((status, browser.page.status.as_u16()), (status, shown));
        assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
        assert!(!browser.page.html.contains("Bad Gateway"));
    }
}

#[tokio::test]
async fn a_failed_second_removal_of_a_pair_follows_the_list() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, PHONE).await;
    world.upset("DELETE", LIST, FaultKind::Delay(Duration::from_millis(1)));
    world.upset("DELETE", LIST, FaultKind::Drop);
    browser.press("Remove the number", &[]).await;
    assert_eq!(
        (browser.page.path(), browser.page.status.as_u16()),
        ("/", 200),
        "the tenant took the twin along"
    );
    assert!(!browser.page.entries().iter().any(|it| it.contains("0167")));
}

// The first one's removal takes the twin along, whatever the tenant answers to the second.
#[tokio::test]
async fn a_refused_second_removal_of_a_pair_follows_the_list() {
    for status in [400, 401, 403, 429] {
        let world = World::new().await;
        let mut other = world.signed_in(APP_PHONE).await;
        world.pass(time::Duration::seconds(31));
        let mut browser = confirmation_page(&world, APP_PHONE, PHONE).await;
        world.upset("DELETE", LIST, FaultKind::Delay(Duration::from_millis(1)));
        world.upset("DELETE", LIST, FaultKind::json(status, r#"{"error":"refused","message":"refused"}"#));
        browser.press("Remove the number", &[]).await;
        assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200), "{status}");
        assert!(
            browser.page.notice().starts_with("Number ending 0167 removed"),
            "{status}: {}",
            browser.page.notice()
        );
        assert!(!browser.page.entries().iter().any(|it| it.contains("0167")), "{status}");
        world.tenant.sign_out_everywhere();
        other.open("/").await;
        assert_eq!(other.page.heading(), "Sign in", "{status}: the person's other visits end");
    }
}
