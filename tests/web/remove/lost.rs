//! Removals whose answer is lost or odd: what the page then says is true.

use std::time::Duration;

use emulated_tenant::FaultKind;

use super::{APP, APP_PHONE, REMOVE_APP, address, asked, has};
use crate::support::{LIST, World};

const PHONE: &str = "Remove text message or phone call, number ending 0167";

#[tokio::test]
async fn a_twin_that_is_gone_by_then_counts_as_removed() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, PHONE).await;
    browser.press("Remove the number", &[]).await;
    let calls = world.tenant.journal().requests();
    let removals: Vec<_> =
        calls.iter().filter(|it| it.method == "DELETE").map(|it| it.status.unwrap()).collect();
    assert_eq!(removals, [204, 404], "the tenant takes the twin along");
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("removed"));
}

#[tokio::test]
async fn a_first_one_that_is_gone_already_counts_as_removed_too() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::json(404, r#"{"message":"Authenticator not found"}"#));
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
}

#[tokio::test]
async fn a_removal_whose_answer_is_lost_is_shown_as_done_when_the_list_says_so() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::DropAfter);
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().contains("Authenticator app removed"));
    assert_eq!(world.calls("DELETE", &address(APP)), 1, "never sent again");
}

#[tokio::test]
async fn a_removal_that_never_arrived_says_that_nothing_was_changed() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, "Remove authenticator app").await;
    world.upset("DELETE", LIST, FaultKind::Drop);
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!(browser.page.status, 502);
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
    assert!(!browser.page.text().contains("do not know"));
    assert_eq!(world.calls("DELETE", &address(APP)), 1, "never sent again");
    assert!(has(&world, APP_PHONE, APP));
}

#[tokio::test]
async fn when_the_list_is_away_too_the_page_says_that_it_is_not_known() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, "Remove authenticator app").await;
    let form = browser.page.form(REMOVE_APP);
    // The list is read before the removal, so it may only go away between the two.
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
async fn trouble_of_the_tenants_own_is_told_with_what_the_list_shows() {
    for (status, shown) in [(500, 502), (502, 502), (503, 502)] {
        let world = World::new().await;
        let mut browser = asked(&world, APP_PHONE, "Remove authenticator app").await;
        world.upset("DELETE", LIST, FaultKind::html(status, "<html>Bad Gateway</html>"));
        browser.press(REMOVE_APP, &[]).await;
        assert_eq!((status, browser.page.status.as_u16()), (status, shown));
        assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
        assert!(!browser.page.html.contains("Bad Gateway"));
    }
}

#[tokio::test]
async fn half_a_pair_that_could_not_be_removed_is_told_as_the_list_has_it() {
    let world = World::new().await;
    let mut browser = asked(&world, APP_PHONE, PHONE).await;
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
