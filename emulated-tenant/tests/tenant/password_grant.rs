//! The password grant and its opaque `mfa_token`.

use serde_json::json;

use crate::client::{APP_PHONE, NOTHING, World};

impl World {
    async fn password(&self, email: &str, password: &str) -> crate::client::Answer {
        let audience = self.audience();
        let parameters =
            [("username", email), ("password", password), ("audience", &*audience), ("scope", "enroll")];
        self.token("password", &parameters).await
    }
}

#[tokio::test]
async fn an_opaque_token_lists_and_confirms_but_enrolls_no_second_factor() {
    let world = World::start().await;
    let answer = world.password(APP_PHONE, "correct horse").await;
    assert_eq!(answer.line(), "403 mfa_required Multifactor authentication required");
    let opaque = answer.text("mfa_token");
    assert!(opaque.starts_with("Fe26.2*"));
    assert_eq!(world.list(&opaque).await.status, 200);
    assert_eq!(world.associate_sms(&opaque).await.line(), "403 access_denied User is already enrolled.");
    assert_eq!(world.remove(&opaque, "totp|dev_AppPhoneTotp0001").await.status, 401);
    let code = world.tenant.devices(APP_PHONE).totp_code(0).unwrap();
    let token = world.prove("otp", &opaque, &[("otp", &code)]).await;
    assert_eq!(token.text("scope"), "enroll");
    assert_eq!(world.associate_sms(&token.text("access_token")).await.status, 200);
}

#[tokio::test]
async fn an_opaque_token_enrolls_the_first_factor() {
    let world = World::with(|settings| settings.mfa_always = true).await;
    let opaque = world.password(NOTHING, "correct horse").await.text("mfa_token");
    assert_eq!(world.associate(&opaque, &json!({ "authenticator_types": ["otp"] })).await.status, 200);
    world.tenant.clock().advance(std::time::Duration::from_secs(600));
    let expired = world.prove("otp", &opaque, &[("otp", "x")]).await;
    assert_eq!(expired.line(), "401 expired_token mfa_token is expired");
}

#[tokio::test]
async fn the_password_grant_asks_no_second_factor_of_people_without_one() {
    let world = World::start().await;
    assert_eq!(world.password(NOTHING, "correct horse").await.text("token_type"), "Bearer");
    assert_eq!(world.password(NOTHING, "wrong").await.line(), "403 invalid_grant Wrong email or password.");
    world.tenant.configure(|settings| settings.password_grant = false);
    let refused = world.password(NOTHING, "correct horse").await;
    assert_eq!(refused.line(), "403 unauthorized_client Grant type 'password' not allowed for the client.");
}
