//! A new recovery code through the Management API, when the portal has credentials for it.

use emulated_tenant::{Fault, FaultKind, Person};
use reqwest::StatusCode;
use time::Duration;

use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";
const REGENERATE: &str = "/api/v2/users/auth0%7Capp.phone/recovery-code-regeneration";
const GET_NEW: &str = "Get a new recovery code";

async fn world() -> World {
    World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await
}

async fn recovery_code_page(world: &World) -> Browser {
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Get a new recovery code").await;
    browser
}

#[tokio::test]
async fn a_new_code_replaces_the_old_one_and_is_shown_until_saved() {
    let world = world().await;
    let old = world.devices(ALEX).recovery_code();
    let mut browser = recovery_code_page(&world).await;
    assert!(browser.page.text().contains("The old one cannot be shown again"));
    browser.press(GET_NEW, &[]).await;
    let new = world.devices(ALEX).recovery_code();
    assert_ne!(new, old);
    assert_eq!(Some(browser.page.text_of(".recovery").replace(' ', "")), new);
    browser.open("/").await;
    browser.follow("Show my recovery code").await;
    assert_eq!(Some(browser.page.text_of(".recovery").replace(' ', "")), new);
    let mut form = browser.page.form("Done");
    form.set("saved", "yes");
    browser.send(&form).await;
    assert!(browser.page.notice().starts_with("Recovery code saved."));
    browser.open("/recovery-code").await;
    assert!(!browser.page.html.contains(&new.unwrap()[..4]));
}

#[tokio::test]
async fn a_double_click_asks_the_tenant_once() {
    let world = world().await;
    let browser = recovery_code_page(&world).await;
    let form = browser.page.form(GET_NEW);
    let (first, second) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    assert_eq!(
        (first.unwrap().status(), second.unwrap().status()),
        (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
    );
    assert_eq!(world.tenant.journal().count("POST", REGENERATE), 1);
}

#[tokio::test]
async fn the_download_names_company_account_and_date() {
    let world = world().await;
    let mut browser = recovery_code_page(&world).await;
    browser.press(GET_NEW, &[]).await;
    let shown = browser.page.text_of(".recovery");
    browser.follow("Download").await;
    let file = &browser.page;
    assert!(file.header("content-type").starts_with("text/plain"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("cache-control"), "no-store, no-transform");
    for expected in ["Northwind", ALEX, "November 22, 2026", &shown] {
        assert!(file.html.contains(expected), "{expected} is missing in {}", file.html);
    }
}

#[tokio::test]
async fn the_management_token_is_fetched_once_and_reused() {
    let world = world().await;
    for _ in 0..2 {
        let mut browser = recovery_code_page(&world).await;
        browser.press(GET_NEW, &[]).await;
        let mut form = browser.page.form("Done");
        form.set("saved", "yes");
        browser.send(&form).await;
        world.pass(time::Duration::seconds(31));
    }
    let journal = world.tenant.journal().requests();
    let tokens =
        journal.iter().filter(|it| it.path == "/oauth/token" && it.body.contains("client_credentials"));
    assert_eq!(tokens.count(), 1);
    assert_eq!(world.tenant.journal().count("POST", REGENERATE), 2);
}

#[tokio::test]
async fn without_management_credentials_the_page_names_the_support_team() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Lost your recovery code?").await;
    assert!(browser.page.text().contains("ask your support team"), "{}", browser.page.text());
    assert!(!browser.page.controls().contains(&GET_NEW.to_owned()));
}

#[tokio::test]
async fn a_missing_management_scope_is_reported_as_misconfiguration() {
    let world = world().await;
    world.tenant.configure(|settings| settings.management_scopes.clear());
    let mut browser = recovery_code_page(&world).await;
    browser.press(GET_NEW, &[]).await;
    assert_eq!(browser.page.heading(), "This page is not set up correctly");
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_lost_answer_leaves_open_whether_the_old_code_still_works() {
    let world = world().await;
    let mut browser = recovery_code_page(&world).await;
    world.tenant.faults().inject(Fault::new("POST", "/api/v2/", FaultKind::DropAfter));
    browser.press(GET_NEW, &[]).await;
    assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY);
    assert!(browser.page.text().contains("do not know"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_new_code_without_an_answer_keeps_the_next_one_waiting_a_minute() {
    for fault in [FaultKind::DropAfter, FaultKind::Drop, FaultKind::html(502, "Bad Gateway")] {
        let world = world().await;
        let browser = recovery_code_page(&world).await;
        let mut other = browser.tab();
        other.open("/recovery-code").await;
        let form = other.page.form(GET_NEW);
        world.tenant.faults().inject(Fault::new("POST", "/api/v2/", fault).times(1));
        let cut_off = browser.request(&form).send().await.unwrap().status();
        assert_eq!(cut_off, StatusCode::BAD_GATEWAY);
        other.send(&form).await;
        assert_eq!(other.page.limit(), "The first try is still under way");
        assert_eq!(world.calls("POST", REGENERATE), 1);
        world.pass(Duration::seconds(61));
        other.send(&form).await;
        assert_eq!(
            other.page.text_of(".recovery").replace(' ', ""),
            world.devices(ALEX).recovery_code().unwrap()
        );
    }
}

#[tokio::test]
async fn a_refused_new_code_keeps_nobody_waiting() {
    let world = world().await;
    let mut browser = recovery_code_page(&world).await;
    let form = browser.page.form(GET_NEW);
    let refusal = FaultKind::json(429, r#"{"statusCode":429,"errorCode":"too_many_requests"}"#);
    world.tenant.faults().inject(Fault::new("POST", "/api/v2/", refusal).times(1));
    assert_ne!(browser.send(&form).await.status, StatusCode::OK);
    browser.send(&form).await;
    let shown = browser.page.text_of(".recovery").replace(' ', "");
    assert_eq!(Some(shown), world.devices(ALEX).recovery_code(), "{}", browser.page.text());
}

/// A person with this user id who has an app and a recovery code, like Alex.
fn add_person(world: &World, sub: &str, email: &str) {
    let alex = world.tenant.person(ALEX).unwrap();
    world.tenant.add_person(Person { sub: sub.to_owned(), email: email.to_owned(), ..alex });
}

/// Ids that directories choose, and what an encoding for forms makes of them.
const IDS: &[&str] = &[
    "samlp|corp|John Doe",
    "samlp|corp|John+Doe",
    "samlp|corp|John%20Doe",
    "samlp|corp|John%2BDoe",
    "samlp|corp|../../clients",
    "samlp|corp|a/b?c=d#e;f&g=h",
    "adfs|corp|CORP\\john",
    "ad|corp|CN=Doe\\, John,OU=Sales,DC=corp",
    "waad|José Ñandú 山田",
    "oidc|corp|%2e%2e",
    "oidc|corp|...",
    "..|..",
    "*~'()!$@:[]{}^`\"<>",
];

// I-02
#[tokio::test]
async fn a_new_code_is_that_of_exactly_this_user_id() {
    let world = world().await;
    for (n, sub) in IDS.iter().enumerate() {
        add_person(&world, sub, &format!("person{n}@example.com"));
    }
    for n in 0..IDS.len() {
        let codes = || -> Vec<_> {
            (0..IDS.len()).map(|n| world.devices(&format!("person{n}@example.com")).recovery_code()).collect()
        };
        let before = codes();
        let mut browser = world.signed_in(&format!("person{n}@example.com")).await;
        browser.open("/recovery-code").await;
        browser.press(GET_NEW, &[]).await;
        let after = codes();
        let changed: Vec<_> = (0..IDS.len()).filter(|&other| before[other] != after[other]).collect();
        assert_eq!(changed, [n], "{}", IDS[n]);
        assert_eq!(Some(browser.page.text_of(".recovery").replace(' ', "")), after[n], "{}", IDS[n]);
    }
}

#[tokio::test]
async fn a_user_id_of_1024_characters_gets_its_new_code() {
    let world = world().await;
    let sub = format!("samlp|{}", "山 ".repeat(509));
    assert_eq!(sub.chars().count(), 1_024);
    add_person(&world, &sub, "long@example.com");
    let mut browser = world.signed_in("long@example.com").await;
    browser.open("/recovery-code").await;
    browser.press(GET_NEW, &[]).await;
    let new = world.devices("long@example.com").recovery_code();
    assert_eq!(Some(browser.page.text_of(".recovery").replace(' ', "")), new);
}

/// No encoding hides a dot segment from a parser of URLs.
// I-02
#[tokio::test]
async fn a_user_id_that_is_a_dot_segment_asks_the_tenant_for_nothing() {
    for sub in [".", ".."] {
        let world = world().await;
        add_person(&world, sub, "dots@example.com");
        let mut browser = world.signed_in("dots@example.com").await;
        browser.open("/recovery-code").await;
        browser.press(GET_NEW, &[]).await;
        assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY, "{sub}");
        assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
        assert_eq!(world.tenant.journal().requests().iter().filter(|it| it.path.contains("/api")).count(), 0);
    }
}
