//! Genuine values of an attacker's own visit, planted in another browser under names that only look like ours.

use reqwest::StatusCode;
use time::Duration;

use super::{ALEX, NORA, cookie, disguises, get_with, https, joined, pair, set_cookies};
use crate::support::{Browser, World, without_nonces};

// L-03, L-23
#[tokio::test]
async fn a_planted_sign_in_does_not_finish_in_another_browser() {
    // Login CSRF: the callback's address is the attacker's, and so is the sealed transaction.
    let world = https().await;
    let mut attacker = world.browser();
    let callback = attacker.until_callback(ALEX).await;
    let (name, sealed) = cookie(&attacker, "sign-in");
    let address = format!("{}?{}", callback.path(), callback.query().unwrap());
    for disguise in disguises(&name) {
        let answer = get_with(&world, &address, pair(&disguise, &sealed)).await;
        let shown = String::from_utf8_lossy(&disguise);
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{shown}");
        assert!(set_cookies(&answer).is_empty(), "{shown}: {:?}", set_cookies(&answer));
    }
    assert_eq!(world.tenant.journal().count("POST", "/oauth/token"), 0);
    let answer = get_with(&world, &address, pair(&name, &sealed)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "the control");
}

/// The page for a browser with these cookies, without what differs on every page.
async fn page(world: &World, path: &str, cookies: impl AsRef<[u8]>) -> (String, Vec<String>) {
    let answer = get_with(world, path, cookies).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let set = set_cookies(&answer);
    (without_nonces(&answer.text().await.unwrap()), set)
}

/// Asserts that the attacker's cookie counts under its own name on this page, and not under any disguise.
async fn counts_only_undisguised(world: &World, path: &str, victim: &Browser, planted: (String, String)) {
    let own = victim.cookies();
    let (name, value) = planted;
    let with = |name: &[u8]| joined(&[own.as_bytes(), &pair(name, &value)]);
    let plain = page(world, path, &own).await;
    assert_ne!(page(world, path, with(name.as_bytes())).await, plain, "{name} has no effect on {path}");
    for disguise in disguises(&name) {
        let shown = String::from_utf8_lossy(&disguise).into_owned();
        assert_eq!(page(world, path, with(&disguise)).await, plain, "{shown} has an effect on {path}");
    }
}

// C-05
#[tokio::test]
async fn a_planted_form_draft_fills_in_nothing() {
    let world = https().await;
    let mut attacker = world.signed_in(ALEX).await;
    attacker.open("/factors/sms").await;
    let mut form = attacker.page.form("Send the code");
    form.set("phone_number", "+44 7700 900666");
    world.pass(Duration::minutes(10));
    attacker.send(&form).await;
    let victim = world.signed_in(ALEX).await;
    counts_only_undisguised(&world, "/factors/sms", &victim, cookie(&attacker, "draft")).await;
}

#[tokio::test]
async fn a_planted_deep_link_leads_nowhere() {
    let world = World::with(&[
        ("app-base-url", "https://mfa.example.com"),
        ("return-origins", "https://portal.example.com"),
    ])
    .await;
    let mut attacker = world.browser();
    attacker.open("/?return_to=https://portal.example.com/evil").await;
    let victim = world.signed_in(NORA).await;
    counts_only_undisguised(&world, "/", &victim, cookie(&attacker, "deep-link")).await;
}

#[tokio::test]
async fn a_planted_language_or_theme_changes_no_page() {
    let world = https().await;
    let mut attacker = world.browser();
    attacker.open("/signed-out?lang=de&theme=dark").await;
    let victim = world.signed_in(NORA).await;
    for word in ["language", "theme"] {
        counts_only_undisguised(&world, "/", &victim, cookie(&attacker, word)).await;
    }
    let locale = ("__Host-mfa-portal-locale".to_owned(), "fr".to_owned());
    counts_only_undisguised(&world, "/", &victim, locale).await;
}

#[tokio::test]
async fn a_planted_nonce_does_not_become_a_frames() {
    let world = World::with(&[
        ("app-base-url", "https://mfa.example.com"),
        ("embed-origins", "https://account.example.org"),
    ])
    .await;
    let mut attacker = world.browser().framed();
    attacker.open("/").await;
    let (name, nonce) = cookie(&attacker, "embed-frame");
    let frames = async |name: &[u8]| {
        let client = world.browser().client().clone();
        let planted = reqwest::header::HeaderValue::from_bytes(&pair(name, &nonce)).unwrap();
        let request = client.get(world.portal.clone()).header("sec-fetch-dest", "iframe");
        set_cookies(&request.header("cookie", planted).send().await.unwrap())
    };
    assert!(frames(name.as_bytes()).await.is_empty(), "the control");
    for disguise in disguises(&name) {
        let set = frames(&disguise).await;
        assert!(set.len() == 1 && !set[0].contains(&nonce), "{}", String::from_utf8_lossy(&disguise));
    }
}
