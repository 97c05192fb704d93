//! The lead of the list, which claims only what list and ID token show, and offers by what they give.

use emulated_tenant::{Authenticator, Factor, Person, Tamper};
use serde_json::json;

use crate::support::{Browser, World};

fn lead(browser: &Browser) -> String {
    browser.page.text_of(".lead")
}

#[tokio::test]
async fn people_without_a_password_read_of_none() {
    let world = World::new().await;
    for (connection, has_password) in [
        ("auth0|", true),
        ("google-oauth2|", false),
        ("samlp|okta|", false),
        ("email|", false),
        ("sms|", false),
        ("waad|", false),
    ] {
        let email = format!("{}@example.com", connection.replace('|', "."));
        let mut person = Person::new("Sam Social", &email);
        (person.sub, person.email_verified) = (format!("{connection}1234"), false);
        world.tenant.add_person(person);
        let browser = world.signed_in(&email).await;
        let lead = lead(&browser);
        assert!(lead.contains("Two-step verification is off"), "{connection} {lead}");
        assert_eq!(
            browser.page.text().to_lowercase().contains("password"),
            has_password,
            "{connection} {lead}"
        );
    }
}

#[tokio::test]
async fn an_empty_list_behind_a_proved_second_step_is_not_called_off() {
    let world = World::new().await;
    for amr in [json!(["mfa"]), json!(["pwd", "mfa"])] {
        world.tenant.tamper_id_token(Tamper::edit(move |token| token.claims["amr"] = amr.clone()));
        let browser = world.signed_in("nothing@example.com").await;
        assert!(lead(&browser).contains("it is managed elsewhere"), "{}", lead(&browser));
        let text = browser.page.text();
        assert!(!text.contains("is off") && !text.contains("Protect your account"), "{text}");
    }
}

#[tokio::test]
async fn a_recovery_code_alone_is_no_protection() {
    let world = World::new().await;
    let paper = Authenticator::new(Factor::RecoveryCode, "dev_PaperPaper00001").active();
    let person = Person { email_verified: false, ..Person::new("Pat Paper", "paper@example.com") };
    world.tenant.add_person(person.with([paper]));
    let browser = world.signed_in("paper@example.com").await;
    assert!(
        browser.page.text().contains("a recovery code alone does not protect"),
        "{}",
        browser.page.text()
    );
}

#[tokio::test]
async fn an_address_as_the_first_way_is_called_a_spare_one() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = world.signed_in("nothing@example.com").await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", "nora.private@example.org")]).await;
    let code = world.devices("nothing@example.com").last_code(Factor::Email).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(browser.page.notice().contains("as a spare way"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_number_for_one_channel_only_says_which() {
    for (factors, offer) in [
        ("sms", "Add a phone number for text messages"),
        ("voice", "Add a phone number for calls"),
        ("sms,voice", "Add a phone number"),
    ] {
        let world = World::with(&[("factors", factors)]).await;
        let browser = world.signed_in("nothing@example.com").await;
        let offers: Vec<_> =
            browser.page.controls().into_iter().filter(|it| it.starts_with("Add ")).collect();
        assert!(matches!(&offers[..], [only] if only.starts_with(offer)), "{factors}: {offers:?}");
    }
}
