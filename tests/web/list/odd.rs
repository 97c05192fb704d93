//! Lists that deviate from Auth0's documentation.

use emulated_tenant::FaultKind;
use serde_json::json;

use super::{removals, show_list};
use crate::support::{LIST, World};

#[tokio::test]
async fn an_unreadable_element_does_not_hide_the_others() {
    let listed = json!([
        null,
        "totp|dev_a",
        7,
        [],
        {},
        {"authenticator_type": "otp", "active": true},
        {"id": 5, "authenticator_type": "otp", "active": true},
        {"id": "totp|dev_good", "authenticator_type": "otp", "active": true},
    ]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(removals(&browser), ["Remove authenticator app"]);
    assert_eq!(browser.page.entries().len(), 1);
}

#[tokio::test]
async fn a_field_of_the_wrong_type_does_not_hide_its_authenticator() {
    let listed = json!([
        {"id": "totp|dev_a", "authenticator_type": 9, "active": true, "name": {"first": "x"}},
        {"id": "sms|dev_b", "authenticator_type": null, "active": true, "oob_channel": 3, "name": 4321},
        {"id": "email|dev_c", "active": true, "oob_channels": [], "type": [], "name": null},
    ]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(removals(&browser), ["Remove authenticator app", "Remove phone", "Remove e-mail address"]);
}

#[tokio::test]
async fn an_authenticator_without_an_active_field_is_not_listed() {
    let listed = json!([{"id": "totp|dev_a", "authenticator_type": "otp"}]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(browser.page.entries(), Vec::<String>::new());
    assert!(browser.page.text().contains("One set-up was never finished"));
}

/// It may be an authenticator that protects, so the password alone changes nothing.
// U-01
#[tokio::test]
async fn what_cannot_be_read_asks_for_a_proof_by_a_factor() {
    let elements = [
        json!({"authenticator_type": "otp", "active": true}),
        json!({"id": null, "authenticator_type": "otp", "active": true}),
        json!({"id": 5, "authenticator_type": "otp", "active": true}),
        json!({"id": "totp|dev_a", "authenticator_type": "otp"}),
        json!({"id": "totp|dev_a", "authenticator_type": "otp", "active": null}),
        json!({"id": "email|dev_a", "oob_channels": ["email", "sms"], "active": true}),
        json!({"id": "security-key|dev_a", "oob_channel": "email", "active": true}),
        json!({"id": "email|dev_a", "authenticator_type": "totp-v2", "active": true}),
        json!(["totp|dev_a"]),
        json!("totp|dev_a"),
        json!(null),
    ];
    let email =
        json!({"id": "email|dev_b", "authenticator_type": "oob", "oob_channel": "email", "active": true});
    for element in elements {
        let world = World::new().await;
        let mut browser = world.signed_in("nothing@example.com").await;
        browser.open("/factors/sms").await;
        world.lists(&json!([email, element]));
        world.tenant.journal().clear();
        browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
        assert_eq!(
            browser.page.heading(),
            "Please confirm that it is you",
            "{element}: {}",
            browser.page.text()
        );
        browser.open("/authenticators/remove?id=email%7Cdev_b").await;
        let button = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove"));
        if let Some(button) = button {
            browser.press(&button, &[]).await;
        }
        assert_eq!(world.changes(), Vec::<String>::new(), "{element}");
    }
}

/// The request looks before its turn, so that it keeps nobody waiting, and decides on the list that it reads in its turn.
// U-01
#[tokio::test]
async fn what_becomes_unreadable_while_a_removal_waits_asks_for_a_proof_by_a_factor() {
    let email =
        json!({"id": "email|dev_b", "authenticator_type": "oob", "oob_channel": "email", "active": true});
    let app = json!({"id": "totp|dev_a", "authenticator_type": "otp", "active": null});
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    world.lists(&json!([email]));
    browser.open("/authenticators/remove?id=email%7Cdev_b").await;
    world.tenant.faults().clear();
    world.upset("GET", LIST, FaultKind::json(200, &json!([email]).to_string()));
    world.upset_always("GET", LIST, FaultKind::json(200, &json!([email, app]).to_string()));
    world.tenant.journal().clear();
    browser.press("Remove the address", &[]).await;
    assert_eq!(browser.page.heading(), "Please confirm that it is you", "{}", browser.page.text());
    assert_eq!(world.changes(), Vec::<String>::new());
}

/// JSON leaves open which one counts (RFC 8259 §4).
#[tokio::test]
async fn an_element_with_a_repeated_name_asks_for_a_proof_by_a_factor() {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    browser.open("/factors/sms").await;
    let listed = r#"[{"id": "totp|dev_a", "authenticator_type": "otp", "active": true, "active": false}]"#;
    world.upset_always("GET", LIST, FaultKind::json(200, listed));
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert_eq!(browser.page.heading(), "Please confirm that it is you", "{}", browser.page.text());
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let listed = json!([{"id": "totp|dev_a", "authenticator_type": "otp", "active": true, "created_at": "2026-01-01",
        "last_auth": null, "phone_number": "+1", "color": "red", "name": ""}]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(removals(&browser), ["Remove authenticator app"]);
}

#[tokio::test]
async fn the_recorded_list_of_an_interrupted_first_enrollment_is_read() {
    let listed = json!([
        {"id": "sms|dev_klnv5yshzzoosSUm", "authenticator_type": "oob", "active": false, "oob_channel": "sms",
            "name": "XXXXXXXXX9167"},
        {"id": "recovery-code|dev_i1kgKoFSZLbPt6G1", "authenticator_type": "recovery-code", "active": false},
        {"id": "push|dev_BBTKYpxKHOXVBnql", "authenticator_type": "oob", "active": false, "oob_channel": "auth0"},
        {"id": "totp|dev_WzMZ2sZbUw1wbC2F", "authenticator_type": "otp", "active": false},
        {"id": "totp|dev_wLdxko6pjg6ziKL9", "authenticator_type": "otp", "active": false},
        {"id": "email|dev_hdkmORJuqOmjRRQU", "authenticator_type": "oob", "active": true, "oob_channel": "email",
            "name": "****@exam*******"},
    ]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(browser.page.entries().len(), 1);
    assert!(browser.page.text().contains("3 set-ups were never finished"), "{}", browser.page.text());
}

// F-02
#[tokio::test]
async fn a_thousand_authenticators_are_listed_too() {
    let one = |n: i32| json!({"id": format!("totp|dev_{n}"), "authenticator_type": "otp", "active": true});
    let (_world, browser) = show_list(&(0..1000).map(one).collect()).await;
    assert_eq!(browser.page.entries().len(), 1000);
}

#[tokio::test]
async fn a_mask_of_other_characters_than_ascii_shows_its_last_digits() {
    let masks = ["…0123", "•••• 0123", "＋４４…0123", "٠١٢0123"];
    for mask in masks {
        let listed = json!([{"id": "sms|dev_a", "active": true, "oob_channel": "sms", "name": mask}]);
        let (_world, browser) = show_list(&listed).await;
        assert!(browser.page.text().contains("Phone ending 0123"), "{mask}: {}", browser.page.text());
    }
}
