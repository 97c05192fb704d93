//! The proof of an act is decided before the act waits for its turn, and once more in its turn.

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate};
use reqwest::StatusCode;

use super::{ALEX, NORA, PROVE_AGAIN, REMOVE_APP, intruder_and_owner, world};
use crate::support::{Browser, Form, LIST, World};

const REMOVE: &str = "Remove the authenticator app";
const REPLACE_APP: &str = "/authenticators/replace?id=totp%7Cdev_AppPhoneTotp0001";
const LOST_PHONE: &str = "/lost-phone";
const MAIL: &str = "email%7Cdev_NoraMailMail0001";
/// The acts that take their turn among a person's removals.
const ACTS: [(&str, &str); 5] = [
    (REMOVE_APP, REMOVE),
    (REPLACE_APP, "Set up the new one"),
    ("/", "Clear it"),
    (LOST_PHONE, "Continue"),
    (LOST_PHONE, "Move to my new phone"),
];

/// An unfinished authenticator, which can be cleared.
fn leave_unfinished(world: &World, email: &str) {
    let unfinished = Authenticator::new(Factor::Totp, "dev_Left000000000001");
    world.tenant.change_person(email, |person| person.authenticators.push(unfinished));
}

async fn form_of(browser: &mut Browser, (page, button): (&str, &str)) -> Form {
    browser.open(page).await;
    let mut form = browser.page.form(button);
    if page == LOST_PHONE {
        form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
    }
    form
}

/// Holds the next request with this method for authenticators, before or after the tenant has worked on it.
fn hold(world: &World, method: &str, kind: fn(Gate) -> FaultKind) -> Gate {
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new(method, LIST, kind(gate.clone())).times(1));
    gate
}

const ENDED: &str = "Your visit has ended";

#[tokio::test]
async fn an_act_without_the_proof_waits_for_nobody_s_turn() {
    for act in ACTS {
        let world = world().await;
        leave_unfinished(&world, ALEX);
        let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
        let removal = form_of(&mut owner, (REMOVE_APP, REMOVE)).await;
        let refused = form_of(&mut intruder, act).await;
        let gate = hold(&world, "DELETE", FaultKind::HoldRequest);
        let removing = tokio::spawn(owner.request(&removal).send());
        gate.reached().await;
        intruder.send(&refused).await;
        // The removal has noted the end of its session before it asks the tenant.
        assert_eq!(intruder.page.heading(), ENDED, "{act:?}");
        gate.open();
        assert_eq!(removing.await.unwrap().unwrap().status(), StatusCode::SEE_OTHER, "{act:?}");
    }
}

#[tokio::test]
async fn an_act_without_the_proof_holds_nobody_up() {
    for act in ACTS {
        let world = world().await;
        leave_unfinished(&world, ALEX);
        let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
        let removal = form_of(&mut owner, (REMOVE_APP, REMOVE)).await;
        let refused = form_of(&mut intruder, act).await;
        let gate = hold(&world, "GET", FaultKind::HoldRequest);
        let waiting = tokio::spawn(intruder.request(&refused).send());
        gate.reached().await;
        owner.send(&removal).await;
        assert!(owner.page.notice().contains("removed"), "{act:?}: {}", owner.page.text());
        gate.open();
        assert!(waiting.await.unwrap().unwrap().status().is_client_error(), "{act:?}");
    }
}

// U-02
#[tokio::test]
async fn the_password_alone_does_not_give_a_replacement_up() {
    let world = world().await;
    let (mut intruder, mut owner) = intruder_and_owner(&world, ALEX).await;
    owner.open(REPLACE_APP).await;
    owner.press("Set up the new one", &[]).await;
    owner.press("Show me the QR code", &[]).await;
    let mut cancel = owner.page.form("Cancel this set-up");
    let id = owner.page.path().rsplit('/').next().unwrap().to_owned();
    let elsewhere = cancel.action.as_str().replace(&id, &"A".repeat(id.len()));
    cancel.action = elsewhere.parse().unwrap();
    intruder.open("/sign-out").await;
    cancel.set("csrf_token", &intruder.page.attr("[name=csrf_token]", "value").unwrap());
    intruder.send(&cancel).await;
    world.pass(time::Duration::seconds(31));
    let code = world.devices(ALEX).totp_code_of(&super::key(&owner)).unwrap();
    owner.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(owner.page.notice().contains("The new one works"), "{}", owner.page.text());
}

// U-02
#[tokio::test]
async fn a_factor_that_comes_before_an_act_s_turn_asks_for_its_proof() {
    for (page, button) in [
        (&*format!("/authenticators/remove?id={MAIL}"), "Remove the address"),
        (&format!("/authenticators/replace?id={MAIL}"), "Set up the new one"),
        ("/", "Clear it"),
    ] {
        let world = world().await;
        leave_unfinished(&world, NORA);
        let mail = Authenticator::new(Factor::Email, "dev_NoraMailMail0001").with_contact("nora@example.org");
        world.tenant.change_person(NORA, |nora| nora.authenticators.push(mail.active()));
        let mut intruder = world.signed_in(NORA).await;
        let form = form_of(&mut intruder, (page, button)).await;
        let gate = hold(&world, "GET", FaultKind::HoldResponse);
        let acting = tokio::spawn(async move {
            intruder.send(&form).await;
            intruder
        });
        gate.reached().await;
        let app = Authenticator::new(Factor::Totp, "dev_Elsewhere0000001").active();
        world.tenant.change_person(NORA, |nora| nora.authenticators.push(app));
        world.tenant.journal().clear();
        gate.open();
        let intruder = acting.await.unwrap();
        assert_eq!(intruder.page.heading(), PROVE_AGAIN, "{page}");
        assert_eq!(world.changes(), Vec::<String>::new(), "{page}");
    }
}
