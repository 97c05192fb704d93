//! The set-up of an app and of push notifications, as the reader's device needs it told.

use reqwest::header::USER_AGENT;

use super::NOTHING;
use crate::support::{Browser, World};

const IPHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile/15E148 Safari/604.1";
const ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36";
const DESK: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36";

async fn page_on(world: &World, agent: &str, page: &str) -> Browser {
    let mut browser = Browser::telling(world, USER_AGENT, agent);
    browser.open(page).await;
    browser.pass_sign_in(NOTHING).await;
    browser
}

#[tokio::test]
async fn an_iphone_has_an_app_and_others_get_links_to_their_stores() {
    let world = World::new().await;
    for (agent, stores, says) in [
        (IPHONE, vec![], "Use Passwords"),
        (ANDROID, vec!["play.google.com"; 2], "on this phone"),
        (
            DESK,
            vec!["apps.apple.com", "play.google.com", "apps.apple.com", "play.google.com"],
            "on your phone",
        ),
    ] {
        let browser = page_on(&world, agent, "/factors/totp").await;
        assert!(browser.page.text().contains(says), "{}", browser.page.text());
        let links: Vec<_> = browser.page.links().into_iter().filter(|it| it.scheme() == "https").collect();
        let hosts: Vec<_> = links.iter().filter_map(|it| it.host_str()).collect();
        assert_eq!(hosts, stores, "{agent}");
    }
}

#[tokio::test]
async fn push_notifications_come_from_the_store_of_the_device() {
    let world = World::new().await;
    for (agent, stores) in [
        (IPHONE, vec!["Get it in the App Store"]),
        (ANDROID, vec!["Get it on Google Play"]),
        (DESK, vec!["Get it in the App Store", "Get it on Google Play"]),
    ] {
        let browser = page_on(&world, agent, "/factors/push").await;
        assert_eq!(browser.page.texts(".section .button"), stores, "{agent}");
    }
}

#[tokio::test]
async fn a_phone_is_not_told_to_scan_itself() {
    let world = World::new().await;
    for agent in [IPHONE, ANDROID] {
        let mut browser = page_on(&world, agent, "/factors/totp").await;
        assert!(!browser.page.text().contains("scan"), "{}", browser.page.text());
        browser.press("Continue", &[]).await;
        assert_eq!(browser.page.count("details .key"), 0, "the key is there to copy");
        assert_eq!(browser.page.count("details svg.qr"), 1, "the code is for an app elsewhere");
    }
    let mut desk = page_on(&world, DESK, "/factors/totp").await;
    desk.press("Show me the QR code", &[]).await;
    assert_eq!((desk.page.count("details .key"), desk.page.count("details svg.qr")), (1, 0));
}

#[tokio::test]
async fn a_key_to_type_comes_with_the_accounts_name_and_its_type() {
    let world = World::new().await;
    let mut browser = page_on(&world, DESK, "/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.texts("dt"), ["Account", "Key", "Type"]);
    let told = browser.page.texts("dd");
    assert!(told[0].contains("(nothing@example.com)") && told[2].starts_with("Time-based"), "{told:?}");
}
