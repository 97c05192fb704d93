//! Refusals of the confirmation at `POST /oauth/token` and of `POST /mfa/challenge`: Auth0 API reference, *Verify MFA
//! with OTP*, *Verify with Out-of-Band* and *Request MFA Challenge*, recorded traffic, and error texts from SDKs'
//! tests.

use emulated_tenant::Factor;

use super::{NOT_KNOWN, RENEW, RETRY, Refusal, TO_LIST, UNCHANGED, about_to_confirm, refusal};
use crate::factors::{APP_PHONE, CODE, CONFIRM, mistake};
use crate::support::{Browser, TOKEN, World};

const ENDED: (u16, &str, &str) = (401, "Your visit has ended", RENEW);
const SCOPE: (u16, &str, &str) = (403, "This is not allowed here", TO_LIST);
const HURRY: (u16, &str, &str) = (429, "Too many tries in a short time", RETRY);
const UNAVAILABLE: (u16, &str, &str) = (409, "This way is not available here", TO_LIST);
const WRONG_SETUP: (u16, &str, &str) = (502, "This page is not set up correctly", TO_LIST);
const GONE: (u16, &str, &str) = (404, "It is not there any more", TO_LIST);
const NO_RECOVERY_CODE: (u16, &str, &str) = (404, "There is no recovery code to replace", TO_LIST);
const DENIED: (u16, &str, &str) = (422, "The sign-in service refused this", TO_LIST);
const NO: (u16, &str, &str) = (502, "The sign-in service refused this", TO_LIST);

const PAGES: &[Refusal] = &[
    refusal((401, "expired_token", "mfa_token is expired"), ENDED),
    refusal((403, "invalid_grant", "mfa token expired"), ENDED),
    refusal((403, "invalid_grant", "Malformed mfa_token"), ENDED),
    refusal((401, "invalid_grant", "The mfa_token provided is invalid. Try getting a new token."), ENDED),
    refusal((403, "mfa_required", "Multifactor authentication required"), ENDED),
    refusal((403, "invalid_grant", "invalid audience"), WRONG_SETUP),
    refusal((400, "invalid_request", "mfa_token not issued to this client"), WRONG_SETUP),
    refusal((403, "unauthorized_client", "Grant type 'mfa-otp' not allowed for the client."), WRONG_SETUP),
    refusal((401, "access_denied", "Unauthorized"), WRONG_SETUP),
    refusal((401, "invalid_client", "Client authentication failed"), WRONG_SETUP),
    refusal((400, "access_denied", "MFA Authorization rejected."), DENIED),
    refusal((403, "invalid_grant", "MFA Authorization rejected."), DENIED),
    refusal(
        (400, "authorization_pending", "Authorization pending: please repeat the request in a few seconds."),
        DENIED,
    ),
    refusal((400, "slow_down", "You are polling faster than allowed."), HURRY),
    refusal(
        (
            401,
            "unsupported_challenge_type",
            "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.",
        ),
        GONE,
    ),
    refusal((403, "unsupported_challenge_type", "User does not have a recovery-code."), NO_RECOVERY_CODE),
    refusal(
        (400, "association_required", "User does not have any confirmed authenticator associated."),
        GONE,
    ),
    refusal((404, "authenticator_not_found", "Authenticator not found"), GONE),
    refusal((400, "invalid_request", "Invalid challenge type"), UNAVAILABLE),
    refusal((400, "unsupported_challenge_type", ""), UNAVAILABLE),
    refusal((403, "insufficient_scope", ""), SCOPE),
    refusal((429, "too_many_requests", "Rate limit exceeded. Please retry after some time."), HURRY),
    refusal((400, "unsupported_grant_type", "Unsupported grant type: x"), NO),
    refusal((400, "invalid_request", "Something that nobody has written down."), NO),
    refusal((403, "invalid_grant", "Something that nobody has written down."), NO),
];

/// The tenant's answers that become an error at the field, with words of its message.
const MISTAKES: [((u16, &str, &str), &str); 12] = [
    ((403, "invalid_grant", "Invalid otp_code."), "wrong"),
    ((403, "invalid_grant", "invalid OTP_CODE"), "wrong"),
    ((403, "invalid_grant", "Invalid binding_code."), "wrong"),
    ((400, "invalid_request", "Missing required parameter: binding_code"), "wrong"),
    ((403, "invalid_grant", "Malformed oob_code"), "has expired"),
    ((401, "expired_token", "oob_code is expired"), "has expired"),
    ((403, "expired_token", "oob_code is expired"), "has expired"),
    ((400, "invalid_request", "The oob_code doesn't match the mfa_token"), "has expired"),
    (
        (400, "invalid_request", "Too many failed codes. Wait for some minutes before retrying."),
        "Too many wrong",
    ),
    (
        (429, "invalid_request", "Too many failed codes. Wait for some minutes before retrying."),
        "Too many wrong",
    ),
    ((429, "too_many_attempts", "Too many attempts"), "Too many wrong"),
    ((429, "too_many_attempts", ""), "Too many wrong"),
];

async fn about_to_confirm_a_number(world: &World) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    browser
}

#[tokio::test]
async fn a_refused_code_is_a_field_error_and_the_enrollment_stays_open() {
    for (answer, says) in MISTAKES {
        let world = World::new().await;
        let mut browser = about_to_confirm_a_number(&world).await;
        world.upset("POST", TOKEN, refusal(answer, NO).fault());
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        let why = mistake(&browser.page, "code");
        let fits = why.contains(says) || (says == "wrong" && why.contains("not the code we sent"));
        assert!(fits, "{answer:?}: {why}");
        assert!(answer.2.is_empty() || !browser.page.html.contains(answer.2), "{answer:?} is shown");
        let code = world.devices(APP_PHONE).last_code(Factor::Sms).unwrap();
        browser.press(CONFIRM, &[(CODE, &code)]).await;
        assert_eq!(browser.page.path(), "/", "the right code still works after {answer:?}");
    }
}

#[tokio::test]
async fn every_other_refusal_is_explained_with_a_next_step() {
    for case in PAGES {
        let world = World::new().await;
        let mut browser = about_to_confirm(&world).await;
        let before = world.calls("POST", TOKEN);
        world.upset("POST", TOKEN, case.fault());
        browser.press(CONFIRM, &[(CODE, "123456")]).await;
        case.assert_explained(&browser.page);
        assert!(browser.page.text().contains(UNCHANGED), "{:?}: {}", case.answer, browser.page.text());
        assert!(!browser.page.text().contains(NOT_KNOWN), "{:?}", case.answer);
        assert_eq!(world.calls("POST", TOKEN), before + 1, "a POST is never repeated: {:?}", case.answer);
    }
}

#[tokio::test]
async fn an_expired_token_leads_through_sign_in_back_to_the_set_up() {
    let world = World::new().await;
    let mut browser = about_to_confirm(&world).await;
    let set_up = browser.page.path().to_owned();
    world.upset("POST", TOKEN, PAGES[0].fault());
    browser.press(CONFIRM, &[(CODE, "123456")]).await;
    // The tenant challenges again, so that the new session may change something without a step-up.
    world.tenant.configure(|settings| settings.session_skips_challenge = false);
    world.pass(time::Duration::seconds(31));
    browser.follow(RENEW).await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), (set_up.as_str(), 200));
    assert_eq!(browser.page.count("svg.qr"), 1, "the set-up is still there");
    assert_eq!(world.unfinished(APP_PHONE), 1);
}

// E-10
#[tokio::test]
async fn a_confirmation_with_another_persons_token_is_refused() {
    let world = World::new().await;
    let mut browser = about_to_confirm(&world).await;
    // {"alg":"RS256"}.{"sub":"auth0|somebody-else"} and a signature that is not checked
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhdXRoMHxzb21lYm9keS1lbHNlIn0.AAAA";
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":600}}"#);
    world.upset("POST", TOKEN, emulated_tenant::FaultKind::json(200, &body));
    browser.press(CONFIRM, &[(CODE, "123456")]).await;
    assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
    assert!(!browser.page.notice().contains("added"));
}
