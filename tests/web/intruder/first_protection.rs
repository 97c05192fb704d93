//! The portal fails while a person's first protection is confirmed. The end of their other sessions was noted by nobody,
//! and those sessions act no more all the same.

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind, Gate, Tamper};
use reqwest::StatusCode;
use serde_json::json;
use time::Duration;

use super::held::signed_in_again;
use super::protected::goes_on;
use super::{LIST, NORA, PROVE_AGAIN, begin_app, begin_phone, key, set_up_app, world};
use crate::factors::push::reload_after;
use crate::support::redis::Redis;
use crate::support::{self, Browser, Form, TOKEN, World};

const MANAGEMENT: [(&str, &str); 2] = [
    ("auth0-management-client-id", "mfa-portal-management"),
    ("auth0-management-client-secret", "emulated-tenant-management-secret"),
];

/// Two sessions that proved a factor, before support reset all of the person's.
async fn proved(world: &World) -> (Browser, Browser) {
    let phone = Authenticator::new(Factor::Sms, "dev_PhoneThatIsGone01").with_contact("+447700900111");
    world.tenant.change_person(NORA, |nora| nora.authenticators.push(phone.active()));
    let thief = world.signed_in(NORA).await;
    world.pass(Duration::seconds(31));
    let owner = world.signed_in(NORA).await;
    world.pass(Duration::seconds(31));
    world.tenant.change_person(NORA, |nora| nora.authenticators.clear());
    (thief, owner)
}

/// The form that confirms the app that this browser has begun.
async fn confirmation(world: &World, browser: &mut Browser) -> Form {
    begin_app(browser).await;
    let mut form = browser.page.form("Confirm");
    form.set("code", &world.devices(NORA).totp_code_of(&key(browser)).unwrap());
    form
}

fn active(world: &World) -> usize {
    world.tenant.authenticators(NORA).iter().filter(|it| it.active).count()
}

/// The answer of the tenant is lost once it has taken this form's code, and so is the list.
async fn lose_the_answer(world: &World, owner: &mut Browser, confirm: &Form) {
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    // The list before the code.
    world.upset("GET", support::LIST, FaultKind::Delay(std::time::Duration::ZERO));
    world.upset_always("GET", support::LIST, FaultKind::json(503, "{}"));
    owner.send(confirm).await;
    assert!(owner.page.status.is_server_error(), "{}", owner.page.text());
    world.tenant.faults().clear();
    assert!(active(world) >= 2, "the factor and the recovery code");
}

/// The session neither reads the recovery code nor changes anything.
async fn acts_no_more(world: &World, thief: &mut Browser, case: &str) {
    let code = world.devices(NORA).recovery_code().unwrap();
    for path in ["/", "/recovery-code", "/recovery-code/download"] {
        thief.open(path).await;
        assert!(!thief.page.html.contains(&code[..4]), "{case}: {path}");
    }
    let messages = || world.devices(NORA).messages().len();
    let before = (active(world), world.calls("POST", support::ASSOCIATE), messages());
    let listed = world.tenant.authenticators(NORA);
    let added = listed.iter().find(|it| it.active && it.factor != Factor::RecoveryCode).unwrap();
    let remove = format!("/authenticators/remove?id={}", added.id.replace('|', "%7C"));
    for (path, button, field) in [
        (&*remove, "Remove", None),
        ("/factors/sms", "Send", Some(("Phone number", "+44 7700 900456"))),
        ("/factors/totp", "Show me", None),
        ("/recovery-code", "Get a new", None),
    ] {
        thief.open(path).await;
        if let Some(found) = thief.page.buttons().into_iter().find(|it| it.starts_with(button)) {
            thief.press(&found, field.as_slice()).await;
        }
        assert_eq!(thief.page.heading(), PROVE_AGAIN, "{case}: {path}: {}", thief.page.text());
    }
    assert_eq!((active(world), world.calls("POST", support::ASSOCIATE), messages()), before, "{case}");
    assert_eq!(world.devices(NORA).recovery_code().unwrap(), code, "{case}");
}

// S-15
#[tokio::test]
async fn sessions_from_before_it_act_no_more_although_the_tenant_s_answer_was_lost() {
    let world = world().await;
    let (mut thief, mut owner) = proved(&world).await;
    let confirm = confirmation(&world, &mut owner).await;
    lose_the_answer(&world, &mut owner, &confirm).await;
    acts_no_more(&world, &mut thief, "the same session").await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut again = signed_in_again(&thief).await;
    acts_no_more(&world, &mut again, "the proof that the tenant remembers").await;
    // Nothing was noted since, so the owner's own repeat ends the thief's sessions and reads the code.
    owner.send(&confirm).await;
    assert_eq!(owner.page.path(), "/recovery-code", "{}", owner.page.text());
    let code = world.devices(NORA).recovery_code().unwrap();
    assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code);
    assert!(!goes_on(&world, &mut again).await);
}

// S-15
#[tokio::test(flavor = "multi_thread")]
async fn sessions_from_before_it_act_no_more_although_the_store_was_away() {
    let Some(redis) = Redis::start() else { return };
    let world = World::with(&[("session-store", &*redis.url()), MANAGEMENT[0], MANAGEMENT[1]]).await;
    let (mut thief, mut owner) = proved(&world).await;
    let confirm = confirmation(&world, &mut owner).await;
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new("POST", TOKEN, FaultKind::HoldResponse(gate.clone())).times(1));
    let waiting = tokio::spawn(owner.request(&confirm).send());
    gate.reached().await;
    redis.signal("STOP");
    gate.open();
    assert_eq!(waiting.await.unwrap().unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    redis.signal("CONT");
    while thief.open("/").await.heading() != LIST {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    acts_no_more(&world, &mut thief, "the same session").await;
}

// S-15
#[tokio::test]
async fn sessions_from_before_it_act_no_more_once_a_phone_has_approved_unseen() {
    let world = world().await;
    let (mut thief, mut owner) = proved(&world).await;
    owner.open("/factors/push").await;
    owner.press("Show me the QR code", &[]).await;
    assert!(world.devices(NORA).approve_push());
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    // The page reads the list before it asks what the phone says.
    world.upset("GET", support::LIST, FaultKind::Delay(std::time::Duration::ZERO));
    world.upset_always("GET", support::LIST, FaultKind::json(503, "{}"));
    reload_after(&world, &mut owner, 5).await;
    world.tenant.faults().clear();
    assert_eq!(active(&world), 3, "push, its app and the recovery code: {}", owner.page.text());
    acts_no_more(&world, &mut thief, "push").await;
}

#[tokio::test]
async fn a_wrong_code_for_it_ends_nothing() {
    let world = world().await;
    let (mut other, mut owner) = proved(&world).await;
    begin_app(&mut owner).await;
    owner.press("Confirm", &[("Six-digit code", "000000")]).await;
    for browser in [&mut other, &mut owner] {
        browser.open("/factors/email").await;
        let address = format!("nora{}@elsewhere.example", world.devices(NORA).messages().len());
        browser.press("Send the code", &[("E-mail address", &address)]).await;
        assert!(browser.page.buttons().iter().any(|it| it == "Confirm"), "{}", browser.page.text());
    }
    // The session that confirms one goes on, whatever was typed before.
    world.pass(Duration::seconds(31));
    set_up_app(&world, &mut owner, NORA).await;
    assert!(goes_on(&world, &mut owner).await);
    owner.open("/factors/sms").await;
    owner.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert!(owner.page.buttons().iter().any(|it| it == "Confirm"), "{}", owner.page.text());
    assert!(!goes_on(&world, &mut other).await);
}

/// It tries to end the owner's session by removing an address while the tenant looks at the owner's code.
// S-15
#[tokio::test]
async fn a_session_from_before_it_does_not_go_on_by_a_removal_of_its_own() {
    let world = world().await;
    let (mut thief, mut owner) = proved(&world).await;
    let address =
        Authenticator::new(Factor::Email, "dev_AddressOfAThief01").with_contact("t@elsewhere.example");
    world.tenant.change_person(NORA, |nora| nora.authenticators.push(address.active()));
    let confirm = confirmation(&world, &mut owner).await;
    let gate = Gate::new();
    world.tenant.faults().inject(Fault::new("POST", TOKEN, FaultKind::HoldRequest(gate.clone())).times(1));
    let confirming = tokio::spawn(owner.request(&confirm).send());
    gate.reached().await;
    thief.open("/authenticators/remove?id=email%7Cdev_AddressOfAThief01").await;
    let button = thief.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    let removal = thief.page.form(&button);
    let removing = tokio::spawn(async move {
        thief.send(&removal).await;
        thief
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!removing.is_finished(), "it waits for its turn");
    gate.open();
    confirming.await.unwrap().unwrap();
    let mut thief = removing.await.unwrap();
    assert!(world.tenant.authenticators(NORA).iter().any(|it| it.factor == Factor::Email));
    assert_eq!(active(&world), 3, "the app, the recovery code and the address");
    assert_eq!(thief.open("/recovery-code").await.heading(), "Sign in");
    let code = world.devices(NORA).recovery_code().unwrap();
    assert_eq!(owner.open("/recovery-code").await.text_of(".recovery").replace(' ', ""), code);
}

/// The address of a set-up is random, and yet it may be seen.
#[tokio::test]
async fn a_session_from_before_it_ends_no_other_by_a_code_for_the_owner_s_set_up() {
    let world = world().await;
    let (mut thief, mut owner) = proved(&world).await;
    let confirm = confirmation(&world, &mut owner).await;
    thief.go(owner.page.url.clone()).await;
    lose_the_answer(&world, &mut owner, &confirm).await;
    thief.press("Confirm", &[("Six-digit code", "000000")]).await;
    acts_no_more(&world, &mut thief, "wrong code").await;
    assert!(goes_on(&world, &mut owner).await);
}

/// A tenant that never says `amr`, and a portal to which the password is enough.
#[tokio::test]
async fn the_password_alone_reads_nothing_while_a_phone_may_have_approved_unseen() {
    let world = World::with(&[("proof", "any"), MANAGEMENT[0], MANAGEMENT[1]]).await;
    world.tenant.configure(|settings| settings.amr = false);
    let mut owner = world.signed_in(NORA).await;
    owner.open("/factors/push").await;
    owner.press("Show me the QR code", &[]).await;
    reload_after(&world, &mut owner, 5).await;
    world.pass(Duration::seconds(5));
    let mut thief = world.signed_in(NORA).await;
    world.tenant.change_person(NORA, |nora| {
        nora.authenticators.iter_mut().for_each(|it| it.active = true);
    });
    acts_no_more(&world, &mut thief, "approved unseen").await;
}

#[tokio::test]
async fn a_set_up_that_began_before_it_takes_no_later_proof() {
    let world = world().await;
    let mut owner = world.signed_in(NORA).await;
    let mut left_open = Vec::new();
    for (path, button, fields) in [
        ("/factors/push", "Show me the QR code", [].as_slice()),
        ("/factors/sms", "Send the code", &[("Phone number", "+44 7700 900123")]),
    ] {
        owner.open(path).await;
        owner.press(button, fields).await;
        left_open.push(owner.page.url.clone());
    }
    set_up_app(&world, &mut owner, NORA).await;
    world.pass(Duration::seconds(31));
    let mut owner = world.signed_in(NORA).await;
    owner.go(left_open[0].clone()).await;
    reload_after(&world, &mut owner, 5).await;
    owner.go(left_open[1].clone()).await;
    owner.press("Confirm", &[("Six-digit code", "000000")]).await;
    let code = world.devices(NORA).recovery_code().unwrap();
    assert_eq!(owner.open("/recovery-code").await.text_of(".recovery").replace(' ', ""), code);
    owner.go(left_open[1].clone()).await;
    owner.press("Confirm", &[("Six-digit code", &world.devices(NORA).last_code(Factor::Sms).unwrap())]).await;
    assert!(owner.page.notice().contains("added"), "{}", owner.page.text());
}

/// Another code lets the set-up outlast the note of the session that has shown the first one.
#[tokio::test]
async fn a_session_that_shares_a_set_up_never_becomes_the_one_that_proved_it() {
    let world = World::with(&[("proof", "any"), MANAGEMENT[0], MANAGEMENT[1]]).await;
    let mut owner = world.signed_in(NORA).await;
    begin_phone(&mut owner).await;
    owner.press("Confirm", &[("Six-digit code", "000000")]).await;
    world.pass(Duration::minutes(5));
    owner.press("Send another code", &[]).await;
    let mut thief = world.signed_in(NORA).await;
    thief.go(owner.page.url.clone()).await;
    world.pass(Duration::minutes(4));
    let mut confirm = owner.page.form("Confirm");
    confirm.set("code", &world.devices(NORA).last_code(Factor::Sms).unwrap());
    lose_the_answer(&world, &mut owner, &confirm).await;
    world.pass(Duration::seconds(75));
    thief.press("Confirm", &[("Six-digit code", "000000")]).await;
    acts_no_more(&world, &mut thief, "shared").await;
}

/// The thief has begun the set-up and tried a code before the owner did.
#[tokio::test]
async fn a_session_whose_set_up_is_shared_is_not_the_one_that_proved_it() {
    let world = World::with(&[("proof", "any"), MANAGEMENT[0], MANAGEMENT[1]]).await;
    let mut thief = world.signed_in(NORA).await;
    begin_phone(&mut thief).await;
    thief.press("Confirm", &[("Six-digit code", "000000")]).await;
    let mut owner = world.signed_in(NORA).await;
    owner.go(thief.page.url.clone()).await;
    let mut confirm = owner.page.form("Confirm");
    confirm.set("code", &world.devices(NORA).last_code(Factor::Sms).unwrap());
    lose_the_answer(&world, &mut owner, &confirm).await;
    world.pass(Duration::seconds(75));
    thief.press("Confirm", &[("Six-digit code", "000000")]).await;
    acts_no_more(&world, &mut thief, "begun by the thief").await;
    assert_eq!(super::live(&world, &[owner]).await, 1, "the thief's code ends no session of the owner's");
}

/// The list that this page waits for was read before an app was confirmed.
#[tokio::test]
async fn a_page_that_waits_for_the_list_takes_no_confirmation_back() {
    let world = World::with(&[("proof", "any"), MANAGEMENT[0], MANAGEMENT[1]]).await;
    world.tenant.configure(|settings| settings.amr = false);
    let mut owner = world.signed_in(NORA).await;
    owner.open("/factors/push").await;
    owner.press("Show me the QR code", &[]).await;
    let mut left_open = owner.tab();
    let there = owner.page.url.clone();
    begin_app(&mut owner).await;
    world.pass(Duration::seconds(5));
    let gate = Gate::new();
    let held = Fault::new("GET", support::LIST, FaultKind::HoldResponse(gate.clone()));
    world.tenant.faults().inject(held.times(1));
    let looking = tokio::spawn(async move { left_open.go(there).await.status });
    gate.reached().await;
    let code = world.devices(NORA).totp_code_of(&key(&owner)).unwrap();
    owner.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(owner.page.path(), "/recovery-code", "{}", owner.page.text());
    gate.open();
    looking.await.unwrap();
    world.pass(Duration::seconds(31));
    let mut again = world.signed_in(NORA).await;
    again.open("/factors/sms").await;
    again.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    assert!(again.page.buttons().iter().any(|it| it == "Confirm"), "{}", again.page.text());
}
