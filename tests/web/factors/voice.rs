//! Adding a number for phone calls.

use emulated_tenant::Factor;
use serde_json::{Value, json};
use time::Duration;

use super::{
    APP_PHONE, CANCEL, CODE, CONFIRM, NUMBER, ON_ITS_WAY, count, different_code, mistake, sent_code,
};
use crate::support::{ASSOCIATE, Browser, World};

async fn start_voice(world: &World) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/voice").await;
    browser.press("Call me now", &[("Phone number", NUMBER)]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser
}

#[tokio::test]
async fn a_number_is_called_and_added() {
    let world = World::new().await;
    let mut browser = start_voice(&world).await;
    assert!(browser.page.path().starts_with("/factors/voice/"));
    assert!(browser.page.text().contains("We are calling +44 7700 900123"), "{}", browser.page.text());
    let associate = world.tenant.journal().last("POST", ASSOCIATE).unwrap();
    let expected =
        json!({"authenticator_types": ["oob"], "oob_channels": ["voice"], "phone_number": "+447700900123"});
    assert_eq!(serde_json::from_str::<Value>(&associate.body).unwrap(), expected);
    assert_eq!(world.devices(APP_PHONE).messages()[0].channel, Factor::Voice);
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("phone calls added"), "{}", browser.page.notice());
    assert_eq!(count(&world, APP_PHONE, Factor::Voice, true), 2);
}

#[tokio::test]
async fn a_wrong_code_can_be_retried() {
    let world = World::new().await;
    let mut browser = start_voice(&world).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &different_code(&code))]).await;
    mistake(&browser.page, "code");
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
}

#[tokio::test]
async fn the_call_can_be_repeated_after_thirty_seconds() {
    let world = World::new().await;
    let mut browser = start_voice(&world).await;
    browser.press("Call again", &[]).await;
    assert_eq!((browser.page.limit().as_str(), world.devices(APP_PHONE).messages().len()), (ON_ITS_WAY, 1));
    world.pass(Duration::seconds(30));
    browser.press("Call again", &[]).await;
    assert!(browser.page.notice().contains("calling again"), "{}", browser.page.notice());
    assert_eq!(world.devices(APP_PHONE).messages().len(), 2);
}

#[tokio::test]
async fn cancelling_deletes_the_sms_and_voice_pair() {
    let world = World::new().await;
    let mut browser = start_voice(&world).await;
    browser.press(CANCEL, &[]).await;
    assert_eq!((browser.page.path(), world.unfinished(APP_PHONE)), ("/", 0));
}

#[tokio::test]
async fn with_texts_disabled_a_number_is_for_calls_only() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.factors.retain(|it| *it != Factor::Sms));
    let mut browser = start_voice(&world).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(browser.page.controls().contains(&"Remove phone ending 0123".to_owned()));
}
