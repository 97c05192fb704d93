//! Refusals of `POST /mfa/associate`: Auth0 API reference, *Add an Authenticator*, and error texts from SDKs' tests.

use super::{NOT_KNOWN, RENEW, RETRY, Refusal, SCAN, TO_LIST, UNCHANGED, about_to_scan, refusal};
use crate::factors::{APP_PHONE, mistake};
use crate::support::{ASSOCIATE, World};

const ENROLLED: (u16, &str, &str) = (409, "You already have a way to verify", RENEW);
const ENDED: (u16, &str, &str) = (401, "Your visit has ended", RENEW);
const SENT: (u16, &str, &str) = (429, "Too many codes were sent", TO_LIST);
const UNAVAILABLE: (u16, &str, &str) = (409, "This way is not available here", TO_LIST);
const FULL: (u16, &str, &str) = (409, "Your list is full", "Show the unfinished ones");
const SCOPE: (u16, &str, &str) = (403, "This is not allowed here", TO_LIST);
const HURRY: (u16, &str, &str) = (429, "Too many tries in a short time", RETRY);
const WRONG_SETUP: (u16, &str, &str) = (502, "This page is not set up correctly", TO_LIST);
const NO: (u16, &str, &str) = (502, "The sign-in service refused this", TO_LIST);

const TOO_MANY_SMS: &str = "Too many SMS sent by the user. Wait for some minutes before retrying.";
const INVALID_TOKEN: &str = "The mfa_token provided is invalid. Try getting a new token.";

const REFUSALS: &[Refusal] = &[
    refusal((403, "access_denied", "User is already enrolled."), ENROLLED),
    refusal((400, "enrollment_conflict", ""), ENROLLED),
    refusal((401, "invalid_grant", INVALID_TOKEN), ENDED),
    refusal((401, "invalid_token", ""), ENDED),
    refusal((401, "", ""), ENDED),
    refusal((401, "expired_token", "mfa_token is expired"), ENDED),
    refusal((400, "invalid_request", TOO_MANY_SMS), SENT),
    refusal((429, "invalid_request", TOO_MANY_SMS), SENT),
    refusal((400, "too_many_sms", ""), SENT),
    refusal((400, "unsupported_challenge_type", ""), UNAVAILABLE),
    refusal((400, "feature_disabled_by_admin", ""), UNAVAILABLE),
    refusal((403, "enrollment_method_disabled", ""), UNAVAILABLE),
    refusal((400, "error_sending_sms", ""), UNAVAILABLE),
    refusal((400, "invalid_request", "The factor is not enabled."), UNAVAILABLE),
    refusal((403, "insufficient_scope", "Insufficient scope"), SCOPE),
    refusal((400, "invalid_request", "The user has reached the maximum number of authenticators."), FULL),
    refusal((429, "too_many_requests", "Rate limit exceeded. Please retry after some time."), HURRY),
    refusal((429, "", ""), HURRY),
    refusal((403, "unauthorized_client", "Grant type 'x' not allowed for the client."), WRONG_SETUP),
    refusal((400, "invalid_request", "Something that nobody has written down."), NO),
    refusal((400, "no_such_error", "<b>Something</b> else."), NO),
    refusal((418, "", ""), NO),
];

#[tokio::test]
async fn each_refused_association_is_explained_with_a_next_step() {
    for case in REFUSALS {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        world.upset("POST", ASSOCIATE, case.fault());
        browser.press(SCAN, &[]).await;
        case.assert_explained(&browser.page);
        assert!(!browser.page.text().contains(NOT_KNOWN), "a refusal is certain: {:?}", case.answer);
        assert_eq!(world.calls("POST", ASSOCIATE), 1, "a POST is never repeated: {:?}", case.answer);
        assert_eq!(world.unfinished(APP_PHONE), 0);
    }
}

#[tokio::test]
async fn each_refused_association_says_that_nothing_was_changed() {
    for case in REFUSALS.iter().filter(|case| case.page != WRONG_SETUP) {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        world.upset("POST", ASSOCIATE, case.fault());
        browser.press(SCAN, &[]).await;
        assert!(browser.page.text().contains(UNCHANGED), "{:?}: {}", case.answer, browser.page.text());
    }
}

#[tokio::test]
async fn error_descriptions_match_without_case_and_final_dot() {
    for description in ["user is already enrolled", "USER IS ALREADY ENROLLED."] {
        let world = World::new().await;
        let mut browser = about_to_scan(&world).await;
        world.upset("POST", ASSOCIATE, refusal((403, "access_denied", description), ENROLLED).fault());
        browser.press(SCAN, &[]).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (ENROLLED.0, ENROLLED.1));
    }
}

#[tokio::test]
async fn a_refused_number_is_a_field_error_whatever_the_status() {
    for status in [400, 403, 422] {
        let world = World::new().await;
        let mut browser = world.signed_in(APP_PHONE).await;
        browser.open("/factors/sms").await;
        let fault = refusal((status, "invalid_request", "The phone number is invalid."), NO).fault();
        world.upset("POST", ASSOCIATE, fault);
        browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
        mistake(&browser.page, "phone_number");
        assert!(!browser.page.html.contains("The phone number is invalid."));
    }
}

#[tokio::test]
async fn any_other_400_for_something_typed_comes_back_to_its_field() {
    for (page, label, typed, field) in [
        ("/factors/sms", "Phone number", "+44 7700 900123", "phone_number"),
        ("/factors/email", "E-mail address", "alex@example.net", "email"),
    ] {
        for said in ["Something that nobody has written down.", "Invalid destination", ""] {
            let world = World::new().await;
            let mut browser = world.signed_in(APP_PHONE).await;
            browser.open(page).await;
            world.upset("POST", ASSOCIATE, refusal((400, "invalid_request", said), NO).fault());
            browser.press("Send the code", &[(label, typed)]).await;
            assert!(mistake(&browser.page, field).contains("Check it"), "{said}");
            assert_eq!(
                browser.page.attr(&format!("#{field}"), "value").as_deref(),
                Some(typed),
                "what was typed is kept"
            );
        }
    }
}

#[tokio::test]
async fn the_tenants_authenticator_limit_is_explained() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.authenticator_limit = 5);
    let mut browser = about_to_scan(&world).await;
    browser.press(SCAN, &[]).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (FULL.0, FULL.1));
}

#[tokio::test]
async fn a_factor_disabled_at_the_tenant_is_explained() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.factors.clear());
    let mut browser = about_to_scan(&world).await;
    browser.press(SCAN, &[]).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (UNAVAILABLE.0, UNAVAILABLE.1)
    );
    browser.open("/").await;
    assert_eq!(browser.page.status, 200);
}
