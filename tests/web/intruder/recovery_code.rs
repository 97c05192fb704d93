//! A recovery code that one session was given stays that session's, whatever another session confirms.

use emulated_tenant::{Factor, Fault, FaultKind, Gate, Tamper};
use serde_json::json;
use time::Duration;

use super::{NORA, PROVE_AGAIN, begin_app, begin_phone, key, set_up_app, world};
use crate::support::{Browser, World};

/// Nora's app and number are gone, by the help of support, and her recovery code is not.
fn reset_by_support(world: &World) {
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.retain(|it| it.factor == Factor::RecoveryCode);
    });
}

async fn confirm_phone(world: &World, browser: &mut Browser, email: &str) {
    begin_phone(browser).await;
    let code = world.devices(email).last_code(Factor::Sms).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
}

async fn confirm_app(world: &World, browser: &mut Browser, email: &str) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let code = world.devices(email).totp_code_of(&key(browser)).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
}

/// The first answer comes late, and the repeat is refused because its code was used.
#[tokio::test]
async fn a_right_code_that_is_posted_twice_brings_the_recovery_code() {
    for factor in [Factor::Totp, Factor::Sms] {
        let world = world().await;
        let mut owner = world.signed_in(NORA).await;
        let code = if factor == Factor::Totp {
            begin_app(&mut owner).await;
            world.devices(NORA).totp_code_of(&key(&owner)).unwrap()
        } else {
            begin_phone(&mut owner).await;
            world.devices(NORA).messages().pop().unwrap().code
        };
        let mut confirm = owner.page.form("Confirm");
        confirm.set("code", &code);
        let gate = Gate::new();
        let late = Fault::new("POST", "/oauth/token", FaultKind::HoldResponse(gate.clone()));
        world.tenant.faults().inject(late.times(1));
        let first = tokio::spawn(owner.request(&confirm).send());
        gate.reached().await;
        owner.send(&confirm).await;
        gate.open();
        first.await.unwrap().unwrap();
        owner.open("/recovery-code").await;
        let shown = owner.page.text_of(".recovery").replace(' ', "");
        assert_eq!(shown, world.devices(NORA).recovery_code().unwrap(), "{factor:?}");
    }
}

#[tokio::test]
async fn a_password_s_own_set_up_brings_no_code_that_the_owner_was_given() {
    for factor in ["totp", "sms"] {
        let world = world().await;
        let mut owner = world.signed_in(NORA).await;
        set_up_app(&world, &mut owner, NORA).await;
        let code = owner.page.text_of(".recovery").replace(' ', "");
        reset_by_support(&world);
        world.pass(Duration::minutes(1));
        let mut intruder = world.signed_in(NORA).await;
        match factor {
            "totp" => confirm_app(&world, &mut intruder, NORA).await,
            _ => confirm_phone(&world, &mut intruder, NORA).await,
        }
        assert!(intruder.page.notice().contains("added"), "{factor}: {}", intruder.page.text());
        for page in ["/", "/recovery-code", "/recovery-code/download"] {
            intruder.open(page).await;
            assert!(!intruder.page.html.contains(&code[..4]), "{factor}: {page}");
        }
        assert_eq!(intruder.page.heading(), PROVE_AGAIN, "{factor}");
    }
}

#[tokio::test]
async fn an_unsaved_code_stays_with_its_session_while_another_adds_a_factor() {
    let world = world().await;
    let mut owner = world.signed_in(NORA).await;
    set_up_app(&world, &mut owner, NORA).await;
    let code = owner.page.text_of(".recovery").replace(' ', "");
    world.pass(Duration::seconds(31));
    let mut other = world.signed_in(NORA).await;
    confirm_phone(&world, &mut other, NORA).await;
    assert!(world.tenant.authenticators(NORA).iter().any(|it| it.factor == Factor::Sms && it.active));
    assert_eq!(owner.open("/recovery-code").await.text_of(".recovery").replace(' ', ""), code);
}

/// An address protects nothing, so the password alone adds and removes one.
#[tokio::test]
async fn an_address_of_their_own_brings_the_password_alone_no_code() {
    for owner_began in [false, true] {
        let world = world().await;
        let mut owner = world.signed_in(NORA).await;
        if owner_began {
            begin_app(&mut owner).await;
        }
        let mut intruder = world.signed_in(NORA).await;
        intruder.open("/factors/email").await;
        intruder.press("Send the code", &[("E-mail address", "own@elsewhere.example")]).await;
        let code = world.devices(NORA).last_code(Factor::Email).unwrap();
        intruder.press("Confirm", &[("Six-digit code", &code)]).await;
        assert!(intruder.page.notice().contains("E-mail address added"), "{}", intruder.page.text());
        let code = world.devices(NORA).recovery_code().unwrap();
        for page in ["/", "/recovery-code", "/recovery-code/download"] {
            intruder.open(page).await;
            assert!(!intruder.page.html.contains(&code[..4]), "{page}");
        }
        assert_eq!(intruder.open("/recovery-code").await.path(), "/", "nobody is told that it was shown");
        set_up_app(&world, &mut owner, NORA).await;
        assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code, "{owner_began}");
    }
}

/// The tenant may call an address a second factor.
#[tokio::test]
async fn a_proof_by_an_address_brings_no_code_either() {
    let world = world().await;
    let mut owner = world.signed_in(NORA).await;
    begin_app(&mut owner).await;
    let code = world.devices(NORA).recovery_code().unwrap();
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut intruder = world.signed_in(NORA).await;
    intruder.open("/factors/email").await;
    intruder.press("Send the code", &[("E-mail address", "own@elsewhere.example")]).await;
    let sent = world.devices(NORA).last_code(Factor::Email).unwrap();
    intruder.press("Confirm", &[("Six-digit code", &sent)]).await;
    assert!(intruder.page.notice().contains("E-mail address added"), "{}", intruder.page.text());
    world.tenant.journal().clear();
    for page in ["/", "/recovery-code", "/recovery-code/download"] {
        intruder.open(page).await;
        assert!(!intruder.page.html.contains(&code[..4]), "{page}");
        let offers_new = intruder.page.buttons().iter().any(|it| it.starts_with("Get a new"));
        assert!(!offers_new, "{page}: {}", intruder.page.text());
    }
}
