//! Adding an authenticator app, without mistakes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use emulated_tenant::{Factor, FaultKind};
use mfa_portal::clock::Clock;
use mfa_portal::internals::{Key, KeyRing, RecordKind, Store, StoreUrl};
use mfa_portal::random::Random;
use reqwest::header::USER_AGENT;
use serde_json::{Value, json};

use super::{APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, SCAN, app_code, count, key, qr, start_totp};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

fn association_answer(world: &World) -> Value {
    serde_json::from_str(&world.tenant.journal().last("POST", ASSOCIATE).unwrap().response).unwrap()
}

#[tokio::test]
async fn adding_an_app_starts_and_ends_on_the_list() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    let offer =
        browser.page.controls().into_iter().find(|it| it.starts_with("Add an authenticator app")).unwrap();
    browser.follow(&offer).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    browser.press(SCAN, &[]).await;
    assert_eq!(browser.journey.len(), 2, "a form leads to a page of its own: {:?}", browser.journey);
    assert!(browser.page.path().starts_with("/factors/totp/"));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.notice());
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
    assert_eq!(browser.page.entries().iter().filter(|it| it.starts_with("Authenticator app")).count(), 2);
    browser.open("/").await;
    assert_eq!(browser.page.notice(), "", "it is said once");
}

#[tokio::test]
async fn the_requests_match_auth0s_documentation() {
    let world = World::new().await;
    let mut browser = start_totp(&world, NOTHING).await;
    let associate = world.tenant.journal().last("POST", ASSOCIATE).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&associate.body).unwrap(),
        json!({"authenticator_types": ["otp"]})
    );
    let token = associate.header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned();
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    let confirm = world.tenant.journal().last("POST", TOKEN).unwrap();
    let sent: Vec<(String, String)> =
        url::form_urlencoded::parse(confirm.body.as_bytes()).into_owned().collect();
    let field = |name: &str| sent.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    assert_eq!(field("grant_type").as_deref(), Some("http://auth0.com/oauth/grant-type/mfa-otp"));
    assert_eq!((field("mfa_token"), field("otp")), (Some(token), Some(code)));
}

// O-08
#[tokio::test]
async fn the_qr_code_holds_exactly_the_tenants_uri() {
    let world = World::new().await;
    let browser = start_totp(&world, NOTHING).await;
    assert_eq!(qr::read(&browser.page), association_answer(&world)["barcode_uri"].as_str().unwrap());
}

#[tokio::test]
async fn the_qr_code_is_dark_on_white_with_a_quiet_zone_of_four() {
    let world = World::new().await;
    let browser = start_totp(&world, NOTHING).await;
    let picture = qr::Picture::of(&browser.page);
    assert_eq!(browser.page.attr("svg.qr rect", "fill").as_deref(), Some("#fff"));
    for side in ["width", "height"] {
        assert_eq!(browser.page.attr("svg.qr rect", side), Some(picture.size.to_string()), "white all over");
    }
    assert_eq!(browser.page.attr("svg.qr path", "stroke").as_deref(), Some("#000"));
    let (first, last) = picture.bounds();
    assert_eq!((first, last), ((4, 4), (picture.size - 5, picture.size - 5)), "the code fills the rest");
}

// O-12
#[tokio::test]
async fn the_qr_code_has_an_accessible_name() {
    let world = World::new().await;
    let browser = start_totp(&world, NOTHING).await;
    assert_eq!(browser.page.attr("svg.qr", "role").as_deref(), Some("img"));
    assert!(browser.page.attr("svg.qr", "aria-label").unwrap().contains("QR code"));
}

#[tokio::test]
async fn the_key_is_the_tenants_secret_in_groups_of_four() {
    let world = World::new().await;
    let browser = start_totp(&world, NOTHING).await;
    let shown = browser.page.text_of(".key");
    assert!(shown.split(' ').all(|group| group.len() == 4), "{shown}");
    assert_eq!(key(&browser.page), association_answer(&world)["secret"].as_str().unwrap());
}

/// The tenant's otpauth URI, and the schemes of the links to it that the page offers this user agent.
async fn otpauth_links_for(agent: &str) -> (String, Vec<String>) {
    let world = World::new().await;
    let mut browser = Browser::telling(&world, USER_AGENT, agent);
    browser.open("/factors/totp").await;
    browser.pass_sign_in(NOTHING).await;
    let button = if browser.page.controls().contains(&SCAN.to_owned()) { SCAN } else { "Continue" };
    browser.press(button, &[]).await;
    let links = browser.page.links().into_iter().map(String::from).filter(|it| it.contains("otpauth:"));
    let links = links.map(|it| it.split("totp/").next().unwrap().to_owned()).collect();
    (association_answer(&world)["barcode_uri"].as_str().unwrap().to_owned(), links)
}

#[tokio::test]
async fn only_devices_that_can_open_an_otpauth_link_get_one() {
    for (agent, opened) in [
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
            vec!["otpauth://"],
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile/15E148 Safari/604.1",
            vec!["otpauth://", "apple-otpauth://"],
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.1 Safari/605.1.15",
            vec!["apple-otpauth://"],
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36", vec![]),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", vec![]),
        ("something nobody knows", vec!["otpauth://"]),
    ] {
        let (uri, links) = otpauth_links_for(agent).await;
        assert!(uri.starts_with("otpauth://totp/"));
        assert_eq!(links, opened, "{agent}");
    }
}

#[tokio::test]
async fn special_characters_in_the_tenants_name_survive_in_the_qr_code() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.friendly_name = "Müller & Söhne: 100 %".to_owned());
    let browser = start_totp(&world, NOTHING).await;
    assert_eq!(qr::read(&browser.page), association_answer(&world)["barcode_uri"].as_str().unwrap());
}

// O-08
#[tokio::test]
async fn without_a_usable_uri_only_the_key_is_shown() {
    for barcode in [json!(null), json!("javascript:alert(1)"), json!("x".repeat(3000)), json!("")] {
        let world = World::new().await;
        let answer =
            json!({"authenticator_type": "otp", "secret": "JBSWY3DPEHPK3PXP", "barcode_uri": barcode});
        world.upset("POST", ASSOCIATE, FaultKind::json(200, &answer.to_string()));
        let browser = start_totp(&world, NOTHING).await;
        assert_eq!(browser.page.count("svg.qr"), 0);
        assert!(!browser.page.html.contains("javascript:"));
        assert_eq!(browser.page.text_of(".key"), "JBSW Y3DP EHPK 3PXP");
    }
}

// O-12
#[tokio::test]
async fn spaces_and_dashes_in_a_code_do_not_matter() {
    for between in [" ", "-", "\u{a0}", " - ", "\u{2013}"] {
        let world = World::new().await;
        let mut browser = start_totp(&world, APP_PHONE).await;
        let code = app_code(&world, &browser.page);
        let typed = format!(" {}{between}{} ", &code[..3], &code[3..]);
        browser.press(CONFIRM, &[(CODE, &typed)]).await;
        assert_eq!((browser.page.path(), between), ("/", between), "{}", browser.page.text());
    }
}

// O-12
#[tokio::test]
async fn the_code_field_suits_one_time_codes() {
    let world = World::new().await;
    let browser = start_totp(&world, NOTHING).await;
    let attr = |name: &str| browser.page.attr("#code", name);
    assert_eq!(attr("type").as_deref(), Some("text"));
    assert_eq!(attr("inputmode").as_deref(), Some("numeric"));
    assert_eq!(attr("autocomplete").as_deref(), Some("one-time-code"));
    assert_eq!(
        (attr("maxlength"), attr("pattern")),
        (None, None),
        "they would cut a pasted code with spaces"
    );
}

#[tokio::test]
async fn cancelling_deletes_the_unfinished_app() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    assert_eq!(world.unfinished(APP_PHONE), 1);
    let there = browser.page.url.clone();
    browser.press(CANCEL, &[]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("cancelled"), "{}", browser.page.notice());
    assert_eq!(world.unfinished(APP_PHONE), 0);
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 1, "the confirmed one stays");
    browser.go(there).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (410, "This set-up has ended")
    );
}

#[tokio::test]
async fn cancelling_during_an_outage_still_ends_the_enrollment() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    world.upset_always("GET", LIST, FaultKind::json(503, ""));
    browser.press(CANCEL, &[]).await;
    world.tenant.faults().clear();
    browser.open("/").await;
    assert!(browser.page.text().contains("One set-up was never finished"), "{}", browser.page.text());
}

// K-03
#[tokio::test]
async fn a_key_leaves_the_store_with_its_set_up() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("records.db");
    let (url, sealing_key) = (format!("sqlite:{}", file.display()), b"q8Zr2-vK5w_Tn7Xe4Lp9Jc1Yh6Bd3Gs0");
    let flags = [("session-store", url.as_str()), ("auth0-secret", &STANDARD.encode(sealing_key))];
    let world = World::with(&flags).await;
    let (now, keys) = (world.now(), KeyRing::new(&[sealing_key.to_vec().into()]).into());
    let store =
        Store::open(&StoreUrl::Sqlite(file), keys, Clock::from_fn(move || now), Random::system()).unwrap();
    for end in [CANCEL, CONFIRM] {
        let mut browser = start_totp(&world, NOTHING).await;
        let id = browser.page.path().rsplit('/').next().unwrap().to_owned();
        let secret = association_answer(&world)["secret"].as_str().unwrap().to_owned();
        let kept = async || store.get::<Value>(Key::random_id(RecordKind::Enrollment, &id)).await.unwrap();
        assert!(kept().await.unwrap().to_string().contains(&secret), "while it is open");
        let code = app_code(&world, &browser.page);
        let typed = [(CODE, code.as_str())];
        browser.press(end, if end == CONFIRM { &typed } else { &[] }).await;
        assert!(kept().await.is_none_or(|record| !record.to_string().contains(&secret)), "{end}");
    }
}
