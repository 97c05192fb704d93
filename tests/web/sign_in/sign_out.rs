//! `/sign-out` and `/signed-out`: our session ends first, then the tenant's, and the tenant returns to our page.

use emulated_tenant::{Fault, FaultKind};
use reqwest::StatusCode;
use reqwest::header::COOKIE;
use time::Duration;
use url::Url;

use super::{ALEX, LIST, NORA, has_session, moved, parameter};
use crate::support::{Browser, World};

/// Whether these cookies still open the list.
async fn is_alive(world: &World, cookies: &str) -> bool {
    let request = world.browser().client().get(world.portal.clone()).header(COOKIE, cookies);
    request.send().await.unwrap().status() == StatusCode::OK
}

/// The tenant's URL with this path that the last navigation passed.
fn tenant_url(browser: &Browser, path: &str) -> Url {
    let found = browser.journey.iter().find(|url| url.path() == path);
    found.cloned().unwrap_or_else(|| panic!("{:?}", browser.journey))
}

// S-11
#[tokio::test]
async fn opening_the_sign_out_page_only_asks() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.follow("Sign out").await;
    assert_eq!((browser.page.heading().as_str(), browser.page.status), ("Sign out?", StatusCode::OK));
    assert!(is_alive(&world, &browser.cookies()).await);
    assert_eq!(browser.follow("Go back").await.heading(), LIST);
}

// S-11
#[tokio::test]
async fn signing_out_ends_the_session_here_and_at_the_tenant() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let cookies = browser.cookies();
    browser.follow("Sign out").await;
    browser.press("Sign out", &[]).await;
    assert_eq!((browser.page.path(), browser.page.heading().as_str()), ("/signed-out", "You are signed out"));
    let asked = tenant_url(&browser, "/oidc/logout");
    let back = world.portal.join("signed-out").unwrap();
    assert_eq!(parameter(&asked, "post_logout_redirect_uri").as_deref(), Some(back.as_str()));
    assert_eq!(parameter(&asked, "client_id").as_deref(), Some("mfa-portal"));
    assert!(parameter(&asked, "logout_hint").is_some(), "else the tenant asks once more");
    assert!(parameter(&asked, "id_token_hint").is_none(), "no token stands in an address");
    assert!(!has_session(&browser) && !is_alive(&world, &cookies).await);
    assert_eq!(
        browser.follow("Sign in again").await.heading(),
        "Sign in",
        "the tenant asks for the password"
    );
}

#[tokio::test]
async fn a_tenant_without_end_session_endpoint_is_left_by_v2_logout() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.end_session_endpoint = false);
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Sign out").await;
    browser.press("Sign out", &[]).await;
    let asked = tenant_url(&browser, "/v2/logout");
    assert_eq!(parameter(&asked, "returnTo"), Some(format!("{}signed-out", world.portal)));
    assert_eq!(parameter(&asked, "client_id").as_deref(), Some("mfa-portal"));
    assert!(parameter(&asked, "logout_hint").is_none());
    assert_eq!(browser.page.heading(), "You are signed out");
    assert_eq!(browser.open("/").await.heading(), "Sign in");
}

#[tokio::test]
async fn the_page_after_a_sign_out_claims_none_that_did_not_happen() {
    let world = World::new().await;
    let mut stranger = world.browser();
    assert_eq!(stranger.open("/signed-out").await.heading(), "Sign out?");
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.open("/signed-out").await.heading(), "Sign out?");
    browser.press("Sign out", &[]).await;
    assert_eq!(browser.page.heading(), "You are signed out");
    assert_eq!(browser.open("/signed-out").await.heading(), "You are signed out", "after a reload, too");
}

// L-20
#[tokio::test]
async fn sign_out_redirects_with_303_and_clears_only_our_cookie() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/sign-out").await;
    let answer = browser.request(&browser.page.form("Sign out")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(answer.headers().get("clear-site-data").is_none());
    assert_eq!(answer.headers()["cache-control"], "no-store, no-transform");
    let set: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    let mark = "mfa-portal-signed-out=1; HttpOnly; SameSite=Lax; Path=/; Max-Age=600";
    assert_eq!(set, [mark, "mfa-portal-session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"]);
}

#[tokio::test]
async fn a_form_without_our_csrf_token_signs_nobody_out() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/sign-out").await;
    let mut form = browser.page.form("Sign out");
    for token in ["", "guessed"] {
        form.set("csrf_token", token);
        assert_eq!(browser.send(&form).await.status, StatusCode::FORBIDDEN);
        browser.open("/sign-out").await;
    }
    assert!(is_alive(&world, &browser.cookies()).await);
}

// S-11
#[tokio::test]
async fn the_session_ends_even_while_the_tenant_is_away() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let cookies = browser.cookies();
    browser.open("/sign-out").await;
    world.tenant.stop().await;
    let answer = browser.request(&browser.page.form("Sign out")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(!has_session(&browser) && !is_alive(&world, &cookies).await);
    assert_eq!(browser.open("/signed-out").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sign_out_without_discovery_leaves_by_v2_logout() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("sessions.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let browser = world.signed_in(NORA).await;
    // A restarted portal has no discovery document yet.
    let restarted = world.beside(&[("session-store", &store)]);
    let away = FaultKind::html(503, "away");
    world.tenant.faults().inject(Fault::new("GET", "/.well-known/openid-configuration", away));
    let (cookies, mut browser) = (browser.cookies(), moved(&browser, &restarted));
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    tenant_url(&browser, "/v2/logout");
    assert_eq!((browser.page.path(), browser.page.heading().as_str()), ("/signed-out", "You are signed out"));
    assert!(!is_alive(&world, &cookies).await);
}

// L-22
#[tokio::test]
async fn the_signed_out_page_needs_no_session_and_signs_nobody_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    assert_eq!(browser.page.status, StatusCode::OK);
    assert!(browser.set_cookies.is_empty());
    assert!(world.tenant.journal().requests().is_empty());
}

/// Asserts that this browser's sign-out, with no session of ours, ends the tenant's by `/v2/logout`.
async fn assert_signs_out_at_the_tenant(world: &World, browser: &mut Browser) {
    let text = browser.page.text();
    assert!(text.contains("You may still be signed in to"), "{text}");
    browser.press("Sign out", &[]).await;
    let asked = tenant_url(browser, "/v2/logout");
    assert_eq!(parameter(&asked, "client_id").as_deref(), Some("mfa-portal"));
    assert_eq!(parameter(&asked, "returnTo"), Some(format!("{}signed-out", world.portal)));
    assert_eq!((browser.page.path(), browser.page.heading().as_str()), ("/signed-out", "You are signed out"));
    let again = browser.follow("Sign in again").await.heading();
    assert_eq!(again, "Sign in", "the tenant asks for the password");
}

// S-11
#[tokio::test]
async fn signing_out_after_the_visit_has_ended_signs_out_at_the_tenant() {
    for lapse in ["time", "cookie", "store"] {
        let world = World::new().await;
        let mut browser = world.signed_in(NORA).await;
        browser.open("/sign-out").await;
        match lapse {
            "time" => world.pass(Duration::minutes(10)),
            "cookie" => browser.plant("mfa-portal-session=; Max-Age=0"),
            _ => browser.plant("mfa-portal-session=AAAAAAAAAAAAAAAAAAAAAA"),
        }
        browser.open("/sign-out").await;
        assert_eq!(browser.page.status, StatusCode::OK);
        assert_signs_out_at_the_tenant(&world, &mut browser).await;
    }
}

// S-11
#[tokio::test]
async fn a_page_left_open_signs_out_at_the_tenant_after_the_visit() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/sign-out").await;
    world.pass(Duration::minutes(10));
    browser.press("Sign out", &[]).await;
    tenant_url(&browser, "/v2/logout");
    assert_eq!(browser.page.path(), "/signed-out");
    assert_eq!(browser.follow("Sign in again").await.heading(), "Sign in");
}

// S-11
#[tokio::test]
async fn another_sites_form_signs_nobody_out_at_the_tenant() {
    let world = World::new().await;
    let browser = world.browser();
    let own = world.portal.origin().ascii_serialization();
    for (name, value, passes) in [
        ("origin", own.as_str(), true),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "http://evil.example", false),
        ("origin", "null", false),
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
    ] {
        let request = browser.client().post(world.portal.join("sign-out").unwrap()).header(name, value);
        let answer = request.send().await.unwrap();
        let expected = if passes { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status(), expected, "{name}: {value}");
        assert_eq!(answer.headers().contains_key("location"), passes, "{name}: {value}");
    }
    assert!(world.tenant.journal().requests().is_empty(), "no page needs the tenant for it");
}

#[tokio::test]
async fn signing_out_leaves_the_persons_other_browsers_alone() {
    let world = World::new().await;
    let (mut one, two) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    one.follow("Sign out").await;
    one.press("Sign out", &[]).await;
    assert!(is_alive(&world, &two.cookies()).await);
}

// S-11, V-24
#[tokio::test]
async fn a_restart_does_not_revive_an_ended_session() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("sessions.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let (mut one, two) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    let cookies = one.cookies();
    one.follow("Sign out").await;
    one.press("Sign out", &[]).await;
    let restarted = world.beside(&[("session-store", &store)]);
    assert!(!is_alive(&restarted, &cookies).await);
    assert!(is_alive(&restarted, &two.cookies()).await, "the others live on");
}

#[tokio::test]
async fn a_path_prefix_is_kept_through_the_sign_out() {
    let world = World::with(&[("app-base-url", "http://127.0.0.1:{port}/account")]).await;
    let mut browser = world.signed_in(NORA).await;
    browser.follow("Sign out").await;
    browser.press("Sign out", &[]).await;
    assert_eq!(browser.page.path(), "/account/signed-out");
}
