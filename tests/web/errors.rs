//! The tenant's refusals and unreadable answers: each becomes a page with the cause, the outcome and the next step.

mod associate;
mod broken;
mod confirm;
mod list;

use emulated_tenant::FaultKind;

use crate::factors::{APP_PHONE, CODE, CONFIRM};
use crate::support::{Browser, Page, World};

const SCAN: &str = "Show me the QR code";
const UNCHANGED: &str = "Nothing was changed";
const NOT_KNOWN: &str = "We do not know whether the change was made";
const RENEW: &str = "Sign in again";
const TO_LIST: &str = "Go to your ways to verify";
const RETRY: &str = "Try again";

/// An answer of the tenant (status, error, description) and its page (status, heading, text of the next step).
struct Refusal {
    answer: (u16, &'static str, &'static str),
    page: (u16, &'static str, &'static str),
}

const fn refusal(
    answer: (u16, &'static str, &'static str),
    page: (u16, &'static str, &'static str),
) -> Refusal {
    Refusal { answer, page }
}

impl Refusal {
    fn fault(&self) -> FaultKind {
        let (status, error, description) = self.answer;
        let body = serde_json::json!({ "error": error, "error_description": description });
        FaultKind::json(status, &body.to_string())
    }

    /// The page has the expected parts and does not contain the tenant's words.
    fn assert_explained(&self, page: &Page) {
        let (status, heading, next) = self.page;
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{:?}", self.answer);
        assert_error_page(page, next);
        let description = self.answer.2;
        assert!(description.is_empty() || !page.html.contains(description), "{:?} is shown", self.answer);
    }
}

/// A complete error page with a title, a text, a next step and the request id for support.
fn assert_error_page(page: &Page, next: &str) {
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(page.title().starts_with(&format!("Error: {}", page.heading())), "{}", page.title());
    assert!(page.text_of("main .lead").len() > 10, "{}", page.text());
    assert!(page.texts("main a").iter().any(|it| it == next), "no «{next}» among {:?}", page.texts("main a"));
    let id = page.header("x-request-id");
    // Where the address is wrong, or the person gave up, there is nothing to look up.
    let is_nobodys_fault = ["Page not found", "Sign-in cancelled"].contains(&page.heading().as_str());
    assert!(id.len() > 10 && page.text().contains(id) != is_nobodys_fault, "{}", page.text());
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
}

/// Signs in and opens the page that starts an app's enrollment.
async fn about_to_scan(world: &World) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    browser
}

/// Starts an app's enrollment, so that its page asks for a code.
async fn about_to_confirm(world: &World) -> Browser {
    let mut browser = about_to_scan(world).await;
    browser.press(SCAN, &[]).await;
    browser
}

#[tokio::test]
async fn each_request_has_its_own_id() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/nowhere").await;
    let first = browser.page.header("x-request-id").to_owned();
    assert_error_page(&browser.page, TO_LIST);
    browser.open("/nowhere").await;
    assert_ne!(browser.page.header("x-request-id"), first);
}

#[tokio::test]
async fn the_error_page_needs_no_tenant() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.tenant.stop().await;
    browser.open("/").await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (502, "The sign-in service cannot be reached")
    );
    assert_error_page(&browser.page, RETRY);
    assert!(browser.page.text().contains("not your fault"));
}

#[tokio::test]
async fn trying_again_after_an_outage_leads_to_the_same_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    world.upset_always("GET", crate::support::LIST, FaultKind::json(502, ""));
    browser.open("/").await;
    assert_eq!(browser.page.status, 502);
    world.tenant.faults().clear();
    browser.follow(RETRY).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
}

#[tokio::test]
async fn trying_again_after_a_form_leads_to_a_page_that_exists() {
    let world = World::new().await;
    let mut browser = about_to_confirm(&world).await;
    world.upset_always("POST", crate::support::TOKEN, FaultKind::json(502, ""));
    browser.press(CONFIRM, &[(CODE, "123456")]).await;
    assert_eq!(browser.page.status, 502);
    world.tenant.faults().clear();
    browser.follow(RETRY).await;
    assert_eq!(browser.page.status, 200, "{} {}", browser.page.url, browser.page.text());
}

#[tokio::test]
async fn trying_again_after_a_removal_leads_to_a_page_that_exists() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.follow("Remove authenticator app").await;
    world.upset_always("DELETE", crate::support::LIST, FaultKind::json(502, ""));
    browser.press("Remove the authenticator app", &[]).await;
    assert_eq!(browser.page.status, 502);
    browser.follow(RETRY).await;
    assert_eq!(browser.page.status, 200, "{} {}", browser.page.url, browser.page.text());
}
