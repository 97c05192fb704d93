//! Refusals by the tenant during a sign-in: each becomes a page in our own words.

use emulated_tenant::{Fault, FaultKind, Refusal};
use reqwest::StatusCode;

use super::{LIST, NORA, exchanges, has_session, is_friendly, with};
use crate::support::{Browser, World};

const DENIED: &str = "You could not be signed in";

/// A browser that the tenant sent back with this error.
async fn came_back_with(error: &str, description: &str) -> (World, Browser) {
    let world = World::new().await;
    let refusal = (error.to_owned(), description.to_owned());
    world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
    let mut browser = world.browser();
    browser.open("/").await;
    (world, browser)
}

async fn shows_error(error: &str, description: &str, status: u16, heading: &str) {
    let (world, browser) = came_back_with(error, description).await;
    assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (status, heading));
    is_friendly(&browser.page);
    assert!(!browser.page.html.contains(description), "upstream text is shown");
    assert_eq!(exchanges(&world), 0);
    assert!(!has_session(&browser));
}

#[tokio::test]
async fn a_cancelled_sign_in_changes_nothing_and_can_begin_again() {
    let world = World::with(&[("portal-url", "https://account.example.com/")]).await;
    let mut browser = world.browser();
    browser.open("/").await;
    browser.press("Cancel", &[]).await;
    assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.page.heading(), "Sign-in cancelled");
    assert!(!browser.page.title().contains("Error"), "they chose it: {}", browser.page.title());
    assert!(!browser.page.text().contains("reference"), "{}", browser.page.text());
    assert_eq!(browser.page.texts("main .button"), ["Sign in again", "Back to your account"]);
    assert!(browser.page.text().contains("Nothing was changed"));
    assert_eq!(browser.follow("Sign in again").await.heading(), "Sign in");
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), LIST);
}

#[tokio::test]
async fn only_auth0s_own_words_read_as_cancelled() {
    for (description, heading) in [
        ("User has canceled the interaction.", "Sign-in cancelled"),
        ("User did not authorize the request", "Sign-in cancelled"),
        ("Only staff may use this.", DENIED),
        ("Please verify your email before logging in.", DENIED),
        ("The user has canceled their contract", DENIED),
        ("", DENIED),
    ] {
        shows_heading("access_denied", description, heading).await;
    }
}

#[tokio::test]
async fn only_a_blocked_person_reads_as_blocked() {
    for (description, heading) in
        [("user is blocked", "Your account cannot sign in"), ("Your trial has ended.", DENIED), ("", DENIED)]
    {
        shows_heading("unauthorized", description, heading).await;
    }
}

async fn shows_heading(error: &str, description: &str, heading: &str) {
    let (_world, browser) = came_back_with(error, description).await;
    let said = (browser.page.status.as_u16(), browser.page.heading());
    assert_eq!(said, (403, heading.to_owned()), "{error}: {description}");
    is_friendly(&browser.page);
}

#[tokio::test]
async fn a_refused_person_may_choose_another_account() {
    let world = World::new().await;
    world.signed_in(NORA).await;
    let mut browser = world.browser();
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    let refusal = ("access_denied".to_owned(), "Only staff may use this.".to_owned());
    world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
    world.pass(time::Duration::minutes(11));
    browser.open("/").await;
    assert_eq!(browser.page.heading(), DENIED);
    assert!(browser.page.text().contains("confirm your e-mail address"), "{}", browser.page.text());
    world.tenant.configure(|settings| settings.authorize_error = None);
    browser.follow("Sign in with another account").await;
    assert_eq!(browser.page.heading(), "Sign in", "the tenant's session is not used");
    browser.pass_sign_in("push@example.com").await;
    assert!(browser.page.text().contains("Pia's phone"), "{}", browser.page.text());
}

#[tokio::test]
async fn the_company_is_named_where_it_is_meant() {
    let world = World::with(&[("brand-name", "Contoso")]).await;
    let refusal = ("access_denied".to_owned(), "no".to_owned());
    world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
    let mut browser = world.browser();
    browser.open("/").await;
    assert!(browser.page.text().contains("not let in by Contoso"), "{}", browser.page.text());
}

#[tokio::test]
async fn an_unknown_audience_is_reported_as_misconfiguration() {
    let text = "Service not found: https://login.example.com/mfa/";
    shows_error("access_denied", text, 502, "This page is not set up correctly").await;
}

#[tokio::test]
async fn a_custom_domain_without_the_canonical_one_is_misconfiguration() {
    let world = World::with(&[("auth0-domain", "{custom}")]).await;
    let mut browser = world.browser();
    browser.open("/").await;
    assert_eq!(browser.page.heading(), "This page is not set up correctly");
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn a_custom_domain_with_the_canonical_one_signs_in() {
    let world = World::with(&[("auth0-domain", "{custom}"), ("auth0-tenant-domain", "{tenant}")]).await;
    assert_eq!(world.signed_in(NORA).await.page.heading(), LIST);
}

#[tokio::test]
async fn a_blocked_account_is_explained() {
    shows_error("unauthorized", "user is blocked", 403, "Your account cannot sign in").await;
    let world = World::new().await;
    world.tenant.change_person(NORA, |person| person.blocked = true);
    let mut browser = world.browser();
    browser.open("/").await;
    assert_eq!(browser.pass_sign_in(NORA).await.heading(), "Your account cannot sign in");
}

#[tokio::test]
async fn a_tenant_rate_limit_is_reported_as_429() {
    let text =
        "The rate limit for endpoint /u/mfa-sms-challenge was reached. Please retry after a few minutes.";
    shows_error("invalid_request", text, 429, "Too many tries in a short time").await;
}

#[tokio::test]
async fn any_other_error_reads_as_a_failed_sign_in() {
    for (error, text) in [
        ("login_required", "Login required"),
        ("invalid_request", "Client \"X\" is not authorized to access resource server \"Y\"."),
        ("unsupported_response_type", "Only code"),
        ("server_error", "Unknown multifactor provider undefined"),
        ("unauthorized_client", "Grant type 'mfa' not allowed for the client."),
    ] {
        shows_error(error, text, 502, "The sign-in did not work").await;
    }
}

// L-11, V-10
#[tokio::test]
async fn error_text_from_the_url_is_never_shown() {
    let world = World::new().await;
    let payloads = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{7*7}}",
        "javascript:alert(1)",
        "Call +1 900 555 0199 to unlock your account",
    ];
    for payload in payloads {
        let mut browser = world.browser();
        let callback = with(&browser.until_callback(NORA).await, "code", None);
        world.tenant.sign_out_everywhere();
        let forged = with(&with(&callback, "error", Some(payload)), "error_description", Some(payload));
        browser.go(forged).await;
        is_friendly(&browser.page);
        assert_eq!(browser.page.heading(), "The sign-in did not work");
        let encoded = payload.replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;");
        for trace in [payload, &encoded, "alert(1)", "900 555"] {
            assert!(!browser.page.html.contains(trace), "{trace}");
        }
    }
    assert_eq!(exchanges(&world), 0);
}

// L-12
#[tokio::test]
async fn an_error_with_a_foreign_state_leaves_the_pending_sign_in_alone() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    for state in ["never-begun-never-begun", ""] {
        let forged = with(&with(&callback, "error", Some("access_denied")), "state", Some(state));
        browser.go(with(&forged, "code", None)).await;
        assert_eq!(
            browser.page.heading(),
            "This sign-in cannot be finished here",
            "as for a code: no oracle"
        );
        assert_eq!(browser.page.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(browser.go(callback).await.heading(), LIST);
}

#[tokio::test]
async fn an_error_beside_a_code_counts_as_an_error() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    browser.go(with(&callback, "error", Some("access_denied"))).await;
    assert_eq!((browser.page.status, exchanges(&world)), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn a_wrong_client_secret_is_misconfiguration_in_both_auth0_wordings() {
    let world = World::with(&[("auth0-client-secret", "not the secret")]).await;
    for answer in [
        Refusal::new(401, "access_denied", "Unauthorized"),
        Refusal::new(401, "invalid_client", "Client authentication failed"),
    ] {
        let text = answer.description.clone().into_owned();
        world.tenant.configure(|settings| settings.refusals.wrong_client = answer);
        let browser = world.signed_in(NORA).await;
        assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
        assert_eq!(browser.page.heading(), "This page is not set up correctly");
        assert!(!browser.page.html.contains(&text) && !has_session(&browser));
    }
}

#[tokio::test]
async fn a_missing_authorization_code_grant_is_misconfiguration() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = browser.until_callback(NORA).await;
    let body = r#"{"error":"unauthorized_client","error_description":"Grant type 'authorization_code' not allowed for the client."}"#;
    world.tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::json(403, body)));
    browser.go(callback).await;
    assert_eq!(browser.page.heading(), "This page is not set up correctly");
}

#[tokio::test]
async fn a_token_answer_without_an_id_token_signs_nobody_in() {
    let world = World::new().await;
    let granted = Some(vec!["enroll".to_owned(), "read:authenticators".to_owned()]);
    world.tenant.configure(|settings| settings.granted_scopes = granted);
    let browser = world.signed_in(NORA).await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert_eq!(browser.page.heading(), "The sign-in service gave an unexpected answer");
    assert!(!has_session(&browser));
}

/// The request goes through the browser of the visitor, and without its claims nobody hears of a change.
// N-01
#[tokio::test]
async fn a_token_without_the_claims_that_were_asked_for_signs_nobody_in() {
    const API: [&str; 3] = ["enroll", "read:authenticators", "remove:authenticators"];
    let cases = [
        (&["openid", "profile", "email"][..], true),
        (&["openid", "profile"], false),
        (&["openid", "email"], false),
        (&["openid"], false),
    ];
    // Where the answer names no scopes, the access token does.
    for ((claims, signs_in), in_response) in cases.into_iter().flat_map(|it| [(it, true), (it, false)]) {
        let world = World::new().await;
        let granted = claims.iter().chain(&API).map(ToString::to_string).collect();
        world.tenant.configure(|settings| {
            settings.granted_scopes = Some(granted);
            settings.scope_in_response = in_response;
        });
        let browser = world.signed_in(NORA).await;
        let case = format!("{claims:?}, {in_response}");
        assert_eq!(has_session(&browser), signs_in, "{case}");
        assert_eq!(browser.page.status == StatusCode::OK, signs_in, "{case}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn an_unreadable_token_answer_signs_nobody_in() {
    for body in ["", "[]", "{}", "{\"access_token\":42}", "<html>It works!</html>", "\u{0}"] {
        let world = World::new().await;
        let mut browser = world.browser();
        let callback = browser.until_callback(NORA).await;
        world.tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::json(200, body)));
        browser.go(callback).await;
        assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY, "{body}");
        assert!(!has_session(&browser) && exchanges(&world) == 1);
    }
}
