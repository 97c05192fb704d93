//! The live sessions of one person: how many there are at once, and the changes that end the others.

use std::time::Duration as StdDuration;

use emulated_tenant::{FaultKind, Tamper};
use reqwest::StatusCode;
use reqwest::header::COOKIE;
use time::Duration;

use crate::support::{Browser, LIST, World};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const PIA: &str = "push@example.com";
const REMOVE: &str = "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001";
const REMOVE_APP: &str = "Remove the authenticator app";

async fn world(flags: &[(&str, &str)]) -> World {
    let management = [
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ];
    World::with(&[&management, flags].concat()).await
}

/// A new browser of this person. The tenant takes each six-digit code once, so time passes between two sign-ins.
async fn another(world: &World, email: &str) -> Browser {
    world.pass(Duration::seconds(31));
    world.signed_in(email).await
}

/// Whether the portal still takes the browser for signed in.
async fn is_live(world: &World, browser: &Browser) -> bool {
    let list = world.browser().client().get(world.portal.clone()).header(COOKIE, browser.cookies());
    list.send().await.unwrap().status() == StatusCode::OK
}

/// Removes the app.
async fn remove(browser: &mut Browser) {
    browser.open(REMOVE).await;
    browser.press(REMOVE_APP, &[]).await;
}

// S-15, V-06
#[tokio::test]
async fn a_removal_ends_the_persons_other_sessions() {
    let world = world(&[]).await;
    let (other, stranger) = (another(&world, ALEX).await, another(&world, PIA).await);
    let mut own = another(&world, ALEX).await;
    let tab = own.tab();
    remove(&mut own).await;
    assert!(own.page.notice().contains("removed"), "{}", own.page.text());
    assert!(is_live(&world, &own).await && is_live(&world, &tab).await);
    assert!(!is_live(&world, &other).await);
    assert!(is_live(&world, &stranger).await);
}

// S-15, V-06
#[tokio::test]
async fn a_new_recovery_code_ends_the_persons_other_sessions() {
    let world = world(&[]).await;
    let other = another(&world, ALEX).await;
    let mut own = another(&world, ALEX).await;
    own.open("/recovery-code").await;
    own.press("Get a new recovery code", &[]).await;
    assert!(is_live(&world, &own).await && !is_live(&world, &other).await);
}

// S-15
#[tokio::test]
async fn a_replacement_ends_the_persons_other_sessions() {
    let world = world(&[]).await;
    let mut own = another(&world, ALEX).await;
    let other = another(&world, ALEX).await;
    own.open("/authenticators/replace?id=totp%7Cdev_AppPhoneTotp0001").await;
    own.press("Set up the new one", &[]).await;
    own.press("Show me the QR code", &[]).await;
    let key = own.page.text_of(".key").replace(' ', "");
    let code = world.devices(ALEX).totp_code_of(&key).unwrap();
    own.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(is_live(&world, &other).await, "a new app alone ends nothing");
    own.press("Remove the old app", &[]).await;
    assert!(is_live(&world, &own).await && !is_live(&world, &other).await, "{}", own.page.text());
}

// S-15
#[tokio::test]
async fn a_removal_that_may_have_happened_ends_the_other_sessions_too() {
    let world = world(&[]).await;
    let other = another(&world, ALEX).await;
    let mut own = another(&world, ALEX).await;
    own.open(REMOVE).await;
    world.upset("DELETE", LIST, FaultKind::DropAfter);
    // The list is read before the removal and must succeed then; it fails only afterwards.
    world.upset("GET", LIST, FaultKind::Delay(StdDuration::from_millis(1)));
    world.upset_always("GET", LIST, FaultKind::Drop);
    own.press(REMOVE_APP, &[]).await;
    assert!(own.page.text().contains("We do not know whether the change was made"), "{}", own.page.text());
    world.tenant.faults().clear();
    assert!(!is_live(&world, &other).await);
}

// S-15
#[tokio::test]
async fn a_refused_or_unfinished_removal_ends_no_session() {
    let world = world(&[]).await;
    let other = another(&world, ALEX).await;
    let mut own = another(&world, ALEX).await;
    own.open(REMOVE).await;
    let mut form = own.page.form(REMOVE_APP);
    form.set("csrf_token", "guessed");
    own.send(&form).await;
    own.open("/authenticators/remove?id=totp%7Cdev_Elsewhere0001").await;
    assert!(is_live(&world, &own).await && is_live(&world, &other).await);
}

// S-16
#[tokio::test]
async fn an_eleventh_session_ends_the_oldest() {
    let world = world(&[]).await;
    let mut browsers = Vec::new();
    for _ in 0..11 {
        browsers.push(another(&world, ALEX).await);
    }
    let stranger = another(&world, PIA).await;
    let mut live = Vec::new();
    for browser in &browsers {
        live.push(is_live(&world, browser).await);
    }
    assert_eq!((live[0], live[1..].iter().all(|it| *it)), (false, true), "{live:?}");
    assert!(is_live(&world, &stranger).await);
}

// S-16
#[tokio::test]
async fn ended_sessions_do_not_count() {
    let world = world(&[]).await;
    let first = another(&world, ALEX).await;
    for _ in 0..12 {
        let mut next = another(&world, ALEX).await;
        next.open("/sign-out").await;
        next.press("Sign out", &[]).await;
    }
    assert!(is_live(&world, &first).await);
}

// S-16
#[tokio::test]
async fn step_ups_in_one_browser_count_as_one_session() {
    let world = world(&[]).await;
    let (first, mut busy) = (another(&world, ALEX).await, another(&world, ALEX).await);
    for _ in 0..10 {
        world.pass(Duration::seconds(31));
        busy.open("/sign-in?fresh=1").await;
        busy.pass_sign_in(ALEX).await;
    }
    assert!(is_live(&world, &first).await && is_live(&world, &busy).await);
}

/// A browser that signs in again and again, without a password because the tenant knows it, ends its own sessions: also
/// where some of its tokens do not tell when the password was typed.
// S-16
#[tokio::test]
async fn sign_ins_of_one_browser_leave_those_of_others_alive() {
    for (owner_first, apart, without_time) in [
        (false, 31, 0),
        (true, 31, 0),
        (true, 31, 1),
        (true, 31, 3),
        (false, 31, 12),
        (true, 2, 0),
        (false, 2, 1),
    ] {
        let world = world(&[]).await;
        let one = world.signed_in(NORA).await;
        world.pass(Duration::seconds(apart));
        let other = world.signed_in(NORA).await;
        let (owner, mut busy) = if owner_first { (one, other) } else { (other, one) };
        for at in 0..14 {
            if at >= 14 - without_time {
                world.tenant.tamper_id_token(Tamper::edit(|token| {
                    token.claims.as_object_mut().unwrap().remove("auth_time");
                }));
            }
            let mut tab = busy.tab();
            tab.plant("mfa-portal-session=; Path=/; Max-Age=0");
            tab.open("/").await;
            assert_eq!(tab.page.status, StatusCode::OK, "{}", tab.page.text());
            busy = tab;
        }
        let case = format!("owner first: {owner_first}, {apart} s apart, {without_time} without the time");
        assert!(is_live(&world, &owner).await, "{case}");
        assert!(is_live(&world, &busy).await);
    }
}
