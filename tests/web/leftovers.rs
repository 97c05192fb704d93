//! Unfinished enrollments: counted, not listed, and cleared on request or by the next start after their lapse.

use emulated_tenant::{Authenticator, Factor, FaultKind};
use time::Duration;

use crate::support::{ASSOCIATE, Browser, LIST, World};

const EDDA: &str = "eight@example.com";
const NORA: &str = "nothing@example.com";

fn add_unfinished(world: &World, count: usize) {
    world.tenant.change_person(NORA, |person| {
        for at in 0..count {
            person.authenticators.push(Authenticator::new(Factor::Totp, &format!("dev_left{at}")));
        }
    });
}

// E-03
#[tokio::test]
async fn unfinished_enrollments_are_counted_and_cleared_with_one_button() {
    let world = World::new().await;
    let active = world.tenant.authenticators(EDDA).into_iter().filter(|it| it.active).count();
    assert!(world.unfinished(EDDA) > 0);
    let mut browser = world.signed_in(EDDA).await;
    assert!(browser.page.text().contains("never finished"));
    let button = browser.page.controls().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    browser.press(&button, &[]).await;
    assert!(browser.page.notice().starts_with("Unfinished set-ups cleared."));
    assert_eq!(world.unfinished(EDDA), 0);
    assert_eq!(world.tenant.authenticators(EDDA).len(), active, "what is active stays");
    assert!(!browser.page.text().contains("never finished"));
}

#[tokio::test]
async fn an_enrollment_open_in_another_tab_is_neither_counted_nor_cleared() {
    let world = World::new().await;
    add_unfinished(&world, 2);
    let mut browser = world.signed_in(NORA).await;
    let mut other = browser.tab();
    other.open("/factors/totp").await;
    other.press("Show me the QR code", &[]).await;
    browser.open("/").await;
    assert!(browser.page.text().contains("2 set-ups were never finished"), "{}", browser.page.text());
    browser.press("Clear them", &[]).await;
    let key = other.page.text_of(".key").replace(' ', "");
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    other.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(other.page.notice().starts_with("Authenticator app added."), "{}", other.page.html);
}

/// Without recovery codes, an enrollment leaves no second unfinished authenticator.
async fn world_without_recovery_codes() -> World {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.recovery_codes = false);
    world
}

#[tokio::test]
async fn a_lapsed_enrollment_is_cleared_by_the_next_start_not_by_viewing() {
    let world = world_without_recovery_codes().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", "nora@example.org")]).await;
    assert_eq!(world.unfinished(NORA), 1);
    world.pass(Duration::minutes(11));
    let mut browser = world.signed_in(NORA).await;
    assert_eq!(world.unfinished(NORA), 1, "a GET clears nothing");
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let left: Vec<Factor> = world.tenant.authenticators(NORA).iter().map(|it| it.factor).collect();
    assert!(!left.contains(&Factor::Email), "{left:?}");
}

#[tokio::test]
async fn a_start_that_the_tenant_refuses_keeps_what_is_still_to_be_cleared() {
    let world = world_without_recovery_codes().await;
    let mut browser = world.signed_in(NORA).await;
    let start = async |browser: &mut Browser| {
        browser.open("/factors/totp").await;
        browser.press("Show me the QR code", &[]).await;
    };
    start(&mut browser).await;
    world.upset_always("DELETE", "/mfa/authenticators/", FaultKind::json(429, "{}"));
    browser.press("Cancel this set-up", &[]).await;
    assert_eq!(world.unfinished(NORA), 1);
    world.upset("POST", ASSOCIATE, FaultKind::json(429, "{}"));
    start(&mut browser).await;
    assert_eq!(browser.page.status, 429, "{}", browser.page.text());
    world.tenant.faults().clear();
    start(&mut browser).await;
    assert_eq!(world.unfinished(NORA), 1, "its own alone");
}

/// The tenant keeps the authenticators of earlier codes for a time, or of a set-up that was cancelled.
#[tokio::test]
async fn what_the_tenant_kept_of_a_set_up_is_cleared_with_it_later() {
    for refusal in [429, 500] {
        for (codes, begins_elsewhere) in [(1, false), (1, true), (2, false), (2, true)] {
            let case = (refusal, codes, begins_elsewhere);
            let world = world_without_recovery_codes().await;
            let mut browser = world.signed_in(NORA).await;
            browser.open("/factors/sms").await;
            browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
            world.upset_always("DELETE", LIST, FaultKind::json(refusal, "{}"));
            for _ in 0..codes {
                // The pause between two messages.
                world.pass(Duration::seconds(31));
                browser.press("Send another code", &[]).await;
                assert_eq!(browser.page.status, 200, "{case:?}: {}", browser.page.text());
            }
            if begins_elsewhere {
                world.tenant.change_person(NORA, |nora| {
                    nora.authenticators.push(Authenticator::new(Factor::Sms, "dev_Elsewhere0000001"));
                });
            }
            world.tenant.faults().clear();
            browser.press("Cancel this set-up", &[]).await;
            let mut left = world.tenant.authenticators(NORA);
            left.retain(|it| !begins_elsewhere || !it.id.ends_with("dev_Elsewhere0000001"));
            assert_eq!(left.iter().filter(|it| !it.active).count(), 0, "{case:?}: {left:?}");
            assert_eq!(world.unfinished(NORA), usize::from(begins_elsewhere), "{case:?}");
        }
    }
}

#[tokio::test]
async fn clearing_makes_room_at_the_tenants_authenticator_limit() {
    let world = World::new().await;
    add_unfinished(&world, 51);
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.heading(), "Your list is full");
    assert!(browser.page.text().contains("Clear the unfinished ones"), "{}", browser.page.text());
    browser.open("/").await;
    browser.press("Clear them", &[]).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert!(browser.page.path().starts_with("/factors/totp/"), "{}", browser.page.text());
}

#[tokio::test]
async fn a_clearing_that_stops_halfway_says_that_its_end_is_unknown() {
    let world = World::new().await;
    add_unfinished(&world, 2);
    let mut browser = world.signed_in(NORA).await;
    let button = browser.page.controls().into_iter().find(|it| it.starts_with("Clear")).unwrap();
    world.upset("DELETE", LIST, FaultKind::Delay(std::time::Duration::ZERO));
    world.upset_always("DELETE", LIST, FaultKind::json(429, "{}"));
    browser.press(&button, &[]).await;
    assert_eq!(world.unfinished(NORA), 1);
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
}
