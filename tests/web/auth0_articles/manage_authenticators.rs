//! Auth0's page "Manage Authenticator Factors with Auth0 MFA API", section by section.

use emulated_tenant::{Factor, Person};
use serde_json::json;
use time::Duration;

use super::{APP_PHONE, ASSOCIATE, NOTHING, TOKEN, World, add_number, bearer, last};
use crate::support::{Browser, LIST};

const PUSH: &str = "push@example.com";
const EIGHT: &str = "eight@example.com";

fn removals(browser: &Browser) -> Vec<String> {
    browser.page.controls().into_iter().filter(|it| it.starts_with("Remove")).collect()
}

/// Signed in with the password alone; a challenge may follow.
async fn after_password(world: &World, email: &str) -> Browser {
    let mut browser = world.browser();
    browser.open("/").await;
    browser
        .press("Continue", &[("E-mail address", email), ("Password", emulated_tenant::DEMO_PASSWORD)])
        .await;
    browser
}

// Get MFA API access tokens: "the user is issued the MFA challenge upon login".
#[tokio::test]
async fn a_user_with_a_factor_other_than_email_is_challenged() {
    let world = World::new().await;
    for email in [APP_PHONE, PUSH, EIGHT] {
        let browser = after_password(&world, email).await;
        assert!(browser.page.path().starts_with("/u/"), "{email} is at {}", browser.page.url);
    }
}

// Get MFA API access tokens: "… or are only enrolled with the email factor, the MFA token is minted and the
// user not issued a challenge".
#[tokio::test]
async fn a_user_with_no_factor_or_only_email_is_not_challenged() {
    let world = World::new().await;
    world.tenant.add_person(Person::new("Mia Mail", "mia@example.com"));
    for email in [NOTHING, "mia@example.com"] {
        let browser = after_password(&world, email).await;
        assert_eq!((email, browser.page.path()), (email, "/"));
        world.tenant.sign_out_everywhere();
    }
}

// "The default expiry time of access tokens with the https://{yourDomain}/mfa/* audience is 10 minutes."
#[tokio::test]
async fn the_visit_ends_shortly_before_the_token_expires() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    world.pass(Duration::seconds(569));
    browser.open("/").await;
    assert_eq!((browser.journey.len(), browser.page.path()), (1, "/"));
    world.pass(Duration::seconds(2));
    browser.open("/").await;
    assert!(browser.journey.len() > 1, "through the sign-in");
    let refused = world.tenant.journal().requests().into_iter().filter(|it| it.status == Some(401)).count();
    assert_eq!(refused, 0, "no call was made with an expired token");
}

// Universal Login: "redirect to the Authorize endpoint, specifying the … audience", and Scopes.
// L-19
#[tokio::test]
async fn authorize_is_asked_for_the_audience_and_the_three_scopes() {
    let world = World::new().await;
    world.signed_in(NOTHING).await;
    let authorize = last(&world, "GET", "/authorize");
    assert_eq!(authorize.query("audience"), Some(&*format!("{}mfa/", world.tenant.url())));
    let scope = authorize.query("scope").unwrap();
    assert!(scope.ends_with("enroll read:authenticators remove:authenticators"), "{scope}");
}

// Resource owner password grant: not used, because the portal never sees a password.
#[tokio::test]
async fn the_password_grant_is_not_used() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    let requests = world.tenant.journal().requests();
    assert!(requests.iter().filter(|it| it.path == TOKEN).all(|it| !it.body.contains("grant_type=password")));
}

// List authenticators, with the page's sample answer.
#[tokio::test]
async fn the_documented_sample_list_is_shown() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    world.lists(&json!([
        {"authenticator_type": "recovery-code", "id": "recovery-code|dev_IsBj5j3H12VAdOIj", "active": true},
        {"authenticator_type": "otp", "id": "totp|dev_nELLU4PFUiTW6iWs", "active": true},
        {"authenticator_type": "oob", "oob_channel": "sms", "id": "sms|dev_sEe99pcpN0xp0yOO",
            "name": "+1123XXXXX", "active": true},
    ]));
    browser.open("/").await;
    let list = last(&world, "GET", LIST);
    assert!(!bearer(&list).is_empty());
    let entries = browser.page.entries();
    assert_eq!(entries.len(), 3);
    for begin in ["Authenticator app", "Phone +1123XXXXX Text message", "Recovery code"] {
        assert!(entries.iter().any(|it| it.starts_with(begin)), "{begin}: {entries:?}");
    }
}

// List: "you should ignore authenticators that have active as false".
#[tokio::test]
async fn inactive_authenticators_are_ignored() {
    let world = World::new().await;
    let browser = world.signed_in(EIGHT).await;
    assert_eq!(world.unfinished(EIGHT), 3);
    assert_eq!(browser.page.entries().len(), 4);
}

// List, Push and OTP: "If push is enabled, Auth0 also creates an OTP enrollment. You will see both".
#[tokio::test]
async fn push_and_the_otp_it_creates_are_shown_as_one() {
    let world = World::new().await;
    let browser = world.signed_in(PUSH).await;
    let active = world.tenant.authenticators(PUSH);
    assert!(
        active.iter().any(|it| it.factor == Factor::Totp)
            && active.iter().any(|it| it.factor == Factor::Push)
    );
    assert_eq!(removals(&browser), ["Remove push notifications"]);
}

// List, SMS and Voice: "Auth0 automatically creates two authenticators for the phone number".
#[tokio::test]
async fn sms_and_voice_of_one_number_are_shown_as_one() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_number(&world, NOTHING, &mut browser).await;
    browser.open("/").await;
    let phones = world.tenant.authenticators(NOTHING);
    let active = |factor| phones.iter().filter(|it| it.factor == factor && it.active).count();
    assert_eq!((active(Factor::Sms), active(Factor::Voice)), (1, 1));
    assert_eq!(removals(&browser), ["Remove phone ending 0123"]);
}

// List, Email: "All verified emails will be listed as authenticators."
#[tokio::test]
async fn all_verified_emails_are_listed() {
    let world = World::new().await;
    let verified = world.signed_in(APP_PHONE).await;
    assert!(verified.page.entries().iter().any(|it| it.starts_with("E-mail")));
    world.tenant.sign_out_everywhere();
    let unverified = world.signed_in(NOTHING).await;
    assert_eq!(unverified.page.entries(), Vec::<String>::new());
}

// Enroll authenticators: the list offers each factor that the API enrolls.
#[tokio::test]
async fn each_factor_that_the_api_enrolls_is_offered() {
    let world = World::new().await;
    let browser = world.signed_in(NOTHING).await;
    let offers = browser.page.controls().join("\n");
    for kind in ["an authenticator app", "a phone number", "an e-mail address"] {
        assert!(offers.contains(&format!("Add {kind}")), "{kind}: {offers}");
    }
    assert!(
        offers.contains("We text or call you") && offers.contains("Set up push notifications"),
        "{offers}"
    );
}

// Delete: "send a DELETE request to the MFA Authenticators endpoint … You can get the ID when you list", and
// "If the authenticator was deleted, a 204 response is returned."
#[tokio::test]
async fn deleting_a_listed_id_is_answered_with_204() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    let delete = last(&world, "DELETE", &format!("{LIST}/totp%7Cdev_AppPhoneTotp0001"));
    assert_eq!((delete.status, delete.body.as_str()), (Some(204), ""));
    assert!(!bearer(&delete).starts_with("Fe26"), "an access token, for an mfa_token is not enough");
}

// Delete, Push and OTP: "If you delete either of them, the other one will also be deleted."
#[tokio::test]
async fn deleting_push_also_deletes_its_otp() {
    let world = World::new().await;
    let mut browser = world.signed_in(PUSH).await;
    browser.follow("Remove push notifications").await;
    browser.press("Remove push notifications", &[]).await;
    browser.press("Remove push notifications", &[]).await;
    let left = world.tenant.authenticators(PUSH);
    assert!(left.iter().all(|it| it.from_profile), "{left:?}");
}

// Delete, SMS and Voice: "If you delete either of them, the other will will also be deleted."
#[tokio::test]
async fn deleting_sms_also_deletes_voice() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Remove phone ending 0167").await;
    browser.press("Remove the number", &[]).await;
    let left = world.tenant.authenticators(APP_PHONE);
    assert!(!left.iter().any(|it| matches!(it.factor, Factor::Sms | Factor::Voice)), "{left:?}");
}

// Delete, Email: "All verified emails listed as authenticators, but you can't delete them."
#[tokio::test]
async fn verified_emails_cannot_be_deleted() {
    let world = World::new().await;
    let browser = world.signed_in(APP_PHONE).await;
    assert!(!removals(&browser).iter().any(|it| it.contains("e-mail")));
}

// Delete, Email: "You can only delete email authenticators that are enrolled explicitly."
#[tokio::test]
async fn explicitly_enrolled_emails_can_be_deleted() {
    let world = World::new().await;
    let mut browser = world.signed_in(EIGHT).await;
    let remove = removals(&browser).into_iter().find(|it| it.contains("e-mail")).unwrap();
    browser.follow(&remove).await;
    browser.press("Remove the address", &[]).await;
    assert!(!world.tenant.authenticators(EIGHT).iter().any(|it| it.factor == Factor::Email));
}

// Regenerate recovery codes: "get an Auth0 Management API access token and use the Recovery Code Regeneration
// endpoint … the end user will need to capture" it.
#[tokio::test]
async fn a_recovery_code_is_regenerated_through_the_management_api() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let old = world.devices(APP_PHONE).recovery_code();
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Get a new recovery code").await;
    browser.press("Get a new recovery code", &[]).await;
    assert_eq!(world.calls("POST", "/api/v2/users/auth0%7Capp.phone/recovery-code-regeneration"), 1);
    let new = world.devices(APP_PHONE).recovery_code();
    assert_ne!(new, old);
    assert_eq!(Some(browser.page.text_of(".recovery").replace(' ', "")), new);
}

// Get MFA API access tokens: one visit that lists, enrolls and deletes.
#[tokio::test]
async fn one_token_lists_enrolls_and_deletes() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    let token = bearer(&last(&world, "GET", LIST));
    add_number(&world, APP_PHONE, &mut browser).await;
    browser.follow("Remove phone ending 0123").await;
    browser.press("Remove the number", &[]).await;
    assert_eq!(bearer(&last(&world, "POST", ASSOCIATE)), token);
    let requests = world.tenant.journal().requests();
    assert!(requests.iter().filter(|it| it.method == "DELETE").all(|it| bearer(it) == token));
}
