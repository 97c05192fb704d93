//! Deep links: `action` and `return_to`, with which another site sends people here and gets them back.

mod addresses;
mod length;
mod next_person;
mod no_action;
mod origins;
mod outcomes;
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

/// A portal with RETURN_ORIGINS.
async fn world() -> World {
    World::with(&FLAGS).await
}

/// A deep link to one of our pages.
fn link(page: &str, return_to: &str, action: Option<&str>) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", return_to)
        .extend_pairs(action.map(|action| ("action", action)))
        .finish();
    format!("{page}?{query}")
}

/// Follows a deep link with this action and signs in.
async fn sign_in_with_action(world: &World, email: &str, action: &str) -> Browser {
    let mut browser = world.browser();
    browser.open(&link("/", ACCOUNT, Some(action))).await;
    browser.pass_sign_in(email).await;
    browser
}

/// Starts an app's enrollment and types its code.
async fn scan_and_confirm(world: &World, browser: &mut Browser, email: &str) {
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(email).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
}

/// Types the code of the last message.
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

fn assert_back_with(browser: &Browser, status: &str, factor: &str) {
    let expected =
        format!("https://portal.example.com/account?tab=security&status={status}&factor={factor}#mfa");
    assert_eq!(browser.page.url.as_str(), expected);
}

fn back_link(browser: &Browser) -> Option<Url> {
    browser.page.controls().iter().any(|name| name == BACK).then(|| browser.page.link(BACK))
}
