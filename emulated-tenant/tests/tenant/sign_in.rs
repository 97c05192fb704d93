//! `/authorize`, the pages of Universal Login, and the authorization code grant.

use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Options, Tenant};

use crate::client::{APP_PHONE, CALLBACK, EIGHT, NOTHING, PUSH, SCOPE, World, decode, parameter, read};

#[tokio::test]
async fn a_tenant_starts_within_a_second() {
    let before = Instant::now();
    let tenant = Tenant::start(Options::default()).await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
    assert!(tenant.url().as_str().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn a_person_with_nothing_enrolled_signs_in_without_a_challenge() {
    let world = World::start().await;
    let callback = world.callback(NOTHING, &[]).await;
    assert!(callback.as_str().starts_with(CALLBACK));
    assert_eq!(parameter(&callback, "state"), "the-state");
    assert!(!callback.as_str().contains("iss="));
    let tokens = world.exchange(&parameter(&callback, "code")).await;
    assert_eq!(tokens.status, 200);
    assert_eq!(tokens.text("scope"), SCOPE);
    assert_eq!(tokens.body["expires_in"], 600);
    let (header, access) = decode(&tokens.text("access_token"));
    assert_eq!(header["alg"], "RS256");
    assert_eq!(access["aud"][0], world.audience());
    let (_, id) = decode(&tokens.text("id_token"));
    assert_eq!(id["nonce"], "the-nonce");
    assert_eq!(id["email_verified"], false);
    assert_eq!(id["name"], "Nora Nothing");
    assert!(id.get("amr").is_none() && id.get("auth_time").is_none() && id["sid"].is_string());
}

#[tokio::test]
async fn a_person_with_an_app_is_challenged_and_the_id_token_has_amr() {
    let world = World::start().await;
    let (_, id) = decode(&world.tokens(APP_PHONE, &[("max_age", "2592000")]).await.text("id_token"));
    assert_eq!(id["amr"][0], "mfa");
    assert_eq!(id["acr"], "http://schemas.openid.net/pape/policies/2007/06/multi-factor");
    assert_eq!(id["auth_time"], 1_800_000_000);
    // The second time the session skips the challenge, so the token has no `amr`.
    let (_, id) = decode(&world.tokens(APP_PHONE, &[]).await.text("id_token"));
    assert!(id.get("amr").is_none() && id.get("auth_time").is_none());
}

#[tokio::test]
async fn a_code_sent_by_text_passes_the_challenge_and_can_be_sent_again() {
    let world = World::start().await;
    let page = world.log_in(&world.authorize(&[]).await, APP_PHONE).await;
    let sms = world.tenant.person(APP_PHONE).unwrap().active(Factor::Sms).unwrap().id.clone();
    let page = world.challenge(&page, "authenticator", &sms).await;
    let page = world.challenge(&page, "action", "resend").await;
    let devices = world.tenant.devices(APP_PHONE);
    assert_eq!(devices.messages().len(), 2);
    let callback = world.challenge(&page, "code", &devices.last_code(Factor::Sms).unwrap()).await;
    assert!(callback.as_str().starts_with(CALLBACK), "{callback}");
}

#[tokio::test]
async fn a_push_notification_passes_the_challenge_once_it_is_approved() {
    let world = World::start().await;
    let page = world.log_in(&world.authorize(&[]).await, PUSH).await;
    let push = world.tenant.person(PUSH).unwrap().active(Factor::Push).unwrap().id.clone();
    let page = world.challenge(&page, "authenticator", &push).await;
    let waiting = world.http.get(page.clone()).send().await.unwrap();
    assert_eq!(waiting.status(), 200);
    assert!(waiting.text().await.unwrap().contains("http-equiv=\"refresh\""));
    assert!(world.tenant.devices(PUSH).approve_push());
    let callback = world.redirect(world.http.get(page)).await;
    assert!(callback.as_str().starts_with(CALLBACK), "{callback}");
}

#[tokio::test]
async fn a_recovery_code_passes_the_challenge_and_is_replaced() {
    let world = World::start().await;
    let page = world.log_in(&world.authorize(&[]).await, APP_PHONE).await;
    let recovery = world.tenant.person(APP_PHONE).unwrap().active(Factor::RecoveryCode).unwrap().clone();
    let page = world.challenge(&page, "authenticator", &recovery.id).await;
    let page = world.challenge(&page, "code", recovery.secret.as_deref().unwrap()).await;
    let text = world.http.get(page.clone()).send().await.unwrap().text().await.unwrap();
    let next = world.tenant.devices(APP_PHONE).recovery_code().unwrap();
    assert!(text.contains(&next) && Some(next) != recovery.secret);
    let form = [("state", parameter(&page, "state"))];
    let callback = world.redirect(world.http.post(world.at("u/recovery-code")).form(&form)).await;
    assert!(callback.as_str().starts_with(CALLBACK));
}

#[tokio::test]
async fn the_challenge_page_reports_a_wrong_code() {
    let world = World::start().await;
    let page = world.log_in(&world.authorize(&[]).await, EIGHT).await;
    let app = world.tenant.person(EIGHT).unwrap().active(Factor::Totp).unwrap().id.clone();
    let page = world.challenge(&page, "authenticator", &app).await;
    let form = [("state", &*parameter(&page, "state")), ("code", "nonsense")];
    let wrong = world.http.post(world.at("u/challenge")).form(&form).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    assert_eq!(wrong.headers()["x-frame-options"], "deny");
    assert!(wrong.text().await.unwrap().contains("Invalid otp_code."));
}

#[tokio::test]
async fn a_code_of_an_unconfirmed_app_passes_no_challenge() {
    let world = World::start().await;
    let page = world.log_in(&world.authorize(&[]).await, EIGHT).await;
    let person = world.tenant.person(EIGHT).unwrap();
    let page = world.challenge(&page, "authenticator", &person.active(Factor::Totp).unwrap().id).await;
    let unfinished =
        person.authenticators.iter().find(|one| one.factor == Factor::Totp && !one.active).unwrap();
    let code = world.tenant.devices(EIGHT).totp_code_of(unfinished.secret.as_ref().unwrap()).unwrap();
    let form = [("state", parameter(&page, "state")), ("code", code)];
    let wrong = world.http.post(world.at("u/challenge")).form(&form).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let still = world.tenant.person(EIGHT).unwrap();
    assert!(!still.authenticator(&unfinished.id).unwrap().active);
}

#[tokio::test]
async fn cancelling_redirects_with_access_denied() {
    let world = World::start().await;
    let page = world.authorize(&[]).await;
    let form = [("state", &*parameter(&page, "state")), ("action", "cancel")];
    let callback = world.redirect(world.http.post(world.at("u/login")).form(&form)).await;
    assert_eq!(parameter(&callback, "error"), "access_denied");
    assert_eq!(parameter(&callback, "error_description"), "User has canceled the interaction.");
    assert_eq!(parameter(&callback, "state"), "the-state");
}

#[tokio::test]
async fn an_unknown_application_or_callback_is_never_redirected_to() {
    let world = World::start().await;
    for wrong in [("client_id", "stranger"), ("redirect_uri", "http://evil.example/callback")] {
        let answer = world.http.get(world.authorize_url(&[wrong])).send().await.unwrap();
        assert_eq!(answer.status(), 403);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_custom_error_page_gets_the_errors_that_must_not_be_redirected() {
    let world = World::start().await;
    world.tenant.configure(|settings| settings.error_page = Some("https://errors.example/".to_owned()));
    let page = world.authorize(&[("redirect_uri", "http://evil.example/callback")]).await;
    assert_eq!((page.host_str(), &*parameter(&page, "error")), (Some("errors.example"), "invalid_request"));
    assert!(parameter(&page, "error_description").starts_with("Callback URL mismatch"), "{page}");
}

#[tokio::test]
async fn the_userinfo_audience_exists_on_the_canonical_domain_only() {
    let world = World::start().await;
    let silent = async |audience: &str| {
        let url = world.authorize(&[("prompt", "none"), ("audience", audience)]).await;
        parameter(&url, "error")
    };
    assert_eq!(silent(&format!("{}userinfo", world.tenant.url())).await, "login_required");
    assert_eq!(silent(&format!("{}userinfo", world.tenant.custom_url())).await, "access_denied");
    world.tenant.configure(|settings| settings.login_required_first = true);
    assert_eq!(silent("urn:anything").await, "login_required");
}

#[tokio::test]
async fn a_token_without_a_code_needs_the_implicit_grant_and_is_refused_in_the_fragment() {
    let world = World::start().await;
    let refused = async || {
        let url = world.authorize(&[("response_type", "token"), ("prompt", "none")]).await;
        assert!(url.query().is_none(), "{url}");
        url.fragment().unwrap_or_default().to_owned()
    };
    assert!(refused().await.starts_with("error=unauthorized_client&"), "{}", refused().await);
    world.tenant.configure(|settings| settings.implicit_grant = true);
    assert!(refused().await.starts_with("error=login_required&"), "{}", refused().await);
}

#[tokio::test]
async fn authorization_is_refused_in_auth0s_words() {
    let world = World::start().await;
    let error = async |more: &[(&str, &str)]| {
        let url = world.authorize(more).await;
        format!("{} {}", parameter(&url, "error"), parameter(&url, "error_description"))
    };
    assert_eq!(
        error(&[("audience", "http://x/mfa/")]).await,
        "access_denied Service not found: http://x/mfa/"
    );
    assert_eq!(error(&[("prompt", "none")]).await, "login_required Login required");
    assert!(error(&[("response_type", "device")]).await.starts_with("unsupported_response_type"));
    assert!(error(&[("code_challenge_method", "plain")]).await.starts_with("invalid_request"));
    world.tenant.configure(|settings| settings.mfa_grant = false);
    assert!(error(&[]).await.starts_with("unauthorized_client"));
    let blocked = Some(("unauthorized".to_owned(), "user is blocked".to_owned()));
    world.tenant.configure(|settings| settings.authorize_error = blocked);
    assert_eq!(error(&[]).await, "unauthorized user is blocked");
}

#[tokio::test]
async fn max_age_and_prompt_ask_for_the_password_again() {
    let world = World::start().await;
    world.callback(NOTHING, &[]).await;
    assert_eq!(world.authorize(&[("max_age", "0")]).await.path(), "/u/login");
    assert_eq!(world.authorize(&[("prompt", "login")]).await.path(), "/u/login");
    assert_eq!(world.authorize(&[("prompt", "none")]).await.path(), "/callback");
    world.tenant.clock().advance(Duration::from_secs(61));
    assert_eq!(world.authorize(&[("max_age", "60")]).await.path(), "/u/login");
    world.tenant.sign_out_everywhere();
    assert_eq!(world.authorize(&[]).await.path(), "/u/login");
}

#[tokio::test]
async fn silent_sign_in_fails_if_sessions_do_not_skip_the_challenge() {
    let world = World::with(|settings| settings.session_skips_challenge = false).await;
    world.callback(APP_PHONE, &[]).await;
    assert_eq!(world.authorize(&[]).await.path(), "/u/challenge");
    let refused = world.authorize(&[("prompt", "none")]).await;
    assert_eq!(parameter(&refused, "error"), "interaction_required");
}

#[tokio::test]
async fn a_blocked_person_is_redirected_with_unauthorized() {
    let world = World::start().await;
    world.tenant.change_person(NOTHING, |person| person.blocked = true);
    let callback = world.callback(NOTHING, &[]).await;
    assert_eq!(parameter(&callback, "error"), "unauthorized");
}

#[tokio::test]
async fn the_callback_has_iss_if_the_setting_is_on() {
    let world = World::with(|settings| settings.callback_issuer = true).await;
    assert_eq!(parameter(&world.callback(NOTHING, &[]).await, "iss"), world.tenant.url().as_str());
}

#[tokio::test]
async fn codes_are_refused_in_auth0s_words() {
    let world = World::start().await;
    let invalid = "403 invalid_grant Invalid authorization code";
    assert_eq!(world.exchange("nonsense").await.line(), invalid);
    let code = parameter(&world.callback(NOTHING, &[]).await, "code");
    assert_eq!(world.exchange(&code).await.status, 200);
    assert_eq!(world.exchange(&code).await.line(), invalid, "used");
    let code = parameter(&world.callback(NOTHING, &[]).await, "code");
    world.tenant.clock().advance(Duration::from_secs(301));
    assert_eq!(world.exchange(&code).await.line(), invalid, "expired");
    let code = parameter(&world.callback(NOTHING, &[]).await, "code");
    let parameters = [("code", &*code), ("redirect_uri", CALLBACK), ("code_verifier", "wrong")];
    let wrong = world.token("authorization_code", &parameters).await;
    assert_eq!(wrong.line(), "403 invalid_grant Failed to verify code verifier");
    let missing = world.token("authorization_code", &[]).await;
    assert_eq!(missing.line(), "400 invalid_request Missing required parameter: code");
}

#[tokio::test]
async fn client_credentials_may_be_sent_by_basic_or_in_a_json_body() {
    let world = World::with(|settings| settings.client_secret = "a_b c".to_owned()).await;
    let code = parameter(&world.callback(NOTHING, &[]).await, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", crate::client::VERIFIER),
    ];
    let request =
        world.http.post(world.at("oauth/token")).basic_auth("mfa%2Dportal", Some("a%5Fb+c")).form(&form);
    assert_eq!(read(request.send().await.unwrap()).await.status, 200);
    let wrong = world.exchange(&code).await;
    assert_eq!(wrong.line(), "401 access_denied Unauthorized");
    let body =
        serde_json::json!({ "grant_type": "magic", "client_id": "mfa-portal", "client_secret": "a_b c" });
    let json = read(world.http.post(world.at("oauth/token")).json(&body).send().await.unwrap()).await;
    assert_eq!(json.line(), "400 unsupported_grant_type Unsupported grant type: magic");
}

#[tokio::test]
async fn the_setting_granted_scopes_limits_the_scopes() {
    let world =
        World::with(|settings| settings.granted_scopes = Some(vec!["openid".into(), "enroll".into()])).await;
    let tokens =
        world.tokens(NOTHING, &[("scope", "openid enroll read:authenticators delete:everything")]).await;
    assert_eq!(tokens.text("scope"), "openid enroll");
    let refused = world.list(&tokens.text("access_token")).await;
    assert_eq!(refused.line(), "403 insufficient_scope Insufficient scope");
}
