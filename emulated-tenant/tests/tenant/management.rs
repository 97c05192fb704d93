//! The Management API's recovery code regeneration.

use crate::client::{APP_PHONE, Answer, NOTHING, World, read};

impl World {
    async fn management_token(&self) -> Answer {
        let audience = format!("{}api/v2/", self.tenant.url());
        let parameters = [
            ("client_id", "mfa-portal-management"),
            ("client_secret", "emulated-tenant-management-secret"),
            ("audience", &*audience),
        ];
        self.token("client_credentials", &parameters).await
    }

    async fn regenerate(&self, token: &str, sub: &str) -> Answer {
        let path = format!("api/v2/users/{}/recovery-code-regeneration", sub.replace('|', "%7C"));
        read(self.http.post(self.at(&path)).bearer_auth(token).send().await.unwrap()).await
    }
}

#[tokio::test]
async fn the_management_api_regenerates_a_recovery_code() {
    let world = World::start().await;
    let token = world.management_token().await;
    assert_eq!(token.body["expires_in"], 86_400);
    let answer = world.regenerate(&token.text("access_token"), "auth0|app.phone").await;
    let next = world.tenant.devices(APP_PHONE).recovery_code().unwrap();
    assert_eq!((answer.status, answer.text("recovery_code")), (200, next));
}

#[tokio::test]
async fn a_machine_without_grant_type_or_client_grant_gets_no_token() {
    let world = World::start().await;
    world.tenant.configure(|settings| settings.management_authorized = false);
    let refused = world.management_token().await.line();
    assert!(refused.starts_with("403 access_denied Client is not authorized to access"), "{refused}");
    world.tenant.configure(|settings| settings.management_grant = false);
    assert!(world.management_token().await.line().starts_with("403 unauthorized_client Grant type"));
}

#[tokio::test]
async fn the_management_api_has_its_own_error_format() {
    let world = World::start().await;
    let token = world.management_token().await.text("access_token");
    let missing = world.regenerate(&token, "auth0|nothing").await;
    assert_eq!((missing.status, &*missing.text("message")), (404, "Enrollment not found"));
    assert_eq!(world.regenerate(&token, "auth0|nobody").await.text("message"), "The user does not exist.");
    let invalid = world.regenerate(&world.sign_in(NOTHING).await, "auth0|app.phone").await;
    assert_eq!(
        (invalid.body["statusCode"].as_u64(), &*invalid.text("message")),
        (Some(401), "Invalid token")
    );
    world.tenant.configure(|settings| settings.management_scopes.clear());
    let token = world.management_token().await.text("access_token");
    let refused = world.regenerate(&token, "auth0|app.phone").await;
    assert_eq!((refused.status, &*refused.text("errorCode")), (403, "insufficient_scope"));
}

#[tokio::test]
async fn only_the_machine_to_machine_client_gets_a_management_token() {
    let world = World::start().await;
    let refused = world.token("client_credentials", &[("audience", "x")]).await;
    let line = "403 unauthorized_client Grant type 'client_credentials' not allowed for the client.";
    assert_eq!(refused.line(), line);
    let secret = [("client_id", "mfa-portal-management"), ("client_secret", "wrong")];
    assert_eq!(world.token("client_credentials", &secret).await.line(), "401 access_denied Unauthorized");
}
