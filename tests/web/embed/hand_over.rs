//! Handing a session over from a window to a cross-site frame: both share its end, its notices and its sign-out.

use emulated_tenant::Tamper;
use reqwest::StatusCode;
use time::Duration;

use super::{ALEX, NORA, challenge, embeddable, embeddable_with, open_frame, redeem, sign_in_window, ticket};
use crate::support::{Browser, World};

/// Signs in in a window and hands the session over. Returns the frame and the window.
async fn hand_over_session(world: &World, email: &str) -> (Browser, Browser) {
    let mut framed = open_frame(world).await;
    let window = world.signed_in(email).await;
    let ticket = ticket(&window, world, &challenge(&framed)).await;
    let answer = redeem(&framed, world, &ticket).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    framed.open("/").await;
    (framed, window)
}

// S-04
#[tokio::test]
async fn the_frame_shows_the_list_after_a_sign_in_in_the_window() {
    let world = embeddable().await;
    let (framed, window) = hand_over_session(&world, ALEX).await;
    assert_eq!(framed.page.heading(), "Two-step verification");
    assert_eq!(framed.page.entries(), window.page.entries());
    assert!(framed.page.text_of("header").contains(ALEX));
    assert_eq!(world.calls("POST", "/oauth/token"), 1, "the tenant gave one token");
}

#[tokio::test]
async fn a_handed_over_session_can_add_a_factor() {
    let world = embeddable().await;
    let (mut framed, _) = hand_over_session(&world, NORA).await;
    framed.open("/factors/totp").await;
    framed.press("Show me the QR code", &[]).await;
    let code = world.devices(NORA).totp_code(0).unwrap();
    framed.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(
        world.tenant.authenticators(NORA).iter().filter(|it| it.active && it.id.starts_with("totp")).count(),
        1
    );
}

#[tokio::test]
async fn a_handed_over_session_ends_with_the_windows_session() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    let window = world.signed_in(NORA).await;
    world.pass(Duration::minutes(9));
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &ticket).await;
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Two-step verification");
    world.pass(Duration::seconds(31));
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Sign in to see your ways to verify");
}

#[tokio::test]
async fn signing_out_in_the_window_signs_the_frame_out() {
    let world = embeddable().await;
    let (mut framed, mut window) = hand_over_session(&world, NORA).await;
    window.follow("Sign out").await;
    window.press("Sign out", &[]).await;
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Sign in to see your ways to verify");
}

#[tokio::test]
async fn a_fresh_sign_in_reaches_the_frame_with_the_next_ticket() {
    let world = embeddable().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["auth_time"] = 0.into()));
    let (mut framed, mut window) = hand_over_session(&world, NORA).await;
    framed.open("/factors/totp").await;
    assert_eq!(framed.page.heading(), "Sign in once more to continue");
    window.go(sign_in_window(&framed)).await;
    window.pass_sign_in(NORA).await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &ticket).await;
    framed.open("/factors/totp").await;
    framed.press("Show me the QR code", &[]).await;
    assert_eq!(framed.page.count("svg.qr"), 1);
}

#[tokio::test]
async fn the_windows_notice_reaches_the_frame_and_the_embedding_page() {
    let world = embeddable().await;
    let (mut framed, mut window) = hand_over_session(&world, ALEX).await;
    window.go(framed.page.link("Remove authenticator app")).await;
    window.press("Remove the authenticator app", &[]).await;
    let said = window.page.notice();
    assert!(said.starts_with("Authenticator app removed"), "{said}");
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &ticket).await;
    framed.open("/").await;
    assert_eq!(framed.page.notice(), said);
    let told = |name| framed.page.attr("[data-event]", name).unwrap();
    assert_eq!((told("data-event").as_str(), told("data-factor").as_str()), ("removed", "totp"));
    framed.open("/").await;
    assert_eq!(framed.page.notice(), "", "once is enough");
}

#[tokio::test]
async fn a_frame_that_shares_cookies_may_redeem_a_ticket_too() {
    let world = embeddable().await;
    let window = world.signed_in(NORA).await;
    let mut framed = window.tab().framed();
    framed.open("/").await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::NO_CONTENT);
    for browser in [&mut framed, &mut window.tab()] {
        browser.open("/").await;
        assert_eq!(browser.page.heading(), "Two-step verification");
    }
}

#[tokio::test]
async fn a_frame_that_gets_the_windows_cookies_and_keeps_none_is_signed_in() {
    let world = embeddable().await;
    let window = world.signed_in(NORA).await;
    let mut framed = window.tab().framed();
    framed.open("/").await;
    let ticket = ticket(&window, &world, &challenge(&framed)).await;
    framed.plant("__Host-mfa-portal-embed-frame=; Path=/; Max-Age=0");
    assert_eq!(redeem(&framed, &world, &ticket).await.status(), StatusCode::NO_CONTENT);
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Two-step verification");
}

#[tokio::test]
async fn the_return_address_of_a_frame_is_its_person_s_once_a_session_is_handed_over() {
    let secret = format!("{}/people/zebrafinch", super::SAME_SITE);
    let world = embeddable_with(&[("return-origins", super::SAME_SITE)]).await;
    let mut framed = world.browser().framed();
    framed.open(&format!("/?return_to={secret}")).await;
    let window = world.signed_in(NORA).await;
    let first = ticket(&window, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &first).await;
    framed.open("/").await;
    assert!(framed.page.html.contains("zebrafinch"), "its person goes on to the full page with it");
    world.pass(Duration::minutes(11));
    for page in ["/", "/help", "/no-such-page", "/factors"] {
        framed.open(page).await;
        assert!(!framed.page.html.contains("zebrafinch"), "{page}");
    }
    let next = world.signed_in(ALEX).await;
    framed.open("/").await;
    let second = ticket(&next, &world, &challenge(&framed)).await;
    redeem(&framed, &world, &second).await;
    framed.open("/").await;
    assert!(framed.page.html.contains(ALEX) && !framed.page.html.contains("zebrafinch"));
}
