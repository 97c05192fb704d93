//! The three MFA grants of the token endpoint.

use std::time::Duration;

use emulated_tenant::{Authenticator, Factor, Refusal};
use serde_json::json;

use crate::client::{APP_PHONE, NOTHING, World, decode, oob, parameter};

const TOO_MANY: &str = "400 invalid_request Too many failed codes. Wait for some minutes before retrying.";

fn otp() -> serde_json::Value {
    json!({ "authenticator_types": ["otp"] })
}

fn is_active(world: &World, email: &str, factor: Factor) -> bool {
    world.tenant.person(email).unwrap().active(factor).is_some()
}

#[tokio::test]
async fn a_code_of_the_app_confirms_the_app_and_the_recovery_code() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let secret = world.associate(&token, &otp()).await.text("secret");
    assert!(!is_active(&world, NOTHING, Factor::Totp) && !is_active(&world, NOTHING, Factor::RecoveryCode));
    let code = world.tenant.devices(NOTHING).totp_code_of(&secret).unwrap();
    let answer = world.prove("otp", &token, &[("otp", &code)]).await;
    assert_eq!((answer.status, answer.body["expires_in"].as_i64()), (200, Some(600)));
    assert!(is_active(&world, NOTHING, Factor::Totp) && is_active(&world, NOTHING, Factor::RecoveryCode));
    let (_, id) = decode(&answer.text("id_token"));
    assert!(id.get("amr").is_none() && id["sub"] == "auth0|nothing");
    assert_eq!(world.list(&answer.text("access_token")).await.status, 200);
}

#[tokio::test]
async fn a_code_of_the_app_works_once_and_one_step_early_or_late() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let secret = world.associate(&token, &otp()).await.text("secret");
    let devices = world.tenant.devices(NOTHING);
    let prove = async |code: &str| world.prove("otp", &token, &[("otp", code)]).await.line();
    let code = devices.totp_code_of(&secret).unwrap();
    world.tenant.clock().advance(Duration::from_secs(60));
    assert_eq!(prove(&code).await, "403 invalid_grant Invalid otp_code.", "two steps late");
    let code = devices.totp_code_of(&secret).unwrap();
    world.tenant.clock().advance(Duration::from_secs(30));
    assert_eq!(prove(&code).await, "200  ", "one step late");
    assert_eq!(prove(&code).await, "403 invalid_grant Invalid otp_code.", "used");
}

#[tokio::test]
async fn the_code_of_a_text_confirms_sms_and_voice() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate_sms(&token).await.text("oob_code");
    let missing = world.prove("oob", &token, &[("oob_code", &oob_code)]).await;
    assert_eq!(missing.line(), "400 invalid_request Missing required parameter: binding_code");
    let wrong = world.prove("oob", &token, &[("oob_code", &oob_code), ("binding_code", "wrong")]).await;
    assert_eq!(wrong.line(), "403 invalid_grant Invalid binding_code.");
    let code = world.tenant.devices(NOTHING).last_code(Factor::Sms).unwrap();
    let right = [("oob_code", &*oob_code), ("binding_code", &*code)];
    assert_eq!(world.prove("oob", &token, &right).await.status, 200);
    assert!(is_active(&world, NOTHING, Factor::Sms) && is_active(&world, NOTHING, Factor::Voice));
    assert_eq!(world.prove("oob", &token, &right).await.line(), "403 invalid_grant Invalid binding_code.");
}

#[tokio::test]
async fn push_is_pending_until_approval_confirms_push_and_its_otp_twin() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate(&token, &oob("auth0", &json!({}))).await.text("oob_code");
    let prove = async || world.prove("oob", &token, &[("oob_code", &oob_code)]).await;
    let pending =
        "400 authorization_pending Authorization pending: please repeat the request in a few seconds.";
    assert_eq!(prove().await.line(), pending);
    assert!(world.tenant.devices(NOTHING).approve_push());
    assert_eq!(prove().await.status, 200);
    assert!(is_active(&world, NOTHING, Factor::Push) && is_active(&world, NOTHING, Factor::Totp));
}

#[tokio::test]
async fn a_denied_push_is_refused_as_recorded_or_as_documented() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate(&token, &oob("auth0", &json!({}))).await.text("oob_code");
    assert!(world.tenant.devices(NOTHING).deny_push());
    let prove = async || world.prove("oob", &token, &[("oob_code", &oob_code)]).await.line();
    assert_eq!(prove().await, "400 access_denied MFA Authorization rejected.");
    let documented = Refusal::new(403, "invalid_grant", "MFA Authorization rejected.");
    world.tenant.configure(|settings| settings.refusals.push_denied = documented);
    assert_eq!(prove().await, "403 invalid_grant MFA Authorization rejected.");
}

#[tokio::test]
async fn polling_more_than_twelve_times_a_minute_is_slowed_down() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate(&token, &oob("auth0", &json!({}))).await.text("oob_code");
    let error = async || world.prove("oob", &token, &[("oob_code", &oob_code)]).await.text("error");
    for _ in 0..12 {
        assert_eq!(error().await, "authorization_pending");
    }
    assert_eq!(error().await, "slow_down");
    world.tenant.clock().advance(Duration::from_secs(5));
    assert_eq!(error().await, "authorization_pending");
}

#[tokio::test]
async fn an_oob_code_lives_five_minutes_and_belongs_to_one_person() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate_sms(&token).await.text("oob_code");
    let parameters = [("oob_code", &*oob_code), ("binding_code", "000000")];
    world.tenant.sign_out_everywhere();
    let other = world.sign_in(APP_PHONE).await;
    let answer = world.prove("oob", &other, &parameters).await;
    assert_eq!(answer.line(), "400 invalid_request The oob_code doesn't match the mfa_token");
    let malformed = world.prove("oob", &token, &[("oob_code", "x"), ("binding_code", "1")]).await;
    assert_eq!(malformed.line(), "403 invalid_grant Malformed oob_code");
    world.tenant.clock().advance(Duration::from_secs(300));
    assert_eq!(world.prove("oob", &token, &parameters).await.line(), "401 expired_token oob_code is expired");
}

#[tokio::test]
async fn ten_wrong_codes_lock_the_person_out_for_a_while() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let secret = world.associate(&token, &otp()).await.text("secret");
    for _ in 0..10 {
        assert_eq!(world.prove("otp", &token, &[("otp", "x")]).await.text("error"), "invalid_grant");
    }
    let right = async || world.tenant.devices(NOTHING).totp_code_of(&secret).unwrap();
    assert_eq!(world.prove("otp", &token, &[("otp", &right().await)]).await.line(), TOO_MANY);
    world.tenant.clock().advance(Duration::from_secs(360));
    assert_eq!(world.prove("otp", &token, &[("otp", &right().await)]).await.status, 200);
}

#[tokio::test]
async fn an_unusable_mfa_token_is_refused_with_its_reason() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.associate(&token, &otp()).await;
    let line = async |token: &str| world.prove("otp", token, &[("otp", "x")]).await.line();
    assert_eq!(line("nonsense").await, "403 invalid_grant Malformed mfa_token");
    assert_eq!(line("").await, "400 invalid_request Missing required parameter: mfa_token");
    assert_eq!(
        world.prove("otp", &token, &[]).await.line(),
        "400 invalid_request Missing required parameter: otp"
    );
    world.tenant.configure(|settings| settings.client_id = "another".to_owned());
    let other = world.prove("otp", &token, &[("otp", "x"), ("client_id", "another")]).await;
    assert_eq!(other.line(), "400 invalid_request mfa_token not issued to this client");
    world.tenant.configure(|settings| settings.client_id = "mfa-portal".to_owned());
    world.tenant.clock().advance(Duration::from_secs(600));
    assert_eq!(line(&token).await, "401 expired_token mfa_token is expired");
}

#[tokio::test]
async fn proofs_of_an_app_or_recovery_code_need_one_enrolled() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let text = "401 unsupported_challenge_type User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.";
    assert_eq!(world.prove("otp", &token, &[("otp", "123456")]).await.line(), text);
    let answer = world.prove("recovery-code", &token, &[("recovery_code", "X")]).await;
    assert_eq!(answer.line(), "403 unsupported_challenge_type User does not have a recovery-code.");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_returns_the_next() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    let code = world.tenant.devices(APP_PHONE).recovery_code().unwrap();
    let answer = world.prove("recovery-code", &token, &[("recovery_code", &code)]).await;
    let next = answer.text("recovery_code");
    assert!(next.len() == 24 && next != code);
    let used = world.prove("recovery-code", &token, &[("recovery_code", &code)]).await;
    assert_eq!(used.line(), "403 invalid_grant MFA Authorization rejected.");
    for _ in 0..9 {
        world.prove("recovery-code", &token, &[("recovery_code", "wrong")]).await;
    }
    assert_eq!(world.prove("recovery-code", &token, &[("recovery_code", &next)]).await.line(), TOO_MANY);
}

#[tokio::test]
async fn confirmation_needs_the_mfa_grant_type() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    world.tenant.configure(|settings| settings.mfa_grant = false);
    let line = "403 unauthorized_client Grant type 'http://auth0.com/oauth/grant-type/mfa-otp' not allowed for the client.";
    assert_eq!(world.prove("otp", &token, &[("otp", "123456")]).await.line(), line);
}

#[tokio::test]
async fn the_custom_domain_serves_every_call_with_the_canonical_audience() {
    let mut world = World::start().await;
    world.base = world.tenant.custom_url();
    let tokens = world.tokens(NOTHING, &[]).await;
    let token = tokens.text("access_token");
    assert_eq!(decode(&token).1["iss"], world.tenant.custom_url().as_str());
    let secret = world.associate(&token, &otp()).await.text("secret");
    let code = world.tenant.devices(NOTHING).totp_code_of(&secret).unwrap();
    assert_eq!(world.prove("otp", &token, &[("otp", &code)]).await.status, 200);
    // A token of one domain is refused on the other.
    world.base = world.tenant.url();
    assert_eq!(world.list(&token).await.status, 401);
}

#[tokio::test]
async fn an_api_made_for_the_custom_domain_fails_at_the_confirmation_only() {
    let mut world = World::with(|settings| settings.custom_domain_api = true).await;
    world.base = world.tenant.custom_url();
    let trap = format!("{}mfa/", world.tenant.custom_url());
    let token = world.tokens(NOTHING, &[("audience", &trap)]).await.text("access_token");
    let secret = world.associate(&token, &otp()).await.text("secret");
    assert_eq!(world.list(&token).await.body.as_array().unwrap().len(), 2);
    let code = world.tenant.devices(NOTHING).totp_code_of(&secret).unwrap();
    let prove = async || world.prove("otp", &token, &[("otp", &code)]).await.line();
    assert_eq!(prove().await, "403 invalid_grant invalid audience");
    world.tenant.clock().advance(Duration::from_secs(600));
    let of_2020 = Refusal::new(403, "invalid_grant", "mfa token expired");
    world.tenant.configure(|settings| settings.refusals.expired_mfa_token = of_2020);
    assert_eq!(prove().await, "403 invalid_grant mfa token expired");
    world.tenant.configure(|settings| settings.custom_domain_api = false);
    let refused = world.authorize(&[("audience", &trap)]).await;
    assert_eq!(parameter(&refused, "error_description"), format!("Service not found: {trap}"));
}

#[tokio::test]
async fn removing_an_unconfirmed_authenticator_ends_its_enrollment() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let oob_code = world.associate_sms(&token).await.text("oob_code");
    let sms = world
        .tenant
        .authenticators(NOTHING)
        .into_iter()
        .find(|one: &Authenticator| one.factor == Factor::Sms);
    assert_eq!(world.remove(&token, &sms.unwrap().id).await.status, 204);
    let code = world.tenant.devices(NOTHING).last_code(Factor::Sms).unwrap();
    let answer = world.prove("oob", &token, &[("oob_code", &oob_code), ("binding_code", &code)]).await;
    assert_eq!(answer.line(), "403 invalid_grant Malformed oob_code");
}
