//! Auth0 community article: "User is already enrolled" error when enrolling more than one MFA factors using MFA API.

use emulated_tenant::{Factor, FaultKind};
use time::Duration;

use super::{
    APP_PHONE, ASSOCIATE, NOTHING, TOKEN, World, add_number, bearer, claims, field, is_active, last,
};
use crate::factors::{CODE, CONFIRM};

// Problem statement, steps 1 to 3.
#[tokio::test]
async fn a_user_with_sms_can_enroll_email_at_the_next_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    assert!(is_active(&world, NOTHING, Factor::Sms));
    world.tenant.sign_out_everywhere();
    world.pass(Duration::minutes(1));
    let mut next_time = world.signed_in(NOTHING).await;
    next_time.open("/factors/email").await;
    next_time.press("Send the code", &[("E-mail address", "nora@work.example.org")]).await;
    assert_eq!(next_time.page.status, 200, "{}", next_time.page.text());
    let code = world.devices(NOTHING).last_code(Factor::Email).unwrap();
    next_time.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(is_active(&world, NOTHING, Factor::Sms) && is_active(&world, NOTHING, Factor::Email));
}

// "The customer is using the MFA token of type 1". A tenant that answers so anyway gets the way out explained.
#[tokio::test]
async fn user_is_already_enrolled_leads_to_signing_in_with_the_existing_factor() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    let refusal = r#"{"error":"access_denied","error_description":"User is already enrolled."}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(403, refusal));
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.status, 409);
    assert!(browser.page.text().contains("Sign in again with the way you have"), "{}", browser.page.text());
}

// Token type 2: "Request an access token with audience of https://YOUR_DOMAIN/mfa/ via … GET /authorize".
#[tokio::test]
async fn authorize_is_asked_for_the_mfa_audience_and_the_enroll_scope() {
    let world = World::new().await;
    world.signed_in(NOTHING).await;
    let authorize = last(&world, "GET", "/authorize");
    assert_eq!(
        authorize.query("audience"),
        Some(&*format!("{}mfa/", world.tenant.url())),
        "with its final slash"
    );
    assert!(authorize.query("scope").unwrap().split(' ').any(|scope| scope == "enroll"));
}

// "This MFA token is a JWT", and step 1: "you should see the aud … and scope: enroll in the payload".
#[tokio::test]
async fn the_enrolling_token_is_a_jwt_with_mfa_audience_and_enroll_scope() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let token = bearer(&last(&world, "POST", ASSOCIATE));
    assert!(!token.starts_with("Fe26"), "not the token of type 1");
    let claims = claims(&token);
    let audience = format!("{}mfa/", world.tenant.url());
    assert!(claims["aud"].as_array().unwrap().iter().any(|it| *it == *audience), "{claims}");
    assert!(claims["scope"].as_str().unwrap().split(' ').any(|scope| scope == "enroll"));
}

// Step 1 shows the password grant. The portal never sees a password; that is a decision of ours.
#[tokio::test]
async fn no_token_is_requested_with_a_password() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    super::add_app(&world, &mut browser).await;
    let requests = world.tenant.journal().requests();
    let grants: Vec<_> =
        requests.iter().filter(|it| it.path == TOKEN).filter_map(|it| field(it, "grant_type")).collect();
    assert_eq!(grants, ["authorization_code", "http://auth0.com/oauth/grant-type/mfa-otp"]);
}

// Step 2: "The MFA token request in step 1 may require an MFA challenge … Complete the MFA challenge".
#[tokio::test]
async fn the_sign_in_may_require_a_challenge_with_the_first_factor() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/").await;
    browser
        .press("Continue", &[("E-mail address", APP_PHONE), ("Password", emulated_tenant::DEMO_PASSWORD)])
        .await;
    assert!(browser.page.path().starts_with("/u/"), "challenged: {}", browser.page.url);
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!(browser.page.path(), "/");
}
