//! `GET /sign-in`: the authorization request, and the page that the person returns to.

use std::collections::HashSet;

use mfa_portal::random::Random;
use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{ALEX, LIST, NORA, exchanges, parameter};
use crate::support::{Browser, World};

/// The authorization URL that the portal redirects to.
async fn authorization(browser: &Browser, world: &World) -> Url {
    let url = world.portal.join("sign-in").unwrap();
    let answer = browser.client().get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
}

/// The sign-in transaction cookies that the browser holds.
fn pending(browser: &Browser) -> Vec<String> {
    let cookies = browser.cookies();
    cookies.split("; ").filter(|it| it.starts_with("mfa-portal-sign-in.")).map(ToOwned::to_owned).collect()
}

// L-01
#[tokio::test]
async fn the_authorization_request_uses_pkce_and_only_the_needed_scopes() {
    let world = World::new().await;
    let url = authorization(&world.browser(), &world).await;
    let asked = |name: &str| parameter(&url, name).unwrap_or_default();
    assert_eq!(url.origin(), world.tenant.url().origin());
    assert_eq!(asked("response_type"), "code");
    assert_eq!(asked("code_challenge_method"), "S256");
    assert_eq!(asked("code_challenge").len(), 43);
    assert_eq!(asked("scope"), "openid profile email enroll read:authenticators remove:authenticators");
    assert_eq!(asked("audience"), format!("{}mfa/", world.tenant.url()));
    assert_eq!(asked("redirect_uri"), format!("{}callback", world.portal));
    assert_eq!(asked("max_age"), "2592000", "which makes Auth0 say when the person last signed in");
    assert_eq!(asked("client_id"), "mfa-portal");
    assert!(!url.as_str().contains("secret") && !url.as_str().contains("offline_access"));
}

// L-02
#[tokio::test]
async fn every_sign_in_has_its_own_state_nonce_and_challenge() {
    let world = World::new().await;
    let mut seen = HashSet::new();
    for _ in 0..200 {
        let url = authorization(&world.browser(), &world).await;
        for name in ["state", "nonce", "code_challenge"] {
            let value = parameter(&url, name).unwrap();
            assert!(value.len() >= 22, "128 bits in base64: {value}");
            assert!(seen.insert(value), "{name} came twice");
        }
    }
}

// L-02, S-05
#[test]
fn ids_and_verifiers_hold_enough_random_bits() {
    let random = Random::system();
    let ids: HashSet<String> = (0..10_000).map(|_| random.id()).collect();
    assert_eq!(ids.len(), 10_000);
    // Each of the 128 bits is set about half of the time.
    let mut set = [0_u32; 128];
    for _ in 0..4_000 {
        let bits = u128::from_be_bytes(random.bytes::<16>());
        set.iter_mut().enumerate().for_each(|(at, count)| *count += u32::from(bits >> at & 1 == 1));
    }
    assert!(set.iter().all(|count| (1_700..2_300).contains(count)), "{set:?}");
    assert_eq!(random.verifier().len(), 43);
}

// V-27
#[tokio::test]
async fn the_sign_in_cookie_is_small_short_lived_and_sealed() {
    let world = World::new().await;
    let mut browser = world.browser();
    let deep = format!("sign-in?next=/authenticators/remove?id={}", "a".repeat(120));
    browser.open(&deep).await;
    let [set] = &browser.set_cookies[..1] else { panic!("no cookie") };
    assert!(set.len() <= 512, "{} bytes", set.len());
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=600"), "{set}");
    let state = parameter(&browser.journey[1], "state").unwrap();
    assert!(!set.contains(&state) && !set.contains("authenticators"));
    for plain in browser.journey[1].query_pairs().map(|(_, value)| value.into_owned()) {
        assert!(plain.len() < 12 || !set.contains(&plain), "{plain}");
    }
}

// L-14
#[tokio::test]
async fn every_protected_page_is_returned_to_after_the_sign_in() {
    for page in ["/factors", "/factors/sms", "/factors/totp", "/recovery-code"] {
        let world = World::new().await;
        let mut browser = world.browser();
        browser.open(page).await;
        browser.pass_sign_in(NORA).await;
        assert_eq!((browser.page.path(), browser.page.status), (page, StatusCode::OK));
    }
}

#[tokio::test]
async fn a_deep_link_keeps_its_query_through_the_sign_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001").await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.heading(), "Remove the authenticator app?");
}

#[tokio::test]
async fn a_path_prefix_is_kept_through_the_sign_in() {
    let world = World::with(&[("app-base-url", "http://127.0.0.1:{port}/account/security")]).await;
    let mut browser = world.browser();
    browser.open("factors/sms").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/account/security/factors/sms");
}

// L-17
#[tokio::test]
async fn three_concurrent_sign_ins_finish_in_any_order() {
    let world = World::new().await;
    let mut one = world.browser();
    let (mut two, mut three) = (one.tab(), one.tab());
    let first = one.until_callback_from("factors", NORA).await;
    let second = two.until_callback_from("factors/sms", NORA).await;
    let third = three.until_callback_from("factors/totp", NORA).await;
    assert_eq!(three.go(third).await.path(), "/factors/totp");
    assert_eq!(one.go(first).await.path(), "/factors");
    assert_eq!(two.go(second).await.path(), "/factors/sms");
    assert_eq!(exchanges(&world), 3);
    assert!(pending(&one).is_empty(), "{:?}", pending(&one));
}

// L-17, V-18
#[tokio::test]
async fn fifty_unfinished_sign_ins_leave_five_small_cookies_and_the_newest_works() {
    let world = World::new().await;
    let mut browser = world.browser();
    let oldest = browser.until_callback(NORA).await;
    for _ in 0..50 {
        world.pass(time::Duration::seconds(1));
        authorization(&browser, &world).await;
        assert!(pending(&browser).len() <= 5);
    }
    assert!(browser.cookies().len() < 4096, "{} bytes", browser.cookies().len());
    assert!(pending(&browser).iter().all(|cookie| cookie.len() <= 512));
    let newest = browser.until_callback(NORA).await;
    assert_eq!(browser.go(oldest).await.heading(), "This sign-in cannot be finished here");
    assert_eq!(browser.go(newest).await.heading(), LIST);
}

// L-08
#[tokio::test]
async fn a_discovery_document_with_foreign_endpoints_is_refused() {
    let changes: [(&str, Value); 8] = [
        ("issuer", json!("https://evil.example/")),
        ("issuer", json!("without the slash")),
        ("authorization_endpoint", json!("https://evil.example/authorize")),
        ("token_endpoint", json!("https://evil.example/oauth/token")),
        ("jwks_uri", json!("https://evil.example/jwks")),
        ("end_session_endpoint", json!("https://evil.example/logout")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("token_endpoint", json!(42)),
    ];
    for (name, value) in changes {
        let world = World::new().await;
        let issuer = world.tenant.url().as_str().trim_end_matches('/').to_owned();
        let value = if value == "without the slash" { json!(issuer) } else { value };
        world.tenant.tamper_discovery(move |document| document[name] = value.clone());
        let mut browser = world.browser();
        browser.open("/sign-in").await;
        assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY, "{name}");
        assert!(browser.page.title().starts_with("Error:"));
        assert!(browser.set_cookies.is_empty() && !browser.page.html.contains("evil.example"));
        world.tenant.clear_tampering();
        world.pass(time::Duration::SECOND);
        assert_eq!(browser.open("/sign-in").await.heading(), "Sign in", "the mistake is not remembered");
    }
}

#[tokio::test]
async fn a_signed_in_person_may_sign_in_again() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.open("/sign-in").await.heading(), LIST);
}
