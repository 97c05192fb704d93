//! Auth0 FAQ "How to Enroll a User in Both Google Authenticator and SMS with MFA API", the later version, which differs
//! from the earlier one (`app_and_sms`) in four places.

use emulated_tenant::Factor;
use serde_json::{Value, json};

use super::{
    APP_PHONE, ASSOCIATE, NOTHING, PASSWORD_SUFFICES, TOKEN, World, add_app, add_number, bearer, field,
    is_active, json, last,
};

fn associations(world: &World) -> Vec<Value> {
    let requests = world.tenant.journal().requests();
    requests.iter().filter(|it| it.path == ASSOCIATE).map(|it| json(&it.body)).collect()
}

// Flow 1, step 2 writes `"oob_channels": "sms"`. The earlier version and Auth0's API reference have an array.
#[tokio::test]
async fn oob_channels_is_an_array_and_not_a_string() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    assert_eq!(associations(&world)[0]["oob_channels"], json!(["sms"]));
}

// Step 2 of both flows has `"mfa_token"` in the body of the association. Every other page of Auth0 sends the token in
// the Authorization header only.
#[tokio::test]
async fn an_association_carries_the_token_in_the_header_alone() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    assert!(associations(&world)[0].get("mfa_token").is_none());
    assert!(!bearer(&last(&world, "POST", ASSOCIATE)).is_empty());
}

// Overview: "each factor must be enrolled in a separate, sequential flow. The API does not support enrolling
// multiple factors in a single request."
#[tokio::test]
async fn each_factor_is_enrolled_in_a_request_of_its_own() {
    let world = World::with(PASSWORD_SUFFICES).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    add_app(&world, &mut browser).await;
    let associations = associations(&world);
    assert_eq!(associations.len(), 2);
    for body in associations {
        assert_eq!(body["authenticator_types"].as_array().unwrap().len(), 1, "{body}");
        assert!(body.get("oob_channels").is_none_or(|channels| channels.as_array().unwrap().len() == 1));
    }
}

// Flow 1, step 3.
#[tokio::test]
async fn a_number_is_confirmed_with_the_mfa_oob_grant() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-oob"));
    assert!(field(&confirm, "mfa_token").is_some() && field(&confirm, "oob_code").is_some());
}

// Flow 2, introduction: "a subsequent login will be required to enroll the second factor". The earlier version and
// community thread 44384 show that the same token suffices; a new sign-in works as well.
#[tokio::test]
async fn the_second_factor_needs_no_second_sign_in_and_allows_one() {
    let world = World::with(PASSWORD_SUFFICES).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    add_app(&world, &mut browser).await;
    assert_eq!(world.calls("GET", "/authorize"), 1);
    world.tenant.sign_out_everywhere();
    let mut later = world.signed_in(APP_PHONE).await;
    add_number(&world, APP_PHONE, &mut later).await;
    assert_eq!(later.page.path(), "/");
}

// Flow 2, step 1: "they will be prompted to authenticate with their already-enrolled SMS factor. After
// successful authentication, a new mfa_token will be issued."
#[tokio::test]
async fn a_second_sign_in_is_challenged_by_sms_and_gets_a_new_token() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.factors = vec![Factor::Sms, Factor::Totp]);
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    let first = bearer(&last(&world, "POST", ASSOCIATE));
    world.tenant.sign_out_everywhere();
    world.pass(time::Duration::seconds(30));
    let mut again = world.browser();
    again.open("/").await;
    again
        .press("Continue", &[("E-mail address", NOTHING), ("Password", emulated_tenant::DEMO_PASSWORD)])
        .await;
    assert!(again.page.text().contains("0123"), "the number that was enrolled: {}", again.page.text());
    again.pass_sign_in(NOTHING).await;
    add_app(&world, &mut again).await;
    assert_ne!(bearer(&last(&world, "POST", ASSOCIATE)), first);
    assert!(is_active(&world, NOTHING, Factor::Totp));
}

// Flow 2, step 2: "The response will contain a barcode_uri and a secret".
#[tokio::test]
async fn an_otp_association_returns_barcode_uri_and_secret() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let answer = json(&last(&world, "POST", ASSOCIATE).response);
    assert!(answer["barcode_uri"].as_str().unwrap().contains(answer["secret"].as_str().unwrap()));
    assert_eq!(browser.page.count("svg.qr"), 1);
}

// Flow 2, step 3.
#[tokio::test]
async fn an_app_is_confirmed_with_the_mfa_otp_grant() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-otp"));
    assert!(field(&confirm, "mfa_token").is_some() && field(&confirm, "otp").is_some());
}
