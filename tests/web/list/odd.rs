//! Lists that deviate from Auth0's documentation.

use serde_json::json;

use super::{removals, show_list};

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
