//! Following links changes nothing, because a GET only reads.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use url::Url;

use crate::support::{Browser, Page, World};

/// Opens every page of the portal that can be reached by links from these paths.
async fn crawl(world: &World, browser: &mut Browser, from: &[&str]) -> BTreeSet<Url> {
    let mut ahead: Vec<Url> = from.iter().map(|path| world.portal.join(path).unwrap()).collect();
    let mut seen = BTreeSet::new();
    while let Some(url) = ahead.pop() {
        // A sign-in calls the tenant, so it is left out.
        if url.origin() != world.portal.origin() || url.path() == "/sign-in" || !seen.insert(url.clone()) {
            continue;
        }
        browser.go(url).await;
        assert!(browser.page.status.is_success(), "{} {}", browser.page.url, browser.page.status);
        ahead.extend(browser.page.links());
    }
    seen
}

/// Requests the pages as a prefetching browser and as a link checker would.
async fn prefetch(browser: &Browser, pages: &BTreeSet<Url>) {
    for (method, url) in pages.iter().flat_map(|url| [(Method::GET, url), (Method::HEAD, url)]) {
        let request = browser.client().request(method, url.clone());
        let answer = request.header("sec-purpose", "prefetch").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
    }
}

fn assert_only_reads(world: &World) {
    for request in world.tenant.journal().requests() {
        let read = ["/mfa/authenticators", "/.well-known/openid-configuration", "/.well-known/jwks.json"];
        assert!(request.method == "GET" && read.contains(&request.path.as_str()), "{request:?}");
    }
}

// C-01
#[tokio::test]
async fn opening_every_page_twice_changes_nothing() {
    for person in ["nothing@example.com", "app.phone@example.com", "push@example.com", "eight@example.com"] {
        // A crawl is faster than any person, on a clock that stands still.
        let world = World::with(&[("limits", "off")]).await;
        let mut browser = world.signed_in(person).await;
        world.tenant.journal().clear();
        let devices = world.devices(person);
        let received = || (devices.messages().len(), devices.pushes().len());
        let (before, at_sign_in) = (world.tenant.authenticators(person), received());
        let pages =
            crawl(&world, &mut browser, &["", "factors", "recovery-code", "sign-out", "signed-out"]).await;
        assert!(pages.len() >= 9, "{pages:#?}");
        let again = crawl(&world, &mut browser, &[""]).await;
        assert!(again.is_subset(&pages), "{again:#?}");
        prefetch(&browser, &pages).await;
        assert_only_reads(&world);
        assert_eq!(format!("{:?}", world.tenant.authenticators(person)), format!("{before:?}"));
        assert_eq!(received(), at_sign_in);
        assert_eq!(browser.open("/").await.status, StatusCode::OK, "still signed in");
    }
}

// C-01
#[tokio::test]
async fn opening_a_running_enrollment_sends_and_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    let totp = start_enrollment(&mut browser, "/factors/totp", "Show me the QR code", &[]).await;
    let number = [("Phone number", "+44 7700 900123")];
    let sms = start_enrollment(&mut browser, "/factors/sms", "Send the code", &number).await;
    world.tenant.journal().clear();
    let pages = crawl(&world, &mut browser, &[totp.path(), sms.path()]).await;
    prefetch(&browser, &pages).await;
    assert_only_reads(&world);
    assert_eq!(world.devices("nothing@example.com").messages().len(), 1, "the one that was asked for");
    let in_english = format!("{}?lang=en", totp.path());
    assert_eq!(
        browser.open(&in_english).await.heading(),
        "Set up an authenticator app",
        "nothing was given up"
    );
}

// C-01
#[tokio::test]
async fn routes_that_change_something_answer_get_with_405() {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    let totp = start_enrollment(&mut browser, "/factors/totp", "Show me the QR code", &[]).await;
    world.tenant.journal().clear();
    for action in ["confirm?code=123456", "cancel"] {
        let page: &Page = browser.open(&format!("{}/{action}", totp.path())).await;
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.heading(), "This page cannot be opened like that");
    }
    browser.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001&confirmed=yes").await;
    assert_only_reads(&world);
}

/// Starts an enrollment and returns the URL of its page.
async fn start_enrollment(browser: &mut Browser, page: &str, button: &str, typed: &[(&str, &str)]) -> Url {
    browser.open(page).await;
    browser.press(button, typed).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text());
    browser.page.url.clone()
}
