//! The country of a phone number: chosen, preselected, or typed with the number.

use serde_json::Value;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

async fn open_sms_page(world: &World) -> Browser {
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser
}

/// The number that the tenant was asked to text, or the page's error.
async fn number_sent_or_error(world: &World, browser: &mut Browser, country: &str, number: &str) -> String {
    let mut form = browser.page.form("Send the code");
    form.set("country", country);
    form.set("phone_number", number);
    world.tenant.journal().clear();
    browser.send(&form).await;
    match world.tenant.journal().last("POST", "/mfa/associate") {
        Some(asked) => {
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            browser.press("Cancel this set-up", &[]).await;
            browser.open("/factors/sms").await;
            body["phone_number"].as_str().unwrap().to_owned()
        }
        None => browser.page.alert(),
    }
}

#[tokio::test]
async fn national_and_international_numbers_are_understood() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = open_sms_page(&world).await;
    for (country, typed, expected) in [
        ("GB", "07700 900123", "+447700900123"),
        ("GB", "(07700) 900-123", "+447700900123"),
        ("DE", "0170 1234567", "+491701234567"),
        ("", "0049 170 1234567", "+491701234567"),
        ("GB", "+49 170 1234567", "+491701234567"),
        ("US", "(555) 123-4567", "+15551234567"),
        ("", "+1 555 123 4567", "+15551234567"),
    ] {
        world.tenant.clear_limits();
        assert_eq!(
            number_sent_or_error(&world, &mut browser, country, typed).await,
            expected,
            "{country} {typed}"
        );
    }
}

#[tokio::test]
async fn each_invalid_number_has_its_own_message_and_is_kept() {
    let world = World::new().await;
    let mut browser = open_sms_page(&world).await;
    for (country, typed, expected) in [
        ("", "", "Type a phone number"),
        ("GB", "07700", "too short"),
        ("GB", "07700 900123 456 789", "too long"),
        ("JP", "8181908181901818", "too long"),
        ("", "07700 900123", "Choose the country"),
        ("", "+999 123 4567", "No country has this code"),
        ("GB", "call me", "not a phone number"),
        ("AU", "(00) 134567", "cannot be called"),
    ] {
        let said = number_sent_or_error(&world, &mut browser, country, typed).await;
        assert!(said.contains(expected), "{country} {typed:?}: {said}");
        assert_eq!(browser.page.attr("#phone_number", "value").as_deref(), Some(typed));
        let chosen = browser.page.attr("option[selected]", "value").unwrap_or_default();
        assert_eq!(chosen, country);
    }
}

// I-03
#[tokio::test]
async fn an_excluded_country_is_neither_offered_nor_accepted() {
    let world = World::with(&[("phone-countries", "gb, DE")]).await;
    let mut browser = open_sms_page(&world).await;
    assert!(browser.page.html.contains("Germany (+49)") && !browser.page.html.contains("France"));
    let said = number_sent_or_error(&world, &mut browser, "", "+33 6 12 34 56 78").await;
    assert!(said.contains("cannot be used here"), "{said}");
}

#[tokio::test]
async fn the_default_country_is_preselected() {
    let world = World::with(&[("default-country", "AT")]).await;
    let browser = open_sms_page(&world).await;
    assert_eq!(browser.page.attr("option[selected]", "value").as_deref(), Some("AT"));
}

#[tokio::test]
async fn text_or_call_is_chosen_on_the_same_page() {
    let world = World::new().await;
    let mut browser = open_sms_page(&world).await;
    browser.press("Call me instead", &[("Phone number", "+44 7700 900123")]).await;
    assert_eq!(browser.page.heading(), "Answer the call");
}
