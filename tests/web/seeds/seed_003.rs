//! Seed 003: the later version of the same article, which differs from seed 002 in four places.

use emulated_tenant::Factor;
use serde_json::{Value, json};

use super::{
    APP_PHONE, ASSOCIATE, NOTHING, TOKEN, World, add_app, add_number, bearer, field, is_active, json, last,
};

fn associations(world: &World) -> Vec<Value> {
    let requests = world.tenant.journal().requests();
    requests.iter().filter(|it| it.path == ASSOCIATE).map(|it| json(&it.body)).collect()
}

// Seed 003, Flow 1, step 2 writes `"oob_channels": "sms"`, seed 002 an array: the contract (§4) decides for the array.
#[tokio::test]
async fn oob_channels_is_an_array_and_not_a_string() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    assert_eq!(associations(&world)[0]["oob_channels"], json!(["sms"]));
}

// Seed 003, both flows, step 2 have `"mfa_token"` in the body of the association; nobody else has. The contract (§4)
// decides: in the Authorization header only.
#[tokio::test]
async fn the_mfa_token_of_an_association_is_in_the_header_and_not_in_the_body() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    assert!(associations(&world)[0].get("mfa_token").is_none());
    assert!(!bearer(&last(&world, "POST", ASSOCIATE)).is_empty());
}

// Seed 003, overview: "each factor must be enrolled in a separate, sequential flow. The API does not support enrolling
// multiple factors in a single request."
#[tokio::test]
async fn each_factor_is_enrolled_in_a_request_of_its_own() {
    let world = World::new().await;
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

// Seed 003, Flow 1, step 3.
#[tokio::test]
async fn the_sms_enrollment_is_confirmed_with_the_mfa_oob_grant_type() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-oob"));
    assert!(field(&confirm, "mfa_token").is_some() && field(&confirm, "oob_code").is_some());
}

// Seed 003, Flow 2, introduction: "a subsequent login will be required to enroll the second factor". Seeds 001 and 002
// show that the same token does, and the contract (§13) agrees; a new sign-in works as well.
#[tokio::test]
async fn no_subsequent_login_is_required_for_the_second_factor_and_one_does_no_harm() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    add_app(&world, &mut browser).await;
    assert_eq!(world.calls("GET", "/authorize"), 1);
    world.tenant.sign_out_everywhere();
    let mut later = world.signed_in(APP_PHONE).await;
    add_number(&world, APP_PHONE, &mut later).await;
    assert_eq!(later.page.path(), "/");
}

// Seed 003, Flow 2, step 1: "they will be prompted to authenticate with their already-enrolled SMS factor. After
// successful authentication, a new mfa_token will be issued."
#[tokio::test]
async fn when_the_user_logs_in_again_they_are_prompted_with_sms_and_a_new_token_is_issued() {
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

// Seed 003, Flow 2, step 2: "The response will contain a barcode_uri and a secret".
#[tokio::test]
async fn the_response_contains_a_barcode_uri_and_a_secret_for_the_app() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let answer = json(&last(&world, "POST", ASSOCIATE).answer);
    assert!(answer["barcode_uri"].as_str().unwrap().contains(answer["secret"].as_str().unwrap()));
    assert_eq!(browser.page.count("svg.qr"), 1);
}

// Seed 003, Flow 2, step 3.
#[tokio::test]
async fn the_totp_enrollment_is_confirmed_with_the_mfa_otp_grant_type() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-otp"));
    assert!(field(&confirm, "mfa_token").is_some() && field(&confirm, "otp").is_some());
}
