//! Auth0 community thread 44384: "Associate MFA factor from own UI: error on factor activation".

use emulated_tenant::{Factor, FaultKind};
use serde_json::json;

use super::{
    APP_PHONE, ASSOCIATE, NOTHING, TOKEN, World, add_app, bearer, claims, field, is_active, json, last,
};
use crate::factors::{CODE, CONFIRM};
use crate::support::{LIST, Log};

const MISCONFIGURED: &str = "This page is not set up correctly";

/// A portal on the custom domain, with a self-made API `{{auth0-custom-domain}}/mfa`, as in the thread.
async fn with_self_made_api() -> World {
    let world = World::with(&[("auth0-domain", "{custom}")]).await;
    world.tenant.configure(|settings| settings.custom_domain_api = true);
    world
}

// Step 1. The closing answer of the thread writes delete:authenticators, which does not exist: Auth0's page "Manage
// Authenticator Factors with Auth0 MFA API" has remove:authenticators.
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

// Step 2, where `["opt"]` is a typo for otp.
#[tokio::test]
async fn associate_is_posted_with_authenticator_types_otp() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    assert_eq!(json(&last(&world, "POST", ASSOCIATE).body), json!({"authenticator_types": ["otp"]}));
}

// Step 3.
#[tokio::test]
async fn secret_and_barcode_uri_of_the_association_are_shown() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let answer = json(&last(&world, "POST", ASSOCIATE).response);
    assert_eq!(answer["authenticator_type"], "otp");
    assert_eq!(browser.page.text_of(".key").replace(' ', ""), answer["secret"].as_str().unwrap());
    let link = browser.page.attr("a[href^='otpauth:']", "href");
    assert_eq!(link.as_deref(), answer["barcode_uri"].as_str());
}

// After step 4.
#[tokio::test]
async fn an_associated_factor_is_inactive_and_not_listed() {
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

// The answer: "essentially, the same token used for enrollment is used to confirm the authenticator".
#[tokio::test]
async fn the_enrolling_token_also_confirms_the_authenticator() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let confirm = last(&world, "POST", TOKEN);
    assert_eq!(field(&confirm, "mfa_token"), Some(bearer(&last(&world, "POST", ASSOCIATE))));
    assert!(is_active(&world, NOTHING, Factor::Totp));
}

// The question: "at no point have I hit an mfa_required error", "the user is signed in normally".
#[tokio::test]
async fn a_factor_is_activated_without_an_mfa_required_error() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let requests = world.tenant.journal().requests();
    assert!(!requests.iter().any(|it| it.response.contains("mfa_required")));
    assert!(is_active(&world, NOTHING, Factor::Totp));
}

// "Trigger enrollment for a fully authenticated user to add additional factors".
#[tokio::test]
async fn a_user_who_enrolled_otp_first_can_enroll_sms_later() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    world.tenant.sign_out_everywhere();
    world.pass(time::Duration::seconds(31));
    let mut later = world.signed_in(NOTHING).await;
    super::add_number(&world, NOTHING, &mut later).await;
    assert!(is_active(&world, NOTHING, Factor::Totp) && is_active(&world, NOTHING, Factor::Sms));
}

// "All MFA API calls also work on custom domains, even with an API audience of {{custom_domain}}/mfa/ …
// except for the /oauth/token endpoint… So that's why I got stuck at the end."
#[tokio::test]
async fn a_self_made_api_on_the_custom_domain_fails_at_the_confirmation() {
    let log = Log::begin();
    let world = with_self_made_api().await;
    let mut browser = world.signed_in(NOTHING).await;
    assert_eq!(browser.page.status, 200, "listing works: {}", browser.page.text());
    super::press_scan(&mut browser).await;
    assert_eq!(browser.page.count("svg.qr"), 1, "associating works");
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NOTHING).totp_code_of(&key).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(last(&world, "POST", TOKEN).response.contains("invalid audience"), "the last step does not");
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, MISCONFIGURED));
    assert!(browser.page.text().contains("Nothing was changed"));
    assert!(!browser.page.text().contains("audience"), "people cannot mend it");
    let log = log.text();
    let audience = format!("{}mfa/", world.tenant.custom_url());
    assert!(log.contains(&audience) && log.contains("AUTH0_TENANT_DOMAIN"), "operators can: {log}");
    assert!(!is_active(&world, NOTHING, Factor::Totp));
}

// "Replacing it with the access token results in an invalid_grant error with description invalid audience".
#[tokio::test]
async fn invalid_audience_is_reported_as_misconfiguration() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    super::press_scan(&mut browser).await;
    let refusal = r#"{"error":"invalid_grant","error_description":"invalid audience"}"#;
    world.upset("POST", TOKEN, FaultKind::json(403, refusal));
    browser.press(CONFIRM, &[(CODE, "123456")]).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, MISCONFIGURED));
}

// "if the access token is expired, the error changes to mfa token expired". Tenants now write "mfa_token is expired".
#[tokio::test]
async fn an_expired_mfa_token_ends_the_visit() {
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

// The small gotcha: "you can use your custom domain for the /oauth/token for all requests, but the MFA API
// audience will still need to be https://YOUR_AUTH0.COM_DOMAIN/mfa/".
#[tokio::test]
async fn a_custom_domain_with_the_canonical_audience_works_for_every_call() {
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

// "never try to create an Auth0 API, they're already there": without one, the tenant refuses the audience at once.
#[tokio::test]
async fn a_custom_domain_audience_without_an_api_is_misconfiguration() {
    let world = World::with(&[("auth0-domain", "{custom}")]).await;
    let mut browser = world.browser();
    browser.open("/").await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (502, MISCONFIGURED));
}
