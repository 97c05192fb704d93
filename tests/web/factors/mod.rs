//! Adding factors, from the list and back to it.

mod confirming;
mod country;
mod devices;
mod email;
mod lost;
mod number;
pub(crate) mod push;
mod qr;
mod repeats;
mod resend;
mod sent_mistakes;
mod sms;
mod strangers;
mod totp;
mod totp_mistakes;
mod turns;
mod voice;

use emulated_tenant::Factor;
use mfa_portal::internals;

use crate::support::{Browser, Page, World};

pub(crate) const NOTHING: &str = "nothing@example.com";
pub(crate) const APP_PHONE: &str = "app.phone@example.com";
pub(crate) const NUMBER: &str = "+44 7700 900123";

pub(crate) const CODE: &str = "Six-digit code";
pub(crate) const CONFIRM: &str = "Confirm";
pub(crate) const CANCEL: &str = "Cancel this set-up";
pub(crate) const SCAN: &str = "Show me the QR code";
const ANOTHER_CODE: &str = "Send another code";
pub(crate) const ON_ITS_WAY: &str = "The last code is still on its way";

/// The page's error for a field. Checks that title, alert and field all show it.
pub(crate) fn mistake(page: &Page, field: &str) -> String {
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.attr("[autofocus]", "id").as_deref(), Some(field), "the next key goes where it belongs");
    assert!(page.title().starts_with("Error:"), "{}", page.title());
    let alert = page.alert();
    assert_eq!(page.attr(&format!("#{field}"), "aria-invalid").as_deref(), Some("true"));
    assert_eq!(
        page.attr("[role=alert] a", "href"),
        Some(format!("#{field}")),
        "the summary leads to the field"
    );
    let described = page.attr(&format!("#{field}"), "aria-describedby").unwrap();
    let beside: Vec<_> = described.split(' ').map(|id| page.text_of(&format!("#{id}"))).collect();
    let summary = page.text_of("[role=alert] a");
    let whole = beside.iter().find(|text| text.starts_with(&summary) && !summary.is_empty());
    whole.unwrap_or_else(|| panic!("{alert} / {beside:?}")).clone()
}

/// Signs in and starts an app's enrollment.
async fn start_totp(world: &World, email: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser
}

/// Signs in and starts a number's enrollment, which sends a code.
async fn start_sms(world: &World, email: &str) -> Browser {
    let mut browser = world.signed_in(email).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser
}

/// The key on the page without its spaces.
fn key(page: &Page) -> String {
    page.text_of(".key").replace(' ', "")
}

/// The current code of an app with the page's key.
pub(crate) fn app_code(world: &World, page: &Page) -> String {
    world.devices(NOTHING).totp_code_of(&key(page)).unwrap()
}

/// The code of the last message.
fn sent_code(world: &World, email: &str) -> String {
    let messages = world.devices(email).messages();
    messages.last().unwrap().code.clone()
}

fn different_code(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { char::from(digit as u8 + 1) }).collect()
}

/// Counts a person's authenticators of a kind, confirmed (`active`) or not.
fn count(world: &World, email: &str, factor: Factor, active: bool) -> usize {
    let all = world.tenant.authenticators(email);
    all.iter().filter(|it| it.factor == factor && it.active == active).count()
}

#[tokio::test]
async fn only_configured_factors_are_offered() {
    let world = World::with(&[("factors", "email,totp")]).await;
    let browser = world.signed_in(NOTHING).await;
    let offers = browser.page.texts("section[aria-labelledby=more] li");
    assert_eq!(offers.len(), 2, "{offers:?}");
    assert!(
        offers[0].starts_with("Add an e-mail address") && offers[1].starts_with("Add an authenticator app")
    );
}

#[tokio::test]
async fn every_addable_factor_has_an_offer_or_a_button_that_leads_to_its_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    let addresses = browser.page.links();
    for factor in internals::Factor::addable().map(internals::Factor::slug) {
        let address = world.portal.join(&format!("factors/{factor}")).unwrap();
        assert!(addresses.contains(&address) || factor == "voice", "{factor}");
        browser.go(address).await;
        assert_eq!((factor, browser.page.status.as_u16()), (factor, 200));
    }
    assert!(internals::Factor::addable().count() >= 4);
    browser.open("/factors/sms").await;
    assert!(
        browser.page.controls().contains(&"Call me instead".to_owned()),
        "calls are the number's other channel"
    );
}

#[tokio::test]
async fn a_factor_that_cannot_be_added_has_no_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    for factor in ["webauthn", "recovery-code", "other", "..%2f..", "TOTP"] {
        browser.open(&format!("/factors/{factor}")).await;
        assert_eq!((factor, browser.page.status.as_u16()), (factor, 404));
        assert_eq!(browser.page.heading(), "Page not found");
    }
}
