//! Seed 001: "Associate MFA factor from own UI: error on factor activation".

use emulated_tenant::{Factor, FaultKind};
use serde_json::json;

use super::{
    APP_PHONE, ASSOCIATE, NOTHING, TOKEN, World, add_app, bearer, claims, field, is_active, json, last,
};
use crate::factors::{CODE, CONFIRM};
use crate::support::{LIST, Log};

const WRONGLY: &str = "This page is not set up correctly";

/// A portal on the custom domain, as in the thread: `{{auth0-custom-domain}}/mfa` was made an API of its own.
async fn trapped() -> World {
    let world = World::with(&[("auth0-domain", "{custom}")]).await;
    world.tenant.configure(|settings| settings.custom_domain_api = true);
    world
}

// Seed 001, step 1. The closing answer of the thread writes delete:authenticators; there is no such scope, and the
// contract (and seed 004) decides for remove:authenticators.
#[tokio::test]
async fn the_scopes_are_enroll_read_authenticators_and_remove_authenticators() {
    let world = World::new().await;
    world.signed_in(NOTHING).await;
    let authorize = last(&world, "GET", "/authorize");
    let scopes: Vec<_> = authorize.query("scope").unwrap().split(' ').collect();
    for scope in ["enroll", "read:authenticators", "remove:authenticators"] {
        assert!(scopes.contains(&scope), "{scopes:?}");
    }
    assert!(!scopes.contains(&"delete:authenticators"));
}

// Seed 001, step 2, where `["opt"]` is a slip of the pen: the contract says otp.
#[tokio::test]
async fn a_post_to_associate_has_authenticator_types_otp() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    assert_eq!(json(&last(&world, "POST", ASSOCIATE).body), json!({"authenticator_types": ["otp"]}));
}

// Seed 001, step 3.
#[tokio::test]
async fn the_answer_has_authenticator_type_secret_and_barcode_uri_and_all_are_shown() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let answer = json(&last(&world, "POST", ASSOCIATE).answer);
    assert_eq!(answer["authenticator_type"], "otp");
    assert_eq!(browser.page.text_of(".key").replace(' ', ""), answer["secret"].as_str().unwrap());
    let link = browser.page.attr("a[href^='otpauth:']", "href");
    assert_eq!(link.as_deref(), answer["barcode_uri"].as_str());
}

// Seed 001, after step 4.
#[tokio::test]
async fn the_factor_is_now_in_the_users_account_as_a_non_activated_factor() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let app = |world: &World| {
        let all = world.tenant.authenticators(NOTHING);
        all.into_iter().find(|it| it.factor == Factor::Totp).unwrap()
    };
    assert!(!app(&world).active);
    browser.open("/").await;
    assert_eq!(browser.page.entries(), Vec::<String>::new(), "so it is not listed");
}

// Seed 001, the answer: "essentially, the same token used for enrollment is used to confirm the authenticator".
#[tokio::test]
async fn the_same_token_used_for_enrollment_is_used_to_confirm_the_authenticator() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "mfa_token"), Some(bearer(&last(&world, "POST", ASSOCIATE))));
    assert!(is_active(&world, NOTHING, Factor::Totp));
}

// Seed 001, the question: "at no point have I hit an mfa_required error", "the user is signed in normally".
#[tokio::test]
async fn a_factor_is_activated_without_hitting_an_mfa_required_error() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let requests = world.tenant.journal().requests();
    assert!(!requests.iter().any(|it| it.answer.contains("mfa_required")));
    assert!(is_active(&world, NOTHING, Factor::Totp));
}

// Seed 001: "Trigger enrollment for a fully authenticated user to add additional factors".
#[tokio::test]
async fn a_user_who_enrolled_otp_first_can_enroll_sms_later() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    super::add_number(&world, NOTHING, &mut browser).await;
    assert!(is_active(&world, NOTHING, Factor::Totp) && is_active(&world, NOTHING, Factor::Sms));
}

// Seed 001: "All MFA API calls also work on custom domains, even with an API audience of {{custom_domain}}/mfa/ …
// except for the /oauth/token endpoint… So that's why I got stuck at the end."
#[tokio::test]
async fn with_an_api_made_for_the_custom_domain_all_works_until_the_last_step_which_says_that_it_is_set_up_wrongly()
 {
    let log = Log::begin();
    let world = trapped().await;
    let mut browser = world.signed_in(NOTHING).await;
    assert_eq!(browser.page.status, 200, "listing works: {}", browser.page.text());
    super::press_scan(&mut browser).await;
    assert_eq!(browser.page.count("svg.qr"), 1, "associating works");
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NOTHING).totp_code_of(&key).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(last(&world, "POST", TOKEN).answer.contains("invalid audience"), "the last step does not");
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, WRONGLY));
    assert!(browser.page.text().contains("Nothing was changed"));
    assert!(!browser.page.text().contains("audience"), "people cannot mend it");
    let log = log.text();
    let audience = format!("{}mfa/", world.tenant.custom_url());
    assert!(log.contains(&audience) && log.contains("AUTH0_TENANT_DOMAIN"), "operators can: {log}");
    assert!(!is_active(&world, NOTHING, Factor::Totp));
}

// Seed 001: "Replacing it with the access token results in an invalid_grant error with description invalid audience".
#[tokio::test]
async fn invalid_audience_is_a_mistake_of_the_set_up_and_not_of_the_code() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let refusal = r#"{"error":"invalid_grant","error_description":"invalid audience"}"#;
    world.upset("POST", TOKEN, FaultKind::json(403, refusal));
    browser.press(CONFIRM, &[(CODE, "123456")]).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, WRONGLY));
}

// Seed 001: "if the access token is expired, the error changes to mfa token expired". (Today's wording is another.)
#[tokio::test]
async fn if_the_access_token_is_expired_the_error_changes_to_mfa_token_expired_and_one_signs_in_again() {
    for description in ["mfa token expired", "mfa_token is expired"] {
        let world = World::new().await;
        let mut browser = world.signed_in(NOTHING).await;
        super::press_scan(&mut browser).await;
        let refusal = json!({"error": "invalid_grant", "error_description": description}).to_string();
        world.upset("POST", TOKEN, FaultKind::json(403, &refusal));
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        assert_eq!(
            (browser.page.status.as_u16(), browser.page.heading().as_str()),
            (401, "Your visit has ended")
        );
    }
}

// Seed 001, the small gotcha: "you can use your custom domain for the /oauth/token for all requests, but the MFA API
// audience will still need to be https://YOUR_AUTH0.COM_DOMAIN/mfa/".
#[tokio::test]
async fn on_a_custom_domain_with_the_audience_of_the_canonical_one_every_call_works() {
    let world = World::with(&[("auth0-domain", "{custom}"), ("auth0-tenant-domain", "{tenant}")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    assert!(is_active(&world, NOTHING, Factor::Totp), "{}", browser.page.text());
    let custom = world.tenant.custom_url();
    let host = format!("localhost:{}", custom.port().unwrap());
    for (method, path) in [("GET", "/authorize"), ("GET", LIST), ("POST", ASSOCIATE), ("POST", TOKEN)] {
        assert_eq!(last(&world, method, path).header("host"), Some(&*host), "{path}");
    }
    let canonical = format!("{}mfa/", world.tenant.url());
    assert_eq!(last(&world, "GET", "/authorize").query("audience"), Some(&*canonical));
    let claims = claims(&bearer(&last(&world, "POST", ASSOCIATE)));
    assert_eq!(claims["iss"], custom.as_str());
}

// Seed 001, "never try to create an Auth0 API, they're already there": without it, the tenant says so at once.
#[tokio::test]
async fn without_that_api_the_tenant_knows_no_such_audience_and_the_page_says_that_it_is_set_up_wrongly() {
    let world = World::with(&[("auth0-domain", "{custom}")]).await;
    let mut browser = world.browser();
    browser.open("/").await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, WRONGLY));
}
