//! Phone numbers as people type them: accepted spellings and errors.

use emulated_tenant::FaultKind;

use super::{APP_PHONE, mistake};
use crate::support::{ASSOCIATE, World};

// I-03
#[tokio::test]
async fn every_spelling_of_an_international_number_means_the_same() {
    let ways = [
        ("+447700900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        (" +44-7700-900123 ", "+447700900123"),
        ("+1 (202) 555-0143", "+12025550143"),
        ("+1.202.555.0143", "+12025550143"),
        ("+49 1512 3456789", "+4915123456789"),
    ];
    for (typed, meant) in ways {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", typed)]).await;
        let message = world.devices(APP_PHONE).messages().pop();
        let to = message.map(|message| message.to);
        assert_eq!((typed, to.as_deref()), (typed, Some(meant)), "{}", browser.page.alert());
    }
}

#[tokio::test]
async fn numbers_that_earn_somebody_money_or_belong_to_no_country_are_refused() {
    let costly = [
        "+44 909 879 0123",
        "+49 900 1234567 89",
        "+44 70 1234 5678",
        "+49 900 1234567",
        "+49 180 5123456",
        "+49 700 12345678",
        "+1 900 555 0123",
        "+1 500 234 5678",
        "+33 899 123456",
        "+39 899 123 456",
        "+61 1900 654 321",
        "+34 803 123456",
        "+81 990 123456",
        "+800 1234 5678",
        "+808 1234 5678",
        "+870 773 123456",
        "+881 6 1234 5678",
        "+882 34 5678901",
        "+883 510 001 234",
        "+888 123 456 78901",
        "+979 1 2345 6789",
    ];
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    for factor in ["sms", "voice"] {
        let button = if factor == "sms" { "Send the code" } else { "Call me now" };
        browser.open(&format!("/factors/{factor}")).await;
        for typed in costly {
            browser.press(button, &[("Phone number", typed)]).await;
            let why = mistake(&browser.page, "phone_number");
            assert!(why.contains("Codes cannot be sent to this kind of number."), "{typed}: {why}");
        }
    }
    assert_eq!(world.calls("POST", ASSOCIATE), 0);
    for ordinary in ["+44 7700 900123", "+44 7400 123456", "+1 202 555 0143", "+49 1512 3456789"] {
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", ordinary)]).await;
        if browser.page.count("[name=anyway]") > 0 {
            browser.press("Send the code", &[]).await;
        }
        assert!(browser.page.path().starts_with("/factors/sms/"), "{ordinary}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn an_invalid_number_is_refused_without_a_tenant_call_and_kept() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.tenant.journal().clear();
    for factor in ["sms", "voice"] {
        browser.open(&format!("/factors/{factor}")).await;
        let button = if factor == "sms" { "Send the code" } else { "Call me now" };
        for typed in [
            "",
            "   ",
            "hello",
            "+",
            "+1",
            "+44 20",
            "+999 20 7946 0123",
            "+1 202 555",
            "+44 20 7946 0123 4567 8901",
            "+1 202 555 0143 ext. 7",
            "+1 202 555 0143;ext=7",
            "\"><script>alert(1)</script>",
            "name@example.com",
        ] {
            browser.press(button, &[("Phone number", typed)]).await;
            let why = mistake(&browser.page, "phone_number");
            assert!(!why.is_empty());
            assert_eq!(
                browser.page.attr("#phone_number", "value").as_deref(),
                Some(typed),
                "what was typed is kept"
            );
        }
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(world.devices(APP_PHONE).messages(), []);
}

// I-03
#[tokio::test]
async fn each_kind_of_invalid_number_is_named() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    for (typed, says) in [
        ("", "Type a phone number"),
        ("+1 202 555", "too short"),
        ("+44 20 7946 0123 4567 89", "too long"),
        ("+999 20 7946 0123", "country"),
        ("+1 202 555 0143 ext. 7", "Extensions cannot be dialled"),
        ("+1 202 555 0143;ext=7", "Extensions cannot be dialled"),
        ("+1 202 555 0143 x7", "Extensions cannot be dialled"),
        ("+1 202 555 0143 #7", "Extensions cannot be dialled"),
    ] {
        browser.press("Send the code", &[("Phone number", typed)]).await;
        let why = mistake(&browser.page, "phone_number");
        assert!(why.contains(says), "{typed}: {why}");
    }
}

#[tokio::test]
async fn a_number_refused_by_the_tenant_is_a_field_error() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let refusal = r#"{"error":"invalid_request","error_description":"The phone number is invalid."}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(400, refusal));
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert!(mistake(&browser.page, "phone_number").contains("cannot reach this number"));
    assert_eq!(browser.page.attr("#phone_number", "value").as_deref(), Some("+44 7700 900123"));
    browser.press("Send the code", &[]).await;
    assert!(browser.page.path().starts_with("/factors/sms/"), "and can be tried again");
}
