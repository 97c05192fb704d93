//! Unfinished authenticators are cleared beside a code or a start.

use emulated_tenant::{Factor, FaultKind};
use time::Duration;

use super::{hold, hold_second_list, sent, waits_for, with_code};
use crate::factors::{
    CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, sent_code, start_sms, start_totp,
};
use crate::support::{LIST, TOKEN, World};

/// A request that clears unfinished authenticators beside a code that makes one active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clearing {
    AnotherStart,
    /// Of another factor, once the set-up has lapsed.
    LateStart,
    Button,
}

#[tokio::test]
async fn nothing_is_cleared_whose_code_is_being_shown() {
    for clearing in [Clearing::AnotherStart, Clearing::LateStart, Clearing::Button] {
        let world = World::with(&[("proof", "any")]).await;
        let begun = start_totp(&world, NOTHING).await;
        world.pass(Duration::minutes(5));
        let mut confirms = world.signed_in(NOTHING).await;
        confirms.go(begun.page.url.clone()).await;
        if clearing == Clearing::LateStart {
            world.pass(Duration::seconds(4 * 60 + 58));
        }
        let right = with_code(&confirms, &app_code(&world, &confirms.page));
        let mut other = world.signed_in(NOTHING).await;
        let path = if clearing == Clearing::LateStart { "/factors/sms" } else { "/factors/totp" };
        other.open(path).await;
        let mut form = other.page.form(if clearing == Clearing::LateStart { "Send the code" } else { SCAN });
        match clearing {
            Clearing::AnotherStart => {}
            Clearing::LateStart => form.set(&other.page.field("Phone number"), NUMBER),
            Clearing::Button => form.action = other.address("/authenticators/clear"),
        }
        let gate = hold(&world, "POST", TOKEN);
        let confirming = sent(confirms, right);
        gate.reached().await;
        world.pass(Duration::seconds(3));
        let clears = sent(other, form);
        waits_for(&world, gate, &clears, &format!("{clearing:?}")).await;
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{clearing:?}: {}", confirms.page.text());
        clears.await.unwrap();
        assert_eq!(count(&world, NOTHING, Factor::Totp, true), 1, "{clearing:?}");
    }
}

#[tokio::test]
async fn the_button_clears_nothing_that_begins_while_it_reads_the_list() {
    let world = World::new().await;
    let mut browser = start_totp(&world, NOTHING).await;
    world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
    browser.press(CANCEL, &[]).await;
    world.tenant.faults().clear();
    let mut tab = browser.tab();
    tab.open("/").await;
    let button = tab.page.buttons().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    let clear = tab.page.form(&button);
    browser.open("/factors/sms").await;
    let mut start = browser.page.form("Send the code");
    start.set(&browser.page.field("Phone number"), NUMBER);
    let gate = hold_second_list(&world);
    let clearing = sent(tab, clear);
    gate.reached().await;
    let starting = sent(browser, start);
    waits_for(&world, gate, &starting, "start").await;
    clearing.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Totp, false), 0, "what was left over is cleared");
    let mut browser = starting.await.unwrap();
    browser.press(CONFIRM, &[(CODE, &sent_code(&world, NOTHING))]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{}", browser.page.text());
}

#[tokio::test]
async fn a_start_forgets_no_other_factor_s_that_begins_while_it_reads_the_list() {
    let world = World::new().await;
    let mut browser = start_sms(&world, NOTHING).await;
    browser.press(CANCEL, &[]).await;
    world.pass(Duration::seconds(31));
    let mut tab = browser.tab();
    tab.open("/factors/totp").await;
    let app = tab.page.form(SCAN);
    browser.open("/factors/sms").await;
    let mut phone = browser.page.form("Send the code");
    phone.set(&browser.page.field("Phone number"), NUMBER);
    let gate = hold_second_list(&world);
    let starting = sent(tab, app);
    gate.reached().await;
    let another = sent(browser, phone);
    waits_for(&world, gate, &another, "another start").await;
    starting.await.unwrap();
    let mut browser = another.await.unwrap();
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 1);
    browser.press(CANCEL, &[]).await;
    assert_eq!(count(&world, NOTHING, Factor::Sms, false), 0, "its record tells what it left");
}
