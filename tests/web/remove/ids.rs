//! Ids that are not on the person's list cause no call to the tenant.

use super::{APP, APP_PHONE, EIGHT, PUSH, REMOVE_APP, address, confirmation_page, form_for, has};
use crate::support::World;

/// Values that an attacker may send as an id.
const PAYLOADS: [&str; 16] = [
    "..%2f..%2fapi%2fv2",
    "../../api/v2/users",
    "totp|dev_AppPhoneTotp0001/../../../api/v2",
    "totp|dev_AppPhoneTotp0001?x=1",
    "totp|dev_AppPhoneTotp0001#",
    "totp%7Cdev_AppPhoneTotp0001",
    "totp|dev_AppPhoneTotp0001\r\nX-Header: 1",
    "totp|dev_AppPhoneTotp0001\0",
    "TOTP|dev_AppPhoneTotp0001",
    " totp|dev_AppPhoneTotp0001",
    "totp|",
    "|dev_AppPhoneTotp0001",
    "*",
    "",
    "' OR 1=1 --",
    "\u{202e}1000ptoT",
];

#[tokio::test]
async fn an_id_not_on_the_list_gets_a_404() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.tenant.journal().clear();
    for id in PAYLOADS.into_iter().chain([&"x".repeat(5000)[..]]) {
        let mut url = world.portal.join("authenticators/remove").unwrap();
        url.query_pairs_mut().append_pair("id", id);
        browser.go(url).await;
        assert_eq!((id, browser.page.status.as_u16()), (id, 404));
        assert_eq!(browser.page.heading(), "Page not found");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_form_with_an_id_not_on_the_list_removes_nothing() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let before = world.tenant.authenticators(APP_PHONE);
    for id in PAYLOADS.into_iter().chain([&"x".repeat(5000)[..]]) {
        let form = form_for(&browser, REMOVE_APP, id);
        browser.send(&form).await;
        assert_eq!((id, browser.page.path()), (id, "/"));
        assert!(browser.page.notice().contains("not on your list any more"));
        browser.follow("Remove authenticator app").await;
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(world.tenant.authenticators(APP_PHONE), before);
}

// I-01
#[tokio::test]
async fn another_persons_id_is_answered_like_a_removed_one() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, PUSH, "Remove push notifications").await;
    let form = form_for(&browser, "Remove push notifications", APP);
    browser.send(&form).await;
    assert!(browser.page.notice().contains("not on your list any more"));
    browser.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001").await;
    assert_eq!(browser.page.status, 404);
    assert_eq!(world.changes(), Vec::<String>::new());
    assert!(has(&world, APP_PHONE, APP));
}

#[tokio::test]
async fn an_unfinished_authenticator_is_not_removed_by_its_id() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, EIGHT, "Remove authenticator app").await;
    let form = form_for(&browser, REMOVE_APP, "totp|dev_EightTotpTotp002");
    browser.send(&form).await;
    assert_eq!(world.changes(), Vec::<String>::new());
    assert!(has(&world, EIGHT, "totp|dev_EightTotpTotp002"));
}

#[tokio::test]
async fn a_malformed_id_is_never_sent_even_if_the_tenant_lists_it() {
    let ids = [
        "totp|dev_x/../../api",
        "no-bar",
        "totp|DEV_x",
        "totp|dev_",
        "totp|dev_x y",
        "totp|dev_x%2f",
        "|dev_x",
    ];
    for id in ids {
        let world = World::new().await;
        let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        let form = form_for(&browser, REMOVE_APP, id);
        let listed = serde_json::json!([{"id": id, "authenticator_type": "otp", "active": true}]);
        world.lists(&listed);
        browser.send(&form).await;
        assert_eq!((id, browser.page.status.as_u16()), (id, 409));
        assert_eq!(world.changes(), Vec::<String>::new(), "{id}");
    }
}

#[tokio::test]
async fn the_id_is_sent_as_one_encoded_path_segment() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    browser.press(REMOVE_APP, &[]).await;
    assert_eq!(world.calls("DELETE", &address(APP)), 1);
    assert_eq!(address(APP), "/mfa/authenticators/totp%7Cdev_AppPhoneTotp0001");
}

#[tokio::test]
async fn a_recovery_code_and_the_profile_address_cannot_be_removed() {
    let world = World::new().await;
    let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
    let page = browser.page.form(REMOVE_APP);
    let fixed: Vec<String> = world
        .tenant
        .authenticators(APP_PHONE)
        .into_iter()
        .filter(|it| it.from_profile || it.id.starts_with("recovery-code"))
        .map(|it| it.id)
        .collect();
    assert_eq!(fixed.len(), 2);
    for id in fixed {
        let mut form = page.clone();
        form.set("id", &id);
        browser.send(&form).await;
        assert_eq!(
            (browser.page.status.as_u16(), browser.page.heading().as_str()),
            (409, "This one cannot be removed")
        );
        assert!(browser.page.text().contains("Nothing was changed"));
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_or_repeated_id_is_a_client_error() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.tenant.journal().clear();
    for address in
        ["/authenticators/remove", "/authenticators/remove?id=a&id=b", "/authenticators/remove?id=%FF"]
    {
        browser.open(address).await;
        assert!(browser.page.status.is_client_error(), "{address}: {}", browser.page.status);
        assert!(!browser.page.heading().is_empty(), "{address} has a page");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}
