//! Adding push notifications: a QR code for Auth0 Guardian, and a page that polls without script.

mod endings;
mod pace;

use emulated_tenant::{Factor, FaultKind};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{APP_PHONE, CANCEL, NOTHING, SCAN, count, qr};
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN, World};

pub(crate) const APPROVED: &str = "I have approved it";

/// The times at which the tenant was polled for the approval.
pub(crate) fn polls(world: &World) -> Vec<OffsetDateTime> {
    let asked = world.tenant.journal().requests().into_iter();
    asked.filter(|it| it.path == TOKEN && it.body.contains("mfa-oob")).map(|it| it.at).collect()
}

/// The pauses between the polls, in seconds.
pub(crate) fn pauses(world: &World) -> Vec<i64> {
    polls(world).windows(2).map(|pair| (pair[1] - pair[0]).whole_seconds()).collect()
}

/// The content of the page's `<meta http-equiv=refresh>`.
pub(crate) fn meta_refresh(browser: &Browser) -> Option<String> {
    browser.page.attr("meta[http-equiv=refresh]", "content")
}

/// Reloads the page after so many seconds.
pub(crate) async fn reload_after(world: &World, browser: &mut Browser, seconds: i64) {
    world.pass(Duration::seconds(seconds));
    browser.go(browser.page.url.clone()).await;
}

/// Signs in and starts an enrollment of push.
pub(crate) async fn start_push(world: &World, email: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser
}

fn unfinished(world: &World, email: &str) -> usize {
    world.tenant.authenticators(email).iter().filter(|it| !it.active).count()
}

#[tokio::test]
async fn adding_push_starts_and_ends_on_the_list() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    let offer =
        browser.page.controls().into_iter().find(|it| it.starts_with("Set up push notifications")).unwrap();
    browser.follow(&offer).await;
    assert_eq!(browser.page.path(), "/factors/push");
    browser.press(SCAN, &[]).await;
    assert!(browser.page.path().starts_with("/factors/push/"), "{}", browser.page.url);
    assert!(world.devices(APP_PHONE).approve_push());
    browser.follow(APPROVED).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().starts_with("Push notifications added"), "{}", browser.page.notice());
    assert_eq!(count(&world, APP_PHONE, Factor::Push, true), 1);
    assert_eq!(unfinished(&world, APP_PHONE), 0);
}

#[tokio::test]
async fn push_and_its_totp_twin_are_one_entry() {
    let world = World::new().await;
    let mut browser = start_push(&world, NOTHING).await;
    assert!(world.devices(NOTHING).approve_push());
    browser.follow(APPROVED).await;
    browser.open("/").await;
    let push: Vec<_> =
        browser.page.entries().into_iter().filter(|it| it.starts_with("Push notification")).collect();
    assert_eq!(push.len(), 1, "{:?}", browser.page.entries());
    assert!(!browser.page.entries().iter().any(|it| it.starts_with("Authenticator app")));
}

/// Every page about push notifications names the company's own app, in every language, and none names Guardian.
#[tokio::test]
async fn pages_name_and_link_to_the_companys_own_app_in_every_language() {
    let (apple, google) = ("https://apps.example.com/one?x=1&y=2", "https://play.example.com/two");
    let own = [("push-app-name", "Northwind Pass"), ("push-app-store", apple), ("push-play-store", google)];
    for language in ["en", "de", "fr", "es", "ja", "ar"] {
        let world = World::with(&own).await;
        let mut browser = world.signed_in("push@example.com").await;
        browser.open(&format!("/?lang={language}")).await;
        let mut named = 0;
        for page in ["/", "/factors/push", "/authenticators/remove?id=push%7Cdev_PushPushPush0001"] {
            browser.open(page).await;
            assert!(!browser.page.html.contains("Guardian"), "{language} {page}: {}", browser.page.text());
            named += usize::from(browser.page.text().contains("Northwind Pass"));
        }
        assert_eq!(named, 3, "{language}");
        let links = browser.open("/factors/push").await.attrs("a[rel=noreferrer]", "href");
        assert_eq!(links, [apple, google], "{language}");
        let start = browser.page.buttons().last().unwrap().clone();
        browser.press(&start, &[]).await;
        assert_eq!(browser.page.count("svg.qr"), 1, "{language}: {}", browser.page.text());
        assert!(browser.page.text().contains("Northwind Pass"), "{language}");
        assert!(!browser.page.html.contains("Guardian"), "{language}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn the_start_page_names_guardian_and_links_to_both_stores() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.tenant.journal().clear();
    browser.open("/factors/push").await;
    assert!(browser.page.text().contains("Auth0 Guardian"));
    let stores = [
        ("Get it in the App Store", "https://apps.apple.com/app/auth0-guardian/id1093447833"),
        ("Get it on Google Play", "https://play.google.com/store/apps/details?id=com.auth0.guardian"),
    ];
    for (name, address) in stores {
        assert_eq!(browser.page.link(name).as_str(), address);
    }
    assert_eq!(world.changes(), Vec::<String>::new(), "looking begins nothing");
    browser.press(SCAN, &[]).await;
    for (name, address) in stores {
        assert_eq!(browser.page.link(name).as_str(), address);
    }
}

#[tokio::test]
async fn the_requests_match_auth0s_documentation() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let associate = world.tenant.journal().last("POST", ASSOCIATE).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&associate.body).unwrap(),
        json!({"authenticator_types": ["oob"], "oob_channels": ["auth0"]})
    );
    let answer: Value = serde_json::from_str(&associate.response).unwrap();
    assert_eq!(qr::read(&browser.page), answer["barcode_uri"].as_str().unwrap());
    browser.follow(APPROVED).await;
    let poll = world.tenant.journal().last("POST", TOKEN).unwrap();
    let sent: Vec<(String, String)> =
        url::form_urlencoded::parse(poll.body.as_bytes()).into_owned().collect();
    let field = |name: &str| sent.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    assert_eq!(field("grant_type"), Some("http://auth0.com/oauth/grant-type/mfa-oob"));
    assert_eq!(field("oob_code"), answer["oob_code"].as_str());
    assert_eq!(field("binding_code"), None);
    assert!(!browser.page.url.as_str().contains("Fe26") && !browser.page.html.contains("Fe26.2"));
}

#[tokio::test]
async fn the_page_says_that_only_guardian_can_read_the_code() {
    let world = World::new().await;
    let browser = start_push(&world, APP_PHONE).await;
    assert!(browser.page.text().contains("Only Auth0 Guardian can read this code"));
    assert!(browser.page.attr("svg.qr", "aria-label").unwrap().contains("Guardian"));
    assert_eq!(browser.page.count(".key"), 0, "there is no key to type");
}

#[tokio::test]
async fn a_missing_qr_code_is_explained() {
    let world = World::new().await;
    let answer = json!({"authenticator_type": "oob", "oob_channel": "auth0", "oob_code": "Fe26.2*made*up"});
    world.upset("POST", ASSOCIATE, FaultKind::json(200, &answer.to_string()));
    let browser = start_push(&world, APP_PHONE).await;
    assert_eq!(browser.page.count("svg.qr"), 0);
    assert!(browser.page.text().contains("The QR code is missing"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_first_enrollment_leads_to_the_recovery_code() {
    let world = World::new().await;
    let mut browser = start_push(&world, NOTHING).await;
    assert!(world.devices(NOTHING).approve_push());
    browser.follow(APPROVED).await;
    assert_eq!(browser.page.path(), "/recovery-code");
    assert!(browser.page.notice().starts_with("Push notifications added"), "{}", browser.page.notice());
    let code = world.devices(NOTHING).recovery_code().unwrap();
    assert_eq!(browser.page.text_of(".recovery").replace(' ', ""), code);
}

#[tokio::test]
async fn a_double_click_on_start_is_one_association() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/push").await;
    let form = browser.page.form(SCAN);
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    assert_eq!(one.unwrap().headers()["location"], two.unwrap().headers()["location"]);
    assert_eq!((world.calls("POST", ASSOCIATE), unfinished(&world, APP_PHONE)), (1, 2));
}

#[tokio::test]
async fn starting_again_within_five_minutes_resumes_the_same_code() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let (there, picture) = (browser.page.url.clone(), qr::read(&browser.page));
    world.pass(Duration::minutes(4));
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    assert_eq!((&browser.page.url, qr::read(&browser.page)), (&there, picture));
    assert_eq!(world.calls("POST", ASSOCIATE), 1);
}

#[tokio::test]
async fn cancelling_deletes_both_unfinished_authenticators() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert_eq!(unfinished(&world, APP_PHONE), 2, "the request to the phone, and the codes beside it");
    let there = browser.page.url.clone();
    browser.press(CANCEL, &[]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("cancelled"), "{}", browser.page.notice());
    assert_eq!(unfinished(&world, APP_PHONE), 0);
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 1, "the confirmed app stays");
    let asked = polls(&world).len();
    browser.go(there).await;
    assert_eq!(browser.page.status, 410);
    assert_eq!(polls(&world).len(), asked, "nobody asks about it any more");
}

#[tokio::test]
async fn another_persons_enrollment_looks_ended_and_is_not_polled() {
    let world = World::new().await;
    let owner = start_push(&world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).approve_push());
    let mut stranger = world.signed_in(NOTHING).await;
    world.tenant.journal().clear();
    for _ in 0..2 {
        stranger.go(owner.page.url.clone()).await;
        assert_eq!((stranger.page.status.as_u16(), stranger.page.count("svg.qr")), (410, 0));
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(count(&world, APP_PHONE, Factor::Push, true), 0);
}

#[tokio::test]
async fn an_approval_whose_answer_is_lost_is_found_in_the_list() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    assert!(world.devices(APP_PHONE).approve_push());
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    browser.follow(APPROVED).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
    assert!(browser.page.notice().starts_with("Push notifications added"));
}

#[tokio::test]
async fn a_tenant_outage_is_shown_and_waiting_goes_on_later() {
    let world = World::new().await;
    let mut browser = start_push(&world, APP_PHONE).await;
    let there = browser.page.url.clone();
    world.upset_always("POST", TOKEN, FaultKind::json(503, ""));
    world.upset_always("GET", LIST, FaultKind::json(503, ""));
    browser.follow(APPROVED).await;
    assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
    world.tenant.faults().clear();
    assert!(world.devices(APP_PHONE).approve_push());
    world.pass(Duration::seconds(5));
    browser.go(there).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
}
