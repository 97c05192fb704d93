//! Adding a number for text messages, without mistakes.

use emulated_tenant::Factor;
use serde_json::{Value, json};

use super::{APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, count, mistake, sent_code, start_sms};
use crate::support::{ASSOCIATE, TOKEN, World};

#[tokio::test]
async fn adding_a_number_starts_and_ends_on_the_list() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    let offer = browser.page.controls().into_iter().find(|it| it.starts_with("Add a phone number")).unwrap();
    browser.follow(&offer).await;
    assert_eq!(browser.page.path(), "/factors/sms");
    assert_eq!(world.devices(APP_PHONE).messages(), [], "looking sends nothing");
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    assert_eq!(browser.journey.len(), 2, "a form leads to a page of its own");
    assert!(browser.page.text().contains("+44 7700 900123"), "it says where to: {}", browser.page.text());
    let message = world.devices(APP_PHONE).messages().pop().unwrap();
    assert_eq!((message.channel, message.to.as_str()), (Factor::Sms, "+447700900123"));
    browser.press(CONFIRM, &[(CODE, &message.code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("text messages added"), "{}", browser.page.notice());
    let entries = browser.page.entries();
    assert!(entries.iter().any(|it| it.starts_with("Phone ending 0123 Text message or call")), "{entries:?}");
    assert_eq!(
        (count(&world, APP_PHONE, Factor::Sms, true), count(&world, APP_PHONE, Factor::Voice, true)),
        (2, 2)
    );
}

#[tokio::test]
async fn the_requests_match_auth0s_documentation() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let associate = world.tenant.journal().last("POST", ASSOCIATE).unwrap();
    let expected =
        json!({"authenticator_types": ["oob"], "oob_channels": ["sms"], "phone_number": "+447700900123"});
    assert_eq!(serde_json::from_str::<Value>(&associate.body).unwrap(), expected);
    let answer: Value = serde_json::from_str(&associate.response).unwrap();
    let oob_code = answer["oob_code"].as_str().unwrap().to_owned();
    assert!(!browser.page.html.contains(&oob_code), "the handle stays on the server");
    assert!(!browser.cookies().contains(&oob_code));
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    let confirm = world.tenant.journal().last("POST", TOKEN).unwrap();
    let sent: Vec<(String, String)> =
        url::form_urlencoded::parse(confirm.body.as_bytes()).into_owned().collect();
    let field = |name: &str| sent.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    assert_eq!(field("grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-oob"));
    assert_eq!((field("oob_code"), field("binding_code")), (Some(oob_code), Some(code)));
    assert_eq!(world.calls("POST", "/mfa/challenge"), 0, "the association has sent the code");
}

#[tokio::test]
async fn the_number_field_has_type_and_autocomplete_tel() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let field = format!("[name={}]", browser.page.field("Phone number"));
    assert_eq!(browser.page.field("Phone number"), "phone_number");
    assert_eq!(browser.page.attr(&field, "type").as_deref(), Some("tel"));
    assert_eq!(browser.page.attr(&field, "autocomplete").as_deref(), Some("tel"));
}

#[tokio::test]
async fn the_same_number_again_resumes_without_a_second_message() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let there = browser.page.url.clone();
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+447700900123")]).await;
    assert_eq!(browser.page.url, there);
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
}

#[tokio::test]
async fn another_number_replaces_the_first() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let (there, first) = (browser.page.url.clone(), sent_code(&world, APP_PHONE));
    browser.follow("Use another number").await;
    assert_eq!(
        browser.page.attr("#phone_number", "value").as_deref(),
        Some("+44 7700 900123"),
        "nobody types it twice"
    );
    assert_eq!(browser.page.attr("#country [selected]", "value").as_deref(), Some("GB"));
    browser.press("Send the code", &[("Phone number", "+1 202 555 0143")]).await;
    assert_ne!(browser.page.url, there);
    assert_eq!(world.unfinished(APP_PHONE), 2, "the first pair was cleared");
    let message = world.devices(APP_PHONE).messages().pop().unwrap();
    assert_eq!(message.to, "+12025550143");
    assert_ne!(message.code, first);
    browser.press(CONFIRM, &[(CODE, &message.code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.entries().iter().any(|it| it.contains("0143")));
    browser.go(there).await;
    assert_eq!(browser.page.status, 410);
}

#[tokio::test]
async fn cancelling_deletes_the_sms_and_voice_pair() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    assert_eq!(world.unfinished(APP_PHONE), 2);
    browser.press(CANCEL, &[]).await;
    assert_eq!((browser.page.path(), world.unfinished(APP_PHONE)), ("/", 0));
    assert!(browser.page.notice().contains("cancelled"));
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 1, "the confirmed number stays");
}

// E-01
#[tokio::test]
async fn reloading_the_page_sends_nothing() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let there = browser.page.url.clone();
    for _ in 0..5 {
        browser.go(there.clone()).await;
        assert_eq!(browser.page.status, 200);
    }
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
}

#[tokio::test]
async fn with_calls_disabled_a_number_has_no_voice_twin() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.factors.retain(|it| *it != Factor::Voice));
    let mut browser = start_sms(&world, APP_PHONE).await;
    assert_eq!(world.unfinished(APP_PHONE), 1);
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(browser.page.controls().contains(&"Remove phone ending 0123".to_owned()));
}

#[tokio::test]
async fn a_number_like_one_on_the_list_is_asked_about_once() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900167")]).await;
    let said = mistake(&browser.page, "phone_number");
    assert!(said.contains("on your list already"), "{said}");
    assert_eq!(browser.page.attr("#phone_number", "value").as_deref(), Some("+44 7700 900167"));
    browser.press("Send the code", &[("Phone number", "+1 202 555 0167")]).await;
    assert!(
        mistake(&browser.page, "phone_number").contains("on your list already"),
        "that is another number"
    );
    assert_eq!(world.devices(APP_PHONE).messages().len(), 0);
    browser.press("Send the code", &[]).await;
    assert_eq!(browser.page.heading(), "Check your messages");
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
}

#[tokio::test]
async fn a_landline_is_called_rather_than_texted() {
    for number in ["+44 20 7946 0123", "+49 30 901820", "+81 3 1234 5678"] {
        let world = World::new().await;
        let mut browser = world.signed_in(NOTHING).await;
        browser.open("/factors/sms").await;
        browser.press("Send the code", &[("Phone number", number)]).await;
        let said = mistake(&browser.page, "phone_number");
        assert!(said.contains("landline") && said.contains("call it"), "{number}: {said}");
        assert_eq!(world.devices(NOTHING).messages().len(), 0);
        browser.press("Call me instead", &[]).await;
        assert_eq!(browser.page.heading(), "Answer the call", "{number}");
    }
}

#[tokio::test]
async fn a_landline_is_texted_all_the_same_after_a_second_press() {
    let world = World::with(&[("factors", "sms")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 20 7946 0123")]).await;
    assert!(mistake(&browser.page, "phone_number").contains("mobile number"));
    browser.press("Send the code", &[]).await;
    assert_eq!(browser.page.heading(), "Check your messages");
}
