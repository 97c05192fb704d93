//! PROOF=recent in the act itself: its page has let the person pass, so the act alone can refuse.

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use reqwest::StatusCode;
use time::Duration;

use super::proof::{CHANGES, Change, PROVE_AGAIN, filled_in, has_changed, set_amr, world};
use super::{ALEX, NORA};
use crate::support::{Browser, LIST, World};

const CLEAR: Change = ("/", "Clear it", &[]);

/// Signed in almost ten minutes ago with the password, and now with the factor alone, if there is one. An act keeps its
/// turn for four seconds without a renewal, so the proof grows old within them.
async fn with_older_password(world: &World, email: &str) -> Browser {
    world.tenant.configure(|settings| settings.session_skips_challenge = false);
    let mut browser = world.signed_in(email).await;
    world.pass(Duration::minutes(10) - Duration::seconds(2));
    browser.open("/sign-in").await;
    assert_ne!(browser.page.heading(), "Sign in", "the tenant asks for no password");
    browser.pass_sign_in(email).await;
    let unfinished = Authenticator::new(Factor::Totp, "dev_Unfinished000001");
    world.tenant.change_person(email, |person| person.authenticators.push(unfinished));
    browser
}

/// Submits the change, and lets this much time pass while the act reads the list.
async fn submit_while(world: &World, mut browser: Browser, change: Change, passes: Duration) -> Browser {
    let (page, button, fields) = change;
    let form = filled_in(&mut browser, page, button, fields).await;
    world.tenant.journal().clear();
    let gate = Gate::new();
    let held = Fault::new("GET", LIST, FaultKind::HoldRequest(gate.clone())).times(1);
    world.tenant.faults().inject(held);
    let acting = tokio::spawn(async move {
        browser.send(&form).await;
        browser
    });
    gate.reached().await;
    world.pass(passes);
    gate.open();
    acting.await.unwrap()
}

// U-01, U-02
#[tokio::test]
async fn a_recent_proof_that_grows_old_during_the_act_allows_no_change() {
    for change in CHANGES.into_iter().chain([CLEAR]) {
        let world = world("recent").await;
        let browser = with_older_password(&world, ALEX).await;
        let browser = submit_while(&world, browser, change, Duration::milliseconds(2_500)).await;
        assert_eq!(
            (browser.page.status, browser.page.heading().as_str()),
            (StatusCode::FORBIDDEN, PROVE_AGAIN),
            "{change:?}: {}",
            browser.page.text()
        );
        assert!(!has_changed(&world), "{change:?}: {:?}", world.changes());
    }
}

#[tokio::test]
async fn a_proof_that_is_still_recent_in_the_act_allows_the_change() {
    for change in CHANGES {
        let world = world("recent").await;
        let browser = with_older_password(&world, ALEX).await;
        let browser = submit_while(&world, browser, change, Duration::milliseconds(500)).await;
        assert_eq!(browser.page.status, StatusCode::OK, "{change:?}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn the_first_factor_too_needs_a_password_that_is_recent_in_the_act() {
    for change in CHANGES.into_iter().filter(|(page, ..)| page.starts_with("/factors/")) {
        let world = world("recent").await;
        let browser = with_older_password(&world, NORA).await;
        let browser = submit_while(&world, browser, change, Duration::milliseconds(2_500)).await;
        assert_eq!(browser.page.heading(), PROVE_AGAIN, "{change:?}: {}", browser.page.text());
        assert!(!has_changed(&world), "{change:?}: {:?}", world.changes());
    }
}

// U-02
#[tokio::test]
async fn a_recent_password_without_the_factor_allows_no_change() {
    for (page, button, fields) in CHANGES {
        let world = world("recent").await;
        set_amr(&world, false);
        let mut browser = world.signed_in(ALEX).await;
        let form = filled_in(&mut browser, page, button, fields).await;
        world.tenant.journal().clear();
        browser.send(&form).await;
        assert_eq!((page, browser.page.heading().as_str()), (page, PROVE_AGAIN));
        assert!(!has_changed(&world), "{page}: {:?}", world.changes());
    }
}
