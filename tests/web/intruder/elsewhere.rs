//! The owner enrolls outside the portal, as in Universal Login, while a set-up is open that an intruder began with the
//! password alone. The owner's authenticator is no part of that set-up, however little the lists tell.

use std::time::Duration as StdDuration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use reqwest::StatusCode;
use time::Duration;

use super::{NORA, NUMBER, PROVE_AGAIN, key, live, world};
use crate::factors::push::reload_after;
use crate::support::{self, ASSOCIATE, Browser, Form, World};

/// The reason why no list tells which authenticator is the set-up's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    Nothing,
    /// The list after its association fails.
    ListFails,
    /// The owner's set-up begins between the lists before and after its association.
    BothBegin,
}

/// A set-up in the portal, and the owner's elsewhere.
#[derive(Clone, Copy, Debug)]
struct Case {
    factor: Factor,
    elsewhere: &'static [Factor],
    hidden: Hidden,
    /// Whether a number brings calls, and a push an app.
    brings_more: bool,
}

/// The number of lists that a start reads before its association. That of a phone number reads one more.
fn lists_before(factor: Factor) -> u32 {
    if factor == Factor::Sms { 3 } else { 2 }
}

const DEVICE: &str = "dev_EnrolledElsewhere1";

fn change(world: &World, factors: &[Factor], is_active: bool) {
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.retain(|it| !it.id.ends_with(DEVICE));
        for factor in factors {
            let begun = Authenticator::new(*factor, DEVICE).with_contact("+447700900199");
            nora.authenticators.push(if is_active { begun.active() } else { begun });
        }
    });
}

async fn start(browser: &mut Browser, factor: Factor) -> Form {
    let (path, button) = match factor {
        Factor::Sms => ("/factors/sms", "Send the code"),
        Factor::Voice => ("/factors/voice", "Call me now"),
        Factor::Push => ("/factors/push", "Show me the QR code"),
        _ => ("/factors/totp", "Show me the QR code"),
    };
    browser.open(path).await;
    let mut form = browser.page.form(button);
    if matches!(factor, Factor::Sms | Factor::Voice) {
        form.set(&browser.page.field("Phone number"), NUMBER);
    }
    form
}

/// As at a tenant whose push brings no app.
fn without_twin(world: &World) {
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.retain(|it| it.factor != Factor::Totp || it.id.ends_with(DEVICE));
    });
}

/// Begins both set-ups.
async fn begin_both(world: &World, mut browser: Browser, case: Case) -> Browser {
    let form = start(&mut browser, case.factor).await;
    let gate = Gate::new();
    let held = Fault::new("POST", ASSOCIATE, FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    let starting = tokio::spawn(async move {
        browser.send(&form).await;
        browser
    });
    gate.reached().await;
    if case.factor == Factor::Push && !case.brings_more {
        without_twin(world);
    }
    match case.hidden {
        Hidden::Nothing => {}
        Hidden::ListFails => world.upset_always("GET", support::LIST, FaultKind::json(500, "{}")),
        Hidden::BothBegin => change(world, case.elsewhere, false),
    }
    gate.open();
    let mut browser = starting.await.unwrap();
    world.tenant.faults().clear();
    // Its page may have failed with the list.
    browser.go(browser.page.url.clone()).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text());
    browser
}

// S-15
#[tokio::test]
async fn what_the_owner_enrolls_elsewhere_is_no_part_of_an_intruders_set_up() {
    let kinds: [(Factor, &'static [Factor]); 8] = [
        (Factor::Totp, &[Factor::Totp]),
        (Factor::Totp, &[Factor::Push, Factor::Totp]),
        (Factor::Totp, &[Factor::Sms]),
        (Factor::Sms, &[Factor::Sms]),
        (Factor::Sms, &[Factor::Voice]),
        (Factor::Sms, &[Factor::Sms, Factor::Voice]),
        (Factor::Push, &[Factor::Totp]),
        (Factor::Push, &[Factor::Push, Factor::Totp]),
    ];
    for (factor, elsewhere) in kinds {
        for hidden in [Hidden::Nothing, Hidden::ListFails, Hidden::BothBegin] {
            for (brings_more, end) in
                [(true, "confirm"), (false, "confirm"), (true, "cancel"), (false, "cancel")]
            {
                let case = Case { factor, elsewhere, hidden, brings_more };
                let world = world().await;
                if !brings_more {
                    world.tenant.configure(|settings| settings.factors.retain(|it| *it != Factor::Voice));
                }
                let (thief, owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
                let mut thief = begin_both(&world, thief, case).await;
                change(&world, elsewhere, true);
                if end == "cancel" {
                    thief.press("Cancel this set-up", &[]).await;
                    assert_eq!(live(&world, &[owner]).await, 1, "{case:?} {end}");
                    continue;
                }
                match factor {
                    Factor::Push => {
                        assert!(world.devices(NORA).approve_push(), "{case:?} {end}");
                        reload_after(&world, &mut thief, 5).await;
                    }
                    Factor::Sms => {
                        let code = world.devices(NORA).last_code(Factor::Sms).unwrap();
                        thief.press("Confirm", &[("Six-digit code", &code)]).await;
                    }
                    _ => {
                        let code = world.devices(NORA).totp_code_of(&key(&thief)).unwrap();
                        thief.press("Confirm", &[("Six-digit code", &code)]).await;
                    }
                }
                assert_eq!(thief.page.heading(), PROVE_AGAIN, "{case:?} {end}: {}", thief.page.text());
                for page in ["/recovery-code", "/recovery-code/download"] {
                    assert_eq!(thief.open(page).await.status, StatusCode::FORBIDDEN, "{case:?} {end}");
                }
                assert_eq!(live(&world, &[owner]).await, 1, "{case:?} {end}");
            }
        }
    }
}

/// The set-up's authenticators are gone, as after somebody has cleared it elsewhere, and the tenant refuses its code or is
/// away.
// S-15
#[tokio::test]
async fn a_set_up_whose_own_is_gone_takes_nobody_elses() {
    let kinds: [(Factor, &'static [Factor]); 3] = [
        (Factor::Totp, &[Factor::Totp]),
        (Factor::Sms, &[Factor::Sms, Factor::Voice]),
        (Factor::Voice, &[Factor::Sms, Factor::Voice]),
    ];
    for (factor, elsewhere) in kinds {
        for answer in [None, Some(FaultKind::json(503, "{}")), Some(FaultKind::json(429, "{}"))] {
            let case = Case { factor, elsewhere, hidden: Hidden::ListFails, brings_more: true };
            let world = world().await;
            let (thief, owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
            let mut thief = begin_both(&world, thief, case).await;
            world.tenant.change_person(NORA, |nora| {
                nora.authenticators.retain(|it| it.factor == Factor::RecoveryCode);
            });
            change(&world, elsewhere, true);
            if let Some(answer) = &answer {
                world.upset_always("POST", support::TOKEN, answer.clone());
            }
            let mut code = thief.page.form("Confirm");
            code.set("code", "000000");
            for _ in 0..2 {
                thief.send(&code).await;
                assert_eq!(thief.page.heading(), PROVE_AGAIN, "{case:?} {answer:?}: {}", thief.page.text());
            }
            assert_eq!(thief.open("/recovery-code").await.status, StatusCode::FORBIDDEN, "{case:?}");
            assert_eq!(live(&world, &[owner]).await, 1, "{case:?} {answer:?}");
        }
    }
}

/// Both are unfinished, and the lists do not tell which one is the set-up's.
// S-15
#[tokio::test]
async fn a_cancellation_removes_nothing_that_may_have_begun_elsewhere() {
    let kinds: [(Factor, &'static [Factor]); 5] = [
        (Factor::Totp, &[Factor::Totp]),
        (Factor::Sms, &[Factor::Sms]),
        (Factor::Sms, &[Factor::Voice]),
        (Factor::Voice, &[Factor::Sms, Factor::Voice]),
        (Factor::Push, &[Factor::Push, Factor::Totp]),
    ];
    for (factor, elsewhere) in kinds {
        for hidden in [Hidden::ListFails, Hidden::BothBegin] {
            let case = Case { factor, elsewhere, hidden, brings_more: true };
            let world = world().await;
            let mut browser = begin_both(&world, world.signed_in(NORA).await, case).await;
            change(&world, elsewhere, false);
            browser.press("Cancel this set-up", &[]).await;
            let left = world.tenant.authenticators(NORA);
            let kept = left.iter().filter(|it| it.id.ends_with(DEVICE)).count();
            assert_eq!(kept, elsewhere.len(), "{case:?}: {left:?}");
        }
    }
}

/// A number's set-up knows what it has created, and asks for another code.
// S-15
#[tokio::test]
async fn another_code_removes_nothing_that_has_begun_elsewhere() {
    let world = world().await;
    let mut browser = world.signed_in(NORA).await;
    let form = start(&mut browser, Factor::Sms).await;
    browser.send(&form).await;
    // The pause between two messages.
    world.pass(Duration::seconds(31));
    let call = Case { factor: Factor::Voice, elsewhere: &[], hidden: Hidden::ListFails, brings_more: true };
    let called = begin_both(&world, browser.tab(), call).await;
    change(&world, &[Factor::Sms, Factor::Voice], false);
    let ids = || -> Vec<String> {
        world.tenant.authenticators(NORA).into_iter().filter(|it| !it.active).map(|it| it.id).collect()
    };
    let before = ids();
    world.pass(Duration::seconds(31));
    browser.press("Send another code", &[]).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text());
    let after = ids();
    let kept = before.iter().filter(|id| after.contains(id)).count();
    assert_eq!(kept, before.len() - 2, "only the earlier code's: {before:?} {after:?}");
    browser.press("Cancel this set-up", &[]).await;
    let after = ids();
    let kept = before.iter().filter(|id| after.contains(id)).count();
    assert_eq!(kept, before.len() - 2, "{before:?} {after:?}");
    drop(called);
}

/// The tenant fails without having created anything. The next start clears what such a set-up may have left.
// S-15
#[tokio::test]
async fn a_set_up_that_came_to_nothing_takes_nothing_that_begins_elsewhere_later() {
    let cases: [(Factor, &[Factor], bool, i64); 7] = [
        (Factor::Push, &[Factor::Totp], false, 0),
        (Factor::Totp, &[Factor::Totp], false, 0),
        (Factor::Sms, &[Factor::Sms, Factor::Voice], false, 0),
        // The list fails with it, so that nothing tells what was created.
        (Factor::Push, &[Factor::Totp], true, 0),
        (Factor::Push, &[Factor::Push, Factor::Totp], true, 11),
        (Factor::Totp, &[Factor::Totp], true, 11),
        (Factor::Sms, &[Factor::Sms, Factor::Voice], true, 11),
    ];
    for (factor, elsewhere, list_fails, minutes) in cases {
        for next in [Factor::Totp, Factor::Voice] {
            let case = (factor, elsewhere, list_fails, next);
            let world = world().await;
            let mut browser = world.signed_in(NORA).await;
            let form = start(&mut browser, factor).await;
            let asked = world.calls("POST", ASSOCIATE);
            world.upset_always("POST", ASSOCIATE, FaultKind::json(503, "{}"));
            if list_fails {
                let faults = world.tenant.faults();
                let untouched = Fault::new("GET", support::LIST, FaultKind::Delay(StdDuration::ZERO));
                faults.inject(untouched.times(lists_before(factor)));
                world.upset_always("GET", support::LIST, FaultKind::json(500, "{}"));
            }
            browser.send(&form).await;
            assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY, "{case:?}: {}", browser.page.text());
            assert!(world.calls("POST", ASSOCIATE) > asked, "{case:?}");
            world.tenant.faults().clear();
            change(&world, elsewhere, false);
            if minutes > 0 {
                world.pass(Duration::minutes(minutes));
                browser = world.signed_in(NORA).await;
            }
            let form = start(&mut browser, next).await;
            browser.send(&form).await;
            assert_eq!(browser.page.status, StatusCode::OK, "{case:?}: {}", browser.page.text());
            let left = world.tenant.authenticators(NORA);
            let kept = left.iter().filter(|it| it.id.ends_with(DEVICE)).count();
            assert_eq!(kept, elsewhere.len(), "{case:?}: {left:?}");
        }
    }
}

/// The tenant does not answer the request for another code, and has done nothing.
// S-15
#[tokio::test]
async fn a_cancellation_after_a_lost_code_removes_nothing_that_had_begun_elsewhere() {
    for (factor, elsewhere) in
        [(Factor::Sms, Factor::Sms), (Factor::Sms, Factor::Voice), (Factor::Voice, Factor::Sms)]
    {
        let world = world().await;
        let mut browser = world.signed_in(NORA).await;
        let form = start(&mut browser, factor).await;
        browser.send(&form).await;
        let page = browser.page.url.clone();
        change(&world, &[elsewhere], false);
        world.pass(Duration::seconds(31));
        world.upset("POST", ASSOCIATE, FaultKind::json(500, "{}"));
        let another = if factor == Factor::Sms { "Send another code" } else { "Call again" };
        browser.press(another, &[]).await;
        assert_eq!(browser.page.status, StatusCode::BAD_GATEWAY, "{}", browser.page.text());
        browser.go(page).await;
        browser.press("Cancel this set-up", &[]).await;
        let left = world.tenant.authenticators(NORA);
        assert!(left.iter().any(|it| it.id.ends_with(DEVICE)), "{factor:?} {elsewhere:?}: {left:?}");
    }
}

/// The page of a push asks for its end while the set-up is cancelled.
#[tokio::test]
async fn a_push_that_is_cancelled_is_not_told_as_added_for_an_app_from_elsewhere() {
    let world = world().await;
    let (thief, owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
    let case = Case {
        factor: Factor::Push,
        elsewhere: &[Factor::Totp],
        hidden: Hidden::ListFails,
        brings_more: true,
    };
    let mut thief = begin_both(&world, thief, case).await;
    change(&world, case.elsewhere, true);
    let page = thief.page.url.clone();
    let cancel = thief.page.form("Cancel this set-up");
    let mut polling = thief.tab();
    let gate = Gate::new();
    let held = Fault::new("GET", support::LIST, FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    let cancelling = tokio::spawn(async move {
        thief.send(&cancel).await;
        thief
    });
    gate.reached().await;
    world.pass(Duration::seconds(6));
    let polled = tokio::spawn(async move {
        polling.go(page).await;
        polling
    });
    // It waits for its turn, which shows nowhere.
    tokio::time::sleep(StdDuration::from_millis(100)).await;
    gate.open();
    cancelling.await.unwrap();
    let polled = polled.await.unwrap();
    assert!(!polled.page.text().contains("added"), "{}", polled.page.text());
    assert_eq!(live(&world, &[owner]).await, 1);
}

/// The same person begins in two places at once, and ends both.
#[tokio::test]
async fn a_set_up_beside_one_elsewhere_is_confirmed_while_nothing_protects() {
    let world = world().await;
    let browser = world.signed_in(NORA).await;
    let case = Case {
        factor: Factor::Totp,
        elsewhere: &[Factor::Totp],
        hidden: Hidden::BothBegin,
        brings_more: true,
    };
    let mut browser = begin_both(&world, browser, case).await;
    let code = world.devices(NORA).totp_code_of(&key(&browser)).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.path(), "/recovery-code", "{}", browser.page.text());
}
