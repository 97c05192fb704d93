//! `DELETE /mfa/authenticators/{id}`.

use emulated_tenant::Factor;

use crate::client::{APP_PHONE, EIGHT, PUSH, World};

#[tokio::test]
async fn removing_one_of_a_pair_removes_both() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    assert_eq!(world.remove(&token, "voice|dev_AppPhonePhon0001").await.status, 204);
    let gone = world.remove(&token, "sms|dev_AppPhonePhon0001").await;
    assert_eq!(gone.line(), "404 not_found Authenticator not found");
    world.tenant.sign_out_everywhere();
    let token = world.sign_in(PUSH).await;
    assert_eq!(world.remove(&token, "totp|dev_AppPhoneTotp0001").await.status, 404, "another person's");
}

#[tokio::test]
async fn removing_the_otp_twin_removes_push_too() {
    let world = World::start().await;
    let token = world.sign_in(PUSH).await;
    assert_eq!(world.remove(&token, "totp|dev_PushTotpTotp0001").await.status, 204);
    assert_eq!(world.tenant.authenticators(PUSH).len(), 1);
}

#[tokio::test]
async fn an_unconfirmed_authenticator_can_be_removed_by_an_unencoded_id() {
    let world = World::start().await;
    let token = world.sign_in(EIGHT).await;
    let raw = format!("{}mfa/authenticators/totp|dev_EightTotpTotp002", world.base);
    let answer = world.http.delete(raw).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(world.tenant.authenticators(EIGHT).len(), 7);
}

#[tokio::test]
async fn profile_email_and_recovery_code_cannot_be_removed() {
    let world = World::start().await;
    let token = world.sign_in(EIGHT).await;
    assert_eq!(world.remove(&token, "email|dev_EightMailMail001").await.status, 204);
    let recovery = world.remove(&token, "recovery-code|dev_EightRecoReco001").await;
    assert_eq!(recovery.line(), "400 invalid_request The authenticator cannot be deleted.");
    world.tenant.sign_out_everywhere();
    let token = world.sign_in(APP_PHONE).await;
    let fixed = world.remove(&token, "email|dev_appphoneexamplec").await;
    assert_eq!(fixed.line(), "400 invalid_request The authenticator cannot be deleted.");
}

#[tokio::test]
async fn removal_needs_the_scope_remove_authenticators() {
    let world = World::start().await;
    let token = world.tokens(PUSH, &[("scope", "read:authenticators")]).await.text("access_token");
    let refused = world.remove(&token, "push|dev_PushPushPush0001").await;
    assert_eq!(refused.line(), "403 insufficient_scope Insufficient scope");
}

#[tokio::test]
async fn the_last_removal_takes_the_recovery_code_if_the_setting_is_on() {
    let world = World::with(|settings| settings.last_removal_takes_recovery_code = true).await;
    let token = world.sign_in(APP_PHONE).await;
    world.remove(&token, "sms|dev_AppPhonePhon0001").await;
    assert!(world.tenant.person(APP_PHONE).unwrap().active(Factor::RecoveryCode).is_some());
    world.remove(&token, "totp|dev_AppPhoneTotp0001").await;
    assert!(world.tenant.person(APP_PHONE).unwrap().active(Factor::RecoveryCode).is_none());
}
