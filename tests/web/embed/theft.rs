//! Attacks on the hand-over: stolen, replayed, expired and forged tickets, and tickets forced upon a frame.

use std::fs;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use time::Duration;

use super::{
    ALEX, NORA, attribute, challenge, embeddable, embeddable_with, open_frame, redeem, request_ticket, ticket,
};
use crate::support::{Browser, World};

async fn assert_signed_out(frame: &mut Browser) {
    frame.open("/").await;
    assert_eq!(frame.page.heading(), "Sign in to see your ways to verify");
}

// S-04
#[tokio::test]
async fn a_ticket_works_once() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::NO_CONTENT);
    framed.plant("__Host-mfa-portal-embed-session=; Path=/; Max-Age=0");
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
    assert_signed_out(&mut framed).await;
}

#[tokio::test]
async fn a_ticket_redeemed_many_times_at_once_works_once() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let to = world.portal.join("hand-over/redeem").unwrap();
        let request = framed.client().post(to).form(&[("ticket", &ticket)]);
        all.spawn(async move { request.send().await.unwrap().status() });
    }
    let statuses = all.join_all().await;
    assert_eq!(statuses.iter().filter(|it| **it == StatusCode::NO_CONTENT).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn a_ticket_expires_after_a_minute() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    world.pass(Duration::seconds(60));
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
    assert_signed_out(&mut framed).await;
}

#[tokio::test]
async fn a_stolen_ticket_fails_with_another_frames_cookie_and_is_spent() {
    let world = embeddable().await;
    let (framed, mut thief) = (open_frame(&world).await, open_frame(&world).await);
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    assert_eq!(redeem(&thief, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
    assert_signed_out(&mut thief).await;
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_ticket_cannot_be_redeemed_without_the_frames_cookie() {
    let world = embeddable().await;
    let (framed, mut thief) = (open_frame(&world).await, world.browser());
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    assert_eq!(redeem(&thief, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
    // The page reveals the challenge, but not the cookie that it is derived from.
    thief.plant(&format!("__Host-mfa-portal-embed-frame={}; Path=/", challenge(&framed)));
    let ticket = super::ticket(&window, &world, &challenge(&framed)).await;
    assert_eq!(redeem(&thief, &world, &ticket).await.status(), StatusCode::FORBIDDEN);
    assert_signed_out(&mut thief.tab().framed()).await;
    thief.open("/").await;
    assert_eq!(thief.page.heading(), "Sign in");
}

/// Login CSRF: an attacker could try to put their own session into the person's frame.
#[tokio::test]
async fn a_frame_never_switches_to_another_person() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let (alex, nora) = (world.signed_in(ALEX).await, world.signed_in(NORA).await);
    let first = ticket(&alex, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &first).await;
    let second = ticket(&nora, &world, &challenge(&framed)).await;
    let answer = redeem(&framed, &world, &second).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_signed_out(&mut framed).await;
}

#[tokio::test]
async fn another_site_can_neither_make_nor_redeem_a_ticket() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let (challenge, token) = (challenge(&framed), attribute(&window, "data-csrf-token"));
    let good = ticket(&window, &world, &challenge).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://account.example.org"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let make = window.client().post(world.portal.join("hand-over").unwrap()).header(name, value);
        let make = make.form(&[("challenge", &challenge), ("csrf_token", &token)]).send().await.unwrap();
        assert_eq!(make.status(), StatusCode::FORBIDDEN, "{name}: {value}");
        let redeem = framed.client().post(world.portal.join("hand-over/redeem").unwrap()).header(name, value);
        let redeem = redeem.form(&[("ticket", &good)]).send().await.unwrap();
        assert_eq!(redeem.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_signed_out(&mut framed).await;
}

#[tokio::test]
async fn a_ticket_requires_a_session_and_its_csrf_token() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    let (window, other) = (world.signed_in(NORA).await, world.signed_in(ALEX).await);
    let (challenge, token) = (challenge(&framed), attribute(&window, "data-csrf-token"));
    let foreign = attribute(&other, "data-csrf-token");
    for (browser, token, expected) in [
        (&framed, token.as_str(), StatusCode::UNAUTHORIZED),
        (&window, "", StatusCode::FORBIDDEN),
        (&window, foreign.as_str(), StatusCode::FORBIDDEN),
    ] {
        let answer =
            request_ticket(browser, &world, &[("challenge", &challenge), ("csrf_token", token)]).await;
        assert_eq!(answer.status(), expected);
    }
    for challenge in ["", "short", &"A".repeat(44)] {
        let answer =
            request_ticket(&window, &world, &[("challenge", challenge), ("csrf_token", &token)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{challenge}");
    }
}

#[tokio::test]
async fn without_embedding_no_ticket_is_made() {
    let world = World::new().await;
    let mut window = world.signed_in(ALEX).await;
    window.follow("Remove authenticator app").await;
    let token = window.page.attr("[name=csrf_token]", "value").unwrap();
    let answer =
        request_ticket(&window, &world, &[("challenge", &"A".repeat(43)), ("csrf_token", &token)]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invalid_ticket_is_refused_with_a_page() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    for ticket in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", &"A".repeat(10_000)] {
        let answer = redeem(&framed, &world, ticket).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{ticket}");
        assert!(answer.text().await.unwrap().contains("<h1>"));
    }
    let to = world.portal.join("hand-over/redeem").unwrap();
    let empty = framed.client().post(to.clone()).form(&[("other", "x")]).send().await.unwrap();
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
    let json = framed.client().post(to).body("{}").send().await.unwrap();
    assert_eq!(json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_window_cannot_inject_a_notice_into_the_frame() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let window = world.signed_in(ALEX).await;
    let (challenge, token) = (challenge(&framed), attribute(&window, "data-csrf-token"));
    for words in ["Call 0800 123456", "{\"id\":\"notice-removed-totp\",\"ending\":\"1234\"}", &"A".repeat(80)]
    {
        let fields = [("challenge", challenge.as_str()), ("csrf_token", &token), ("notice", words)];
        let ticket = request_ticket(&window, &world, &fields).await.text().await.unwrap();
        redeem(&framed, &world, &ticket).await;
        framed.open("/").await;
        assert_eq!(framed.page.notice(), "", "{words}");
    }
}

#[tokio::test]
async fn a_stolen_store_reveals_neither_ticket_nor_session() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let world = embeddable_with(&[("session-store", &format!("sqlite:{}", path.display()))]).await;
    let framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    let cookies = window.cookies();
    let session =
        cookies.split("; ").find_map(|it| it.strip_prefix("__Host-mfa-portal-embed-session=")).unwrap();
    let challenge = challenge(&framed);
    for entry in fs::read_dir(directory.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for secret in [ticket.as_str(), session, challenge.as_str(), NORA] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is readable");
        }
    }
}

#[tokio::test]
async fn tickets_appear_in_no_url_and_in_no_cache() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    let fields = [("challenge", challenge(&framed)), ("csrf_token", attribute(&window, "data-csrf-token"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = request_ticket(&window, &world, &fields).await;
    let kept = |headers: &HeaderMap| headers["cache-control"].to_str().unwrap().to_owned();
    assert_eq!(kept(answer.headers()), "no-store, no-transform");
    let ticket = answer.text().await.unwrap();
    assert!(ticket.len() >= 22, "128 bits in base64: {ticket}");
    for path in ["hand-over", "hand-over/redeem"] {
        let url = world.portal.join(&format!("{path}?ticket={ticket}")).unwrap();
        let answer = framed.client().get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::NO_CONTENT);
}
