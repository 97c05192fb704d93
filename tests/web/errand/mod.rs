//! `return_to` and `action`: people who are sent here by another site, and led back to it.

mod addresses;
mod endings;
mod length;
mod no_action;
mod origins;
mod visit;

use emulated_tenant::Factor;
use url::{Url, form_urlencoded};

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const PORTAL: &str = "https://portal.example.com";
const ACCOUNT: &str = "https://portal.example.com/account?tab=security#mfa";
const BACK: &str = "Back to portal.example.com";
const FLAGS: [(&str, &str); 1] = [("return-origins", PORTAL)];

/// A portal that may send people to another site.
async fn world() -> World {
    World::with(&FLAGS).await
}

/// A link to one of our pages, as the other site makes it.
fn link(page: &str, return_to: &str, action: Option<&str>) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", return_to)
        .extend_pairs(action.map(|action| ("action", action)))
        .finish();
    format!("{page}?{query}")
}

/// Somebody who came for this action and has signed in for it.
async fn sent(world: &World, email: &str, action: &str) -> Browser {
    let mut browser = world.browser();
    browser.open(&link("/", ACCOUNT, Some(action))).await;
    browser.pass_sign_in(email).await;
    browser
}

/// Types the code of an app that has just been given the page's key.
async fn scan_and_confirm(world: &World, browser: &mut Browser, email: &str) {
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(email).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
}

/// Types the code that was sent.
async fn receive_and_confirm(world: &World, browser: &mut Browser, email: &str, channel: Factor) {
    let code = world.devices(email).last_code(channel).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
}

async fn save_recovery_code(browser: &mut Browser) {
    assert_eq!(browser.page.path(), "/recovery-code");
    let mut form = browser.page.form("Done");
    form.set("saved", "yes");
    browser.send(&form).await;
}

/// That the browser stands at the other site, with this in the address.
fn is_back_with(browser: &Browser, status: &str, factor: &str) {
    let expected =
        format!("https://portal.example.com/account?tab=security&status={status}&factor={factor}#mfa");
    assert_eq!(browser.page.url.as_str(), expected);
}

fn back(browser: &Browser) -> Option<Url> {
    browser.page.controls().iter().any(|name| name == BACK).then(|| browser.page.link(BACK))
}
