//! The pages in a frame: the list with a session, ways out of the frame without one, and never the tenant's login or a
//! page that must not be framed.

use emulated_tenant::{Factor, Tamper};
use reqwest::StatusCode;
use time::Duration;

use super::{ALEX, NORA, embeddable, open_frame, sign_in_window};
use crate::support::{Browser, World};

fn links_opening_in(browser: &Browser, target: &str) -> Vec<String> {
    browser.page.texts(&format!("main a[target={target}]"))
}

// L-22, S-04
#[tokio::test]
async fn a_frame_without_a_session_offers_a_window_and_the_full_page() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    assert_eq!(framed.page.status, StatusCode::OK);
    assert_eq!(framed.page.heading(), "Sign in to see your ways to verify");
    assert_eq!(sign_in_window(&framed).path(), "/sign-in");
    assert_eq!(links_opening_in(&framed, "_top"), ["Go to the full page"]);
    assert_eq!(framed.page.attr("[data-event]", "data-event").as_deref(), Some("signin-required"));
    assert_eq!(world.calls("GET", "/authorize"), 0, "the tenant's login refuses frames");
}

#[tokio::test]
async fn without_script_only_the_link_to_the_full_page_is_seen() {
    let world = embeddable().await;
    let framed = open_frame(&world).await;
    assert_eq!(framed.page.count("main a:not([hidden])"), 1);
    assert_eq!(framed.page.count("main a[target=_top]:not([hidden])"), 1);
}

#[tokio::test]
async fn a_failed_hand_over_is_explained_and_the_full_page_offered() {
    let world = embeddable().await;
    let mut framed = open_frame(&world).await;
    assert_eq!(framed.page.alert(), "");
    let again = framed.page.attr("[data-trouble]", "data-trouble").unwrap();
    framed.open(&again).await;
    assert!(framed.page.alert().contains("did not reach this part of the page"), "{}", framed.page.alert());
    assert_eq!(links_opening_in(&framed, "_top"), ["Go to the full page"]);
    assert_eq!(framed.page.attr("script[data-next]", "data-next").as_deref(), Some("/"));
}

#[tokio::test]
async fn the_full_page_link_opens_the_page_the_frame_was_to_show() {
    let world = embeddable().await;
    let mut framed = world.browser().framed();
    framed.open("/factors/totp").await;
    let mut top = world.browser();
    top.go(framed.page.link("Go to the full page")).await;
    top.pass_sign_in(NORA).await;
    assert_eq!(top.page.path(), "/factors/totp");
    assert!(framed.page.attr("script[data-next]", "data-next").unwrap() == "/factors/totp");
}

#[tokio::test]
async fn a_frame_that_shares_cookies_works_after_a_top_level_sign_in() {
    let world = embeddable().await;
    let mut framed = world.signed_in(NORA).await.tab().framed();
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "Two-step verification");
    framed.follow("Add an authenticator app Codes from an app on your phone; works without a signal").await;
    framed.press("Show me the QR code", &[]).await;
    let code = world.devices(NORA).totp_code(0).unwrap();
    framed.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(framed.page.notice().starts_with("Authenticator app added"), "{}", framed.page.notice());
    assert_eq!(framed.page.attr("[data-event]", "data-event").as_deref(), Some("added"));
    assert_eq!(framed.page.heading(), "Your recovery code opens in a window of its own");
}

#[tokio::test]
async fn a_fresh_sign_in_happens_outside_the_frame_too() {
    let world = embeddable().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["auth_time"] = 0.into()));
    let mut framed = world.signed_in(NORA).await.tab().framed();
    framed.open("/authenticators/replace?id=x").await;
    assert_eq!(framed.page.heading(), "Sign in once more to continue");
    assert!(sign_in_window(&framed).query().unwrap().contains("fresh=1"));
    assert!(framed.page.link("Go to the full page").query().unwrap().contains("fresh=1"));
}

#[tokio::test]
async fn a_form_of_an_ended_session_leads_to_the_same_ways_out() {
    let world = embeddable().await;
    let mut framed = world.signed_in(NORA).await.tab().framed();
    framed.open("/factors/totp").await;
    world.pass(Duration::minutes(11));
    framed.press("Show me the QR code", &[]).await;
    assert_eq!(framed.page.status, StatusCode::UNAUTHORIZED);
    framed.follow("Sign in again").await;
    assert_eq!(framed.page.heading(), "Sign in to see your ways to verify");
}

#[tokio::test]
async fn removals_recovery_codes_and_sign_out_open_in_their_own_window() {
    let world = embeddable().await;
    let mut framed = world.signed_in(ALEX).await.tab().framed();
    framed.open("/").await;
    for control in ["Remove authenticator app", "Sign out"] {
        let selector = match control {
            "Sign out" => "a[href='/sign-out']".to_owned(),
            _ => format!("a[aria-label='{control}']"),
        };
        assert_eq!(framed.page.attr(&selector, "target").as_deref(), Some("_blank"), "{control}");
        assert_eq!(framed.page.attr(&selector, "rel").as_deref(), Some("opener"), "{control}");
    }
    for (path, what) in [
        ("/authenticators/remove?id=x", "Removing"),
        ("/recovery-code", "Your recovery code"),
        ("/recovery-code/download", "Your recovery code"),
        ("/authenticators/remove/totp", "Removing"),
        ("/forget", "Forgetting"),
        ("/sign-out", "Signing out"),
        ("/signed-out", "Signing out"),
        ("/notices/x", "This"),
        ("/lost-phone", "This"),
    ] {
        framed.open(path).await;
        assert_eq!(framed.page.heading(), format!("{what} opens in a window of its own"), "{path}");
        assert_eq!(framed.page.count("form"), 0, "{path}");
        let policy = framed.page.header("content-security-policy");
        assert!(policy.contains(super::OTHER_SITE), "the frame is to show this: {policy}");
        assert_eq!(framed.page.header("x-frame-options"), "", "{path}");
        assert_eq!(links_opening_in(&framed, "_blank"), ["Open the window"], "{path}");
    }
}

#[tokio::test]
async fn the_window_asks_the_question_the_frame_left_out() {
    let world = embeddable().await;
    let top = world.signed_in(ALEX).await;
    let removal = top.page.link("Remove authenticator app");
    let mut framed = top.tab().framed();
    framed.go(removal.clone()).await;
    let mut window = top.tab();
    window.go(framed.page.link("Open the window")).await;
    assert_eq!(
        (window.page.url.as_str(), window.page.heading().as_str()),
        (removal.as_str(), "Remove the authenticator app?")
    );
}

#[tokio::test]
async fn never_framed_actions_are_refused_from_a_frame() {
    let world = embeddable().await;
    let mut window = world.signed_in(ALEX).await;
    window.follow("Remove authenticator app").await;
    let form = window.page.form("Remove the authenticator app");
    world.tenant.journal().clear();
    let answer = window.request(&form).header("sec-fetch-dest", "iframe").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(world.changes(), Vec::<String>::new());
    window.open("/sign-out").await;
    let form = window.page.form("Sign out");
    let mut forget = form.clone();
    forget.action = window.address("/forget");
    let answer = window.request(&forget).header("sec-fetch-dest", "iframe").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = window.request(&form).header("sec-fetch-dest", "iframe").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    window.open("/").await;
    assert_eq!(window.page.heading(), "Two-step verification");
}

#[tokio::test]
async fn a_frame_leads_to_a_window_to_forget_what_is_remembered() {
    let world = super::embeddable_with(&[("proof", "any")]).await;
    let mut window = world.signed_in(ALEX).await;
    window.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    window.press("Save the name", &[("Name", "My phone")]).await;
    let mut framed = window.tab().framed();
    framed.open("/").await;
    assert!(!framed.page.buttons().contains(&"Forget names, dates and changes".to_owned()));
    assert_eq!(framed.page.attr("a[href$='/forget']", "target").as_deref(), Some("_blank"));
    window.go(framed.page.link("Forget names, dates and changes")).await;
    window.press("Forget names, dates and changes", &[]).await;
    assert!(window.page.notice().contains("are forgotten"), "{}", window.page.text());
}

#[tokio::test]
async fn a_frame_has_no_link_that_would_load_its_outer_page_inside() {
    let world = super::embeddable_with(&[
        ("portal-url", "https://account.example.org/"),
        ("support-url", "mailto:help@example.org"),
        ("privacy-url", "https://example.org/privacy"),
        ("terms-url", "https://example.org/terms"),
        ("imprint-url", "https://example.org/imprint"),
    ])
    .await;
    let mut framed = world.signed_in(NORA).await.tab().framed();
    framed.open("/").await;
    assert_eq!(framed.page.count("a[href^='http']:not([target])"), 0);
    assert_eq!(framed.page.count("a[href^='https://example.org/'][target=_blank]"), 3);
    assert_eq!(framed.page.count("a.brand"), 0);
    assert_eq!(framed.page.texts("a[target=_top]"), ["Open the full page"]);
    framed.follow("Help").await;
    // An app opens, so there is no window that would stay empty.
    assert_eq!(framed.page.count("a[href^='mailto:']:not([target])"), 1);
}

#[tokio::test]
async fn the_full_page_leads_back_to_the_embedding_page() {
    let world = super::embeddable_with(&[("return-origins", super::OTHER_SITE)]).await;
    let back = format!("{}/account?tab=security", super::OTHER_SITE);
    let mut framed = world.browser().framed();
    framed.open(&format!("/?return_to={back}")).await;
    let mut top = world.browser();
    top.go(framed.page.link("Go to the full page")).await;
    top.pass_sign_in(NORA).await;
    assert_eq!(top.page.link("Back to account.example.org").as_str(), back);
    let mut top = world.browser();
    top.go(framed.page.link("Open the full page")).await;
    top.pass_sign_in(NORA).await;
    assert_eq!(top.page.link("Back to account.example.org").as_str(), back);
}

#[tokio::test]
async fn a_deep_link_in_a_frame_leaves_the_windows_deep_link_alone() {
    let world = super::embeddable_with(&[("return-origins", super::SAME_SITE)]).await;
    let mut window = world.browser();
    window.open(&format!("/?return_to={}/here&action=add:totp", super::SAME_SITE)).await;
    window.pass_sign_in(NORA).await;
    let mut framed = window.tab().framed();
    framed.open(&format!("/?return_to={}/there&action=add:email", super::SAME_SITE)).await;
    assert_eq!(framed.page.path(), "/factors/email", "it begins where it was sent");
    assert_eq!(framed.page.count(".brand, .back"), 0);
    framed.press("Send the code", &[("E-mail address", "nora@example.net")]).await;
    let code = world.devices(NORA).last_code(Factor::Email).unwrap();
    framed.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(framed.page.notice().contains("E-mail address added"), "{}", framed.page.text());
    window.open("/factors/totp").await;
    assert_eq!(window.page.link("Back to account.example.com").path(), "/here");
    assert!(window.page.link("Go back").path().ends_with("/leave"));
}

/// On loopback, where plain http is allowed for trials.
#[tokio::test]
async fn a_trial_without_https_says_why_no_sign_in_reaches_the_frame() {
    let flags = [("app-base-url", "http://127.0.0.1:{port}"), ("embed-origins", "http://localhost:9")];
    let world = super::embeddable_with(&flags).await;
    let from = async |site: &'static str| {
        let site_header = reqwest::header::HeaderName::from_static("sec-fetch-site");
        let mut framed = Browser::telling(&world, site_header, site).framed();
        framed.open("/").await;
        framed
    };
    let framed = from("cross-site").await;
    assert!(framed.page.alert().contains("needs https or one host name"), "{}", framed.page.alert());
    assert_eq!((framed.page.count("[data-needs-https]"), framed.page.count("[data-in-window]")), (1, 0));
    assert_eq!(links_opening_in(&framed, "_top"), ["Go to the full page"]);
    let mut framed = from("same-site").await;
    assert_eq!((framed.page.count("[data-needs-https]"), framed.page.count("[data-in-window]")), (0, 1));
    let trouble = framed.page.attr("[data-trouble]", "data-trouble").unwrap();
    framed.open(&trouble).await;
    assert_eq!(framed.page.count("[data-needs-https]"), 1);
    let https = embeddable().await;
    let mut framed =
        Browser::telling(&https, reqwest::header::HeaderName::from_static("sec-fetch-site"), "cross-site")
            .framed();
    framed.open("/").await;
    assert_eq!(framed.page.count("[data-needs-https]"), 0);
}

#[tokio::test]
async fn without_embedding_nothing_is_different_in_a_frame() {
    let world = World::new().await;
    let mut framed = world.browser().framed();
    framed.open("/help").await;
    assert_eq!(framed.page.count("[data-framed], [target]"), 0);
    // No browser shows it, so it is a hidden one.
    framed.open("/").await;
    assert_eq!(framed.page.heading(), "This sign-in cannot be finished here");
    assert_eq!(framed.page.count("[data-framed], [target]"), 0);
}
