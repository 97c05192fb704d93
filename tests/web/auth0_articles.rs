//! Auth0's published articles on the MFA API, one file per article and one test per statement. The comment above a test
//! quotes the statement. Where articles disagree, Auth0's reference pages and recorded traffic decide, and the comment
//! says so.

mod already_enrolled;
mod app_and_sms;
mod app_and_sms_revised;
mod factor_activation;
mod manage_authenticators;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulated_tenant::{Exchange, Factor};
use serde_json::Value;

use crate::factors::{APP_PHONE, CODE, CONFIRM, NOTHING, NUMBER};
use crate::support::{ASSOCIATE, Browser, TOKEN, World};

/// Settings of a portal that asks for no step-up between two factors, so that one token enrolls both.
const PASSWORD_SUFFICES: &[(&str, &str)] = &[("proof", "any")];

/// The last request with this method and path.
fn last(world: &World, method: &str, path: &str) -> Exchange {
    world.tenant.journal().last(method, path).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The claims of an access token.
fn claims(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).unwrap()).unwrap()
}

/// The token that the portal sends in the `Authorization` header.
fn bearer(exchange: &Exchange) -> String {
    exchange.header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// A field of the form in the request's body.
fn field(exchange: &Exchange, name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(exchange.body.as_bytes());
    fields.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

async fn press_scan(browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
}

/// Adds an app, up to the page after the confirmation.
async fn add_app(world: &World, browser: &mut Browser) {
    press_scan(browser).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NOTHING).totp_code_of(&key).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
}

/// Adds a number, up to the page after the confirmation.
async fn add_number(world: &World, email: &str, browser: &mut Browser) {
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    let code = world.devices(email).last_code(Factor::Sms).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
}

fn is_active(world: &World, email: &str, factor: Factor) -> bool {
    world.tenant.person(email).unwrap().active(factor).is_some()
}
