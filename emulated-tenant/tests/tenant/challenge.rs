//! `POST /mfa/challenge`.

use emulated_tenant::Factor;
use serde_json::json;

use crate::client::{APP_PHONE, EIGHT, NOTHING, PUSH, World};

#[tokio::test]
async fn challenging_an_app_sends_no_message() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    let answer = world.ask(&token, &json!({ "challenge_type": "otp" })).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "challenge_type": "otp" })));
}

#[tokio::test]
async fn challenging_a_phone_sends_a_code_that_is_accepted() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    let id = "sms|dev_AppPhonePhon0001";
    let answer = world.ask(&token, &json!({ "challenge_type": "oob", "authenticator_id": id })).await;
    assert_eq!((answer.status, &*answer.text("binding_method")), (200, "prompt"));
    let code = world.tenant.devices(APP_PHONE).last_code(Factor::Sms).unwrap();
    let parameters = [("oob_code", &*answer.text("oob_code")), ("binding_code", &*code)];
    assert_eq!(world.prove("oob", &token, &parameters).await.status, 200);
}

#[tokio::test]
async fn challenging_push_sends_a_notification_and_has_no_binding_method() {
    let world = World::start().await;
    let token = world.sign_in(PUSH).await;
    let answer = world.ask(&token, &json!({ "challenge_type": "oob", "oob_channel": "auth0" })).await;
    assert!(answer.status == 200 && answer.body.get("binding_method").is_none());
    assert!(world.tenant.devices(PUSH).approve_push());
    assert_eq!(world.prove("oob", &token, &[("oob_code", &answer.text("oob_code"))]).await.status, 200);
}

#[tokio::test]
async fn a_person_without_an_active_authenticator_cannot_be_challenged() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.associate_sms(&token).await;
    let answer = world.ask(&token, &json!({ "challenge_type": "otp oob" })).await;
    assert_eq!(answer.text("error"), "association_required");
    assert!(answer.text("error_description").starts_with("User does not have any confirmed authenticator"));
}

#[tokio::test]
async fn an_invalid_challenge_is_refused() {
    let world = World::start().await;
    let token = world.sign_in(EIGHT).await;
    let line = async |parameters| world.ask(&token, &parameters).await.line();
    assert_eq!(
        line(json!({ "challenge_type": "magic" })).await,
        "400 invalid_request Invalid challenge type"
    );
    let unknown = line(json!({ "authenticator_id": "sms|dev_x" })).await;
    assert_eq!(unknown, "404 authenticator_not_found Authenticator not found");
    let unfinished = line(json!({ "authenticator_id": "totp|dev_EightTotpTotp002" })).await;
    assert!(unfinished.starts_with("400 association_required"));
    let mismatch =
        line(json!({ "challenge_type": "otp", "authenticator_id": "sms|dev_EightPhonPhon001" })).await;
    assert!(mismatch.starts_with("400 unsupported_challenge_type"));
    let bad = world.ask("nonsense", &json!({ "challenge_type": "otp" })).await;
    assert_eq!(bad.line(), "403 invalid_grant Malformed mfa_token");
    let stranger = world.ask(&token, &json!({ "client_secret": "wrong" })).await;
    assert_eq!(stranger.line(), "401 access_denied Unauthorized");
}
