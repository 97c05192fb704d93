//! Names and attributes of every cookie, over http on loopback and over https.

use reqwest::StatusCode;

use super::NORA;
use crate::support::{Browser, World};

/// A visit that sets every cookie and clears it again.
async fn visited(world: &World) -> Browser {
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(browser.page.status, StatusCode::OK);
    browser.follow("Sign out").await;
    let form = browser.page.form("Sign out");
    let answer = browser.request(&form).send().await.unwrap();
    let cleared = answer.headers().get_all("set-cookie").iter();
    browser.set_cookies.extend(cleared.map(|value| value.to_str().unwrap().to_owned()));
    own(browser)
}

/// Drops the tenant's cookies.
fn own(mut browser: Browser) -> Browser {
    browser.set_cookies.retain(|cookie| cookie.contains("mfa-portal-"));
    // Sign-in begun, session set, sign-in cookie deleted, browser known, session deleted, sign-out marked.
    assert_eq!(browser.set_cookies.len(), 6, "{:#?}", browser.set_cookies);
    browser
}

fn attributes(cookie: &str) -> Vec<&str> {
    cookie.split("; ").skip(1).filter(|it| !it.starts_with("Max-Age")).collect()
}

// S-01, S-02, X-02, X-07
#[tokio::test]
async fn https_cookies_are_host_prefixed_secure_and_http_only() {
    let world = World::with(&[("app-base-url", "https://mfa.example.com")]).await;
    for cookie in &visited(&world).await.set_cookies {
        assert!(cookie.starts_with("__Host-mfa-portal-"), "{cookie}");
        assert_eq!(attributes(cookie), ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"], "{cookie}");
    }
}

// S-01
#[tokio::test]
async fn loopback_cookies_differ_only_in_what_browsers_tie_to_https() {
    let world = World::new().await;
    for cookie in &visited(&world).await.set_cookies {
        assert!(cookie.starts_with("mfa-portal-"), "{cookie}");
        assert_eq!(attributes(cookie), ["HttpOnly", "SameSite=Lax", "Path=/"], "{cookie}");
    }
}

#[tokio::test]
async fn portals_under_two_paths_of_one_host_use_different_cookies() {
    let names = async |path: &str| {
        let world = World::with(&[("app-base-url", &format!("https://example.com{path}"))]).await;
        let visit = visited(&world).await;
        let name = |cookie: &String| cookie.split(['=', '.']).next().unwrap().to_owned();
        visit.set_cookies.iter().map(name).collect::<Vec<_>>()
    };
    let (one, two) = (names("/mfa").await, names("/other").await);
    assert!(one.iter().all(|name| !two.contains(name)), "{one:?} {two:?}");
    assert!(one.iter().chain(&two).all(|name| name.starts_with("__Host-")));
}

//
#[tokio::test]
async fn a_session_cookie_ends_with_the_browser_and_a_deletion_at_once() {
    let world = World::new().await;
    let cookies = visited(&world).await.set_cookies;
    let of = |name: &str| cookies.iter().filter(|it| it.starts_with(name)).cloned().collect::<Vec<_>>();
    let (session, begun) = (of("mfa-portal-session="), of("mfa-portal-sign-in."));
    assert!(!session[0].contains("Max-Age") && !session[0].contains("Expires"), "{}", session[0]);
    assert!(session[1].contains("=;") && session[1].contains("Max-Age=0"), "{}", session[1]);
    assert!(begun[0].contains("Max-Age=600"), "{}", begun[0]);
    assert!(begun[1].contains("=;") && begun[1].contains("Max-Age=0"), "{}", begun[1]);
}

#[tokio::test]
async fn a_visitor_without_a_sign_in_gets_no_session_cookie() {
    let world = World::new().await;
    let mut browser = world.browser();
    for page in ["/", "/factors", "/sign-out", "/signed-out", "/callback", "/no-such-page"] {
        browser.open(page).await;
    }
    assert!(
        !browser.set_cookies.iter().any(|cookie| cookie.contains("session")),
        "{:?}",
        browser.set_cookies
    );
}
