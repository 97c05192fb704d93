//! Cookies with EMBED_ORIGINS: partitioned, so that browsers accept them in a cross-site frame.

use super::{NORA, embeddable, embeddable_with, open_frame, redeem, ticket};
use crate::support::{Browser, World};

/// Signs in and out, which sets and deletes every cookie there is.
async fn sign_in_and_out(world: &World) -> Browser {
    let mut browser = world.browser();
    browser.open("/?theme=dark").await;
    browser.pass_sign_in(NORA).await;
    browser.follow("Sign out").await;
    browser.press("Sign out", &[]).await;
    browser.set_cookies.retain(|cookie| cookie.contains("mfa-portal-"));
    assert!(browser.set_cookies.len() >= 5, "{:#?}", browser.set_cookies);
    browser
}

fn attributes(cookie: &str) -> Vec<&str> {
    cookie.split("; ").skip(1).filter(|it| !it.starts_with("Max-Age")).collect()
}

// S-03, X-07
#[tokio::test]
async fn every_cookie_and_its_deletion_is_partitioned() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    for cookie in sign_in_and_out(&world).await.set_cookies.iter().chain(&framed.set_cookies) {
        assert!(cookie.starts_with("__Host-mfa-portal-"), "{cookie}");
        let expected = ["HttpOnly", "SameSite=None", "Secure", "Path=/", "Partitioned"];
        let mut found = attributes(cookie);
        found.sort_by_key(|it| expected.iter().position(|other| other == it));
        assert_eq!(found, expected, "{cookie}");
    }
    let deleted = |cookie: &&String| cookie.contains("-session=;") && cookie.contains("Max-Age=0");
    assert_eq!(sign_in_and_out(&world).await.set_cookies.iter().filter(deleted).count(), 1);
}

#[tokio::test]
async fn cookies_from_before_embedding_do_not_interfere() {
    let (before, after) =
        (World::with(&[("app-base-url", "https://mfa.example.com")]).await, embeddable().await);
    let names = async |world: &World| {
        let name = |cookie: &String| cookie.split(['=', '.']).next().unwrap().to_owned();
        sign_in_and_out(world).await.set_cookies.iter().map(name).collect::<Vec<_>>()
    };
    let (before, after) = (names(&before).await, names(&after).await);
    assert!(after.iter().all(|name| !before.contains(name)), "{before:?} {after:?}");
}

#[tokio::test]
async fn over_http_on_loopback_cookies_stay_unpartitioned() {
    let flags = [("app-base-url", "http://127.0.0.1:{port}"), ("embed-origins", "http://127.0.0.1:9")];
    let world = embeddable_with(&flags).await;
    for cookie in &sign_in_and_out(&world).await.set_cookies {
        assert_eq!(attributes(cookie), ["HttpOnly", "SameSite=Lax", "Path=/"], "{cookie}");
    }
}

#[tokio::test]
async fn a_session_that_replaces_an_ended_one_is_not_deleted_with_it() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    framed.plant("__Host-mfa-portal-embed-session=AAAAAAAAAAAAAAAAAAAAAA; Path=/");
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &super::challenge(&framed)).await;
    let answer = redeem(&framed, &world, &ticket).await;
    let set: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert_eq!(set.len(), 1, "{set:?}");
    assert!(!set[0].contains("Max-Age") && !set[0].contains("session=;"), "{set:?}");
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Two-step verification");
}
