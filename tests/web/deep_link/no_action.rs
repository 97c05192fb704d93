//! Deep links without an action, with an unknown one, or without a return address.

use time::Duration;

use super::{ACCOUNT, ALEX, BACK, PORTAL, back_link, link, scan_and_confirm, world};
use crate::support::World;

#[tokio::test]
async fn without_an_action_the_person_stays() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/", ACCOUNT, None)).await;
    browser.pass_sign_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert!(browser.page.notice().contains("Authenticator app removed"));
    assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT);
}

#[tokio::test]
async fn an_unknown_or_disabled_action_shows_the_list() {
    let world = World::with(&[("return-origins", PORTAL), ("factors", "totp,sms")]).await;
    let mut browser = world.signed_in(ALEX).await;
    for action in [
        "",
        "add",
        "add:",
        "add:push",
        "add:recovery-code",
        "add:webauthn",
        "list:totp",
        "drop:totp",
        "ADD:totp",
    ] {
        browser.open(&link("/", ACCOUNT, Some(action))).await;
        assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200), "{action}");
        assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT, "{action}");
    }
}

#[tokio::test]
async fn an_action_without_a_return_address_ends_on_the_list() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open("/?action=add:totp").await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    world.pass(Duration::seconds(31));
    scan_and_confirm(&world, &mut browser, ALEX).await;
    assert!(browser.page.notice().contains("Authenticator app added"), "{}", browser.page.html);
}

#[tokio::test]
async fn a_previous_outcome_in_the_return_address_is_replaced() {
    let world = world().await;
    let given = "https://portal.example.com/a%2Fb?x=%7e+1&status=added&%73tatus=added&f%61ctor=x&factor=sms&statuses=2&&y=%C3%A9";
    let mut browser = world.signed_in(ALEX).await;
    browser.open(&link("/", given, Some("add:totp"))).await;
    assert_eq!(browser.page.link(BACK).as_str(), given);
    browser.follow("Go back").await;
    let expected =
        "https://portal.example.com/a%2Fb?x=%7e+1&statuses=2&y=%C3%A9&status=cancelled&factor=totp";
    assert_eq!(browser.page.url.as_str(), expected);
}
