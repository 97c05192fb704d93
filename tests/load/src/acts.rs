//! The acts of a virtual person. Each one begins on the list.

use anyhow::{Context as _, Result, ensure};
use emulated_tenant::Factor;

use crate::browser::Browser;
use crate::page::Page;

const LIST: &str = "Two-step verification";

fn is_at(page: &Page, heading: &str) -> Result<()> {
    ensure!(page.heading == heading, "«{}» instead of «{heading}»", page.heading);
    Ok(())
}

pub(crate) async fn view_list(browser: &Browser) -> Result<()> {
    is_at(&browser.open("/").await?, LIST)
}

/// Starts to add an app, up to the QR code.
async fn show_qr_code(browser: &Browser) -> Result<Page> {
    let page = browser.open("/factors/totp").await?;
    browser.press(&page, "Show me the QR code", &[]).await
}

/// The code that an app shows after it scanned the page.
fn app_code(browser: &Browser, page: &Page) -> Result<String> {
    let key = page.key.as_ref().with_context(|| format!("no key on «{}»", page.heading))?;
    browser.devices().totp_code_of(key).context("no code")
}

/// Goes on to the list. After the very first set-up a recovery code comes before it.
async fn reach_list(browser: &Browser, page: Page) -> Result<()> {
    let page = if page.form("Done").is_some() {
        browser.press(&page, "Done", &[("saved", "yes")]).await?
    } else {
        page
    };
    is_at(&page, LIST)
}

pub(crate) async fn add_app(browser: &Browser) -> Result<()> {
    let page = show_qr_code(browser).await?;
    let code = app_code(browser, &page)?;
    reach_list(browser, browser.press(&page, "Confirm", &[("code", &code)]).await?).await
}

pub(crate) async fn mistype_code(browser: &Browser) -> Result<()> {
    let page = show_qr_code(browser).await?;
    let page = browser.press(&page, "Confirm", &[("code", "000000")]).await?;
    let code = app_code(browser, &page)?;
    reach_list(browser, browser.press(&page, "Confirm", &[("code", &code)]).await?).await
}

pub(crate) async fn cancel_set_up(browser: &Browser) -> Result<()> {
    let page = show_qr_code(browser).await?;
    reach_list(browser, browser.press(&page, "Cancel this set-up", &[]).await?).await
}

/// Adds `sms` or `email`.
pub(crate) async fn add_sent(browser: &Browser, factor: &str) -> Result<()> {
    let page = browser.open(&format!("/factors/{factor}")).await?;
    let (number, address) = (
        format!("+44 7700 900{:03}", fastrand::u32(..1000)),
        format!("private.{}@mail.example", fastrand::u32(..100_000)),
    );
    let typed = if factor == "sms" { ("phone_number", number) } else { ("email", address) };
    let page = browser.press(&page, "Send the code", &[(typed.0, &typed.1)]).await?;
    let channel = if factor == "sms" { Factor::Sms } else { Factor::Email };
    let code = browser.devices().last_code(channel).context("nothing was sent")?;
    reach_list(browser, browser.press(&page, "Confirm", &[("code", &code)]).await?).await
}

pub(crate) async fn try_out(browser: &Browser) -> Result<()> {
    let Some(page) = list_with_removable(browser).await? else { return Ok(()) };
    let page = browser.follow(&page, "Test ").await?;
    let ways = ["Type", "Text me", "Call me", "Send me"];
    let way = ways.into_iter().find(|way| page.form(way).is_some()).context("no way to try it")?;
    let page = browser.press(&page, way, &[]).await?;
    let person = browser.person().context("no such person")?;
    let code = match (way, person.active(Factor::Totp).and_then(|app| app.secret.as_deref())) {
        ("Type", Some(secret)) => browser.devices().totp_code_of(secret),
        _ => person.messages.last().map(|message| message.code.clone()),
    };
    let page = browser.press(&page, "Check code", &[("code", &code.context("no code")?)]).await?;
    is_at(&page, LIST)
}

pub(crate) async fn replace(browser: &Browser) -> Result<()> {
    let page = browser.open("/").await?;
    if page.link("Replace authenticator app").is_none() {
        return is_at(&page, LIST);
    }
    let page = browser.follow(&page, "Replace authenticator app").await?;
    let page = browser.press(&page, "Set up the new one", &[]).await?;
    let page = browser.press(&page, "Show me the QR code", &[]).await?;
    let code = app_code(browser, &page)?;
    let page = browser.press(&page, "Confirm", &[("code", &code)]).await?;
    is_at(&browser.press(&page, "Remove the old app", &[]).await?, LIST)
}

pub(crate) async fn remove(browser: &Browser) -> Result<()> {
    let Some(page) = list_with_removable(browser).await? else { return Ok(()) };
    let page = browser.follow(&page, "Remove ").await?;
    let page = browser.press(&page, "Remove ", &[]).await?;
    // Removing the last one takes a second confirmation.
    if page.form("Remove ").is_none() || page.heading == LIST {
        return is_at(&page, LIST);
    }
    is_at(&browser.press(&page, "Remove ", &[]).await?, LIST)
}

pub(crate) async fn renew_recovery_code(browser: &Browser) -> Result<()> {
    let page = browser.open("/").await?;
    if page.link("Get a new recovery code").is_none() {
        return is_at(&page, LIST);
    }
    let page = browser.follow(&page, "Get a new recovery code").await?;
    reach_list(browser, browser.press(&page, "Get a new recovery code", &[]).await?).await
}

pub(crate) async fn sign_out(browser: &Browser) -> Result<()> {
    let page = browser.open("/").await?;
    let page = browser.follow(&page, "Sign out").await?;
    is_at(&browser.press(&page, "Sign out", &[]).await?, "You are signed out")
}

/// The list, if it has an authenticator that can be removed.
async fn list_with_removable(browser: &Browser) -> Result<Option<Page>> {
    let page = browser.open("/").await?;
    is_at(&page, LIST)?;
    Ok(Some(page).filter(|page| page.link("Remove ").is_some()))
}
