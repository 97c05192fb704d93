//! The owner enrolls outside the portal, as in Universal Login, while a set-up is open that an intruder began with the
//! password alone. The owner's authenticator is no part of that set-up, however little the lists tell.

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use reqwest::StatusCode;

use super::{NORA, NUMBER, PROVE_AGAIN, key, live, world};
use crate::factors::push::reload_after;
use crate::support::{self, ASSOCIATE, Browser, Form, World};

/// What hides which authenticator is the set-up's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    Nothing,
    /// The list after its association fails.
    ListFails,
    /// The owner's set-up begins between the lists before and after its association.
    BothBegin,
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
        Factor::Push => ("/factors/push", "Show me the QR code"),
        _ => ("/factors/totp", "Show me the QR code"),
    };
    browser.open(path).await;
    let mut form = browser.page.form(button);
    if factor == Factor::Sms {
        form.set(&browser.page.field("Phone number"), NUMBER);
    }
    form
}

/// Begins a set-up, and the owner's set-up of these begins elsewhere.
async fn begin_both(
    world: &World,
    mut browser: Browser,
    factor: Factor,
    elsewhere: &[Factor],
    hidden: Hidden,
) -> Browser {
    let form = start(&mut browser, factor).await;
    let gate = Gate::new();
    let held = Fault::new("POST", ASSOCIATE, FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    let starting = tokio::spawn(async move {
        browser.send(&form).await;
        browser
    });
    gate.reached().await;
    match hidden {
        Hidden::Nothing => {}
        Hidden::ListFails => world.upset_always("GET", support::LIST, FaultKind::json(500, "{}")),
        Hidden::BothBegin => change(world, elsewhere, false),
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
    let kinds: [(Factor, &[Factor]); 8] = [
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
            for (has_calls, end) in
                [(true, "confirm"), (false, "confirm"), (true, "cancel"), (false, "cancel")]
            {
                let case = format!("{factor:?} {elsewhere:?} {hidden:?} {has_calls} {end}");
                let world = world().await;
                if !has_calls {
                    world.tenant.configure(|settings| settings.factors.retain(|it| *it != Factor::Voice));
                }
                let (thief, owner) = (world.signed_in(NORA).await, world.signed_in(NORA).await);
                let mut thief = begin_both(&world, thief, factor, elsewhere, hidden).await;
                change(&world, elsewhere, true);
                if end == "cancel" {
                    thief.press("Cancel this set-up", &[]).await;
                    assert_eq!(live(&world, &[owner]).await, 1, "{case}");
                    continue;
                }
                match factor {
                    Factor::Push => {
                        assert!(world.devices(NORA).approve_push(), "{case}");
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
                assert_eq!(thief.page.heading(), PROVE_AGAIN, "{case}: {}", thief.page.text());
                for page in ["/recovery-code", "/recovery-code/download"] {
                    assert_eq!(thief.open(page).await.status, StatusCode::FORBIDDEN, "{case}");
                }
                assert_eq!(live(&world, &[owner]).await, 1, "{case}");
            }
        }
    }
}

/// The same person begins in two places at once, and ends both.
#[tokio::test]
async fn a_set_up_beside_one_elsewhere_is_confirmed_while_nothing_protects() {
    let world = world().await;
    let browser = world.signed_in(NORA).await;
    let mut browser = begin_both(&world, browser, Factor::Totp, &[Factor::Totp], Hidden::BothBegin).await;
    let code = world.devices(NORA).totp_code_of(&key(&browser)).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.path(), "/recovery-code", "{}", browser.page.text());
}
