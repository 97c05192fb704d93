//! A session with the password alone that began while nothing protected its owner: the first protection ends it, and it
//! acts no more.

use emulated_tenant::{Authenticator, Factor, FaultKind, Person, Tamper};
use reqwest::StatusCode;
use serde_json::json;
use time::Duration;

use super::{LIST, NORA, PROVE_AGAIN, begin_app, begin_phone, key, live, set_up_app, world};
use crate::challenge::CHECK;
use crate::support::{self, Browser, World};

pub(super) const VERA: &str = "vera@example.com";

/// The person is protected from elsewhere.
fn protect(world: &World, email: &str) {
    let app = Authenticator::new(Factor::Totp, "dev_Elsewhere0000001").active();
    world.tenant.change_person(email, |person| person.authenticators.push(app));
}

#[tokio::test]
async fn the_first_protection_ends_it_although_its_owner_proved_a_factor_before() {
    let world = world().await;
    let mut intruder = world.signed_in(NORA).await;
    // The owner has removed the factor that this sign-in proved.
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut owner = world.signed_in(NORA).await;
    intruder.open("/factors/push").await;
    intruder.press("Show me the QR code", &[]).await;
    assert!(world.unfinished(NORA) > 0);
    set_up_app(&world, &mut owner, NORA).await;
    assert_eq!(world.unfinished(NORA), 0, "the tenant knows nothing that a phone could approve");
    intruder.open("/").await;
    assert_ne!(intruder.page.heading(), LIST);
}

#[tokio::test]
async fn its_trial_uses_up_no_codes_of_the_protected_owner() {
    let world = world().await;
    world.tenant.add_person(Person::new("Vera Verified", VERA));
    let mut intruder = world.signed_in(VERA).await;
    let label = intruder.page.controls().into_iter().find(|it| it.starts_with("Test")).unwrap();
    intruder.follow(&label).await;
    let send = intruder.page.buttons().into_iter().find(|it| it.starts_with("Send")).unwrap();
    intruder.press(&send, &[]).await;
    let mut check = intruder.page.form(CHECK);
    check.set("code", "000000");
    protect(&world, VERA);
    let before = world.calls("POST", "/oauth/token");
    for _ in 0..6 {
        intruder.send(&check).await;
        assert_eq!(intruder.page.heading(), PROVE_AGAIN, "{}", intruder.page.text());
    }
    assert_eq!(world.calls("POST", "/oauth/token"), before, "no code reaches the tenant");
}

#[tokio::test]
async fn it_cancels_no_set_up_that_it_shares() {
    let world = world().await;
    let mut intruder = world.signed_in(NORA).await;
    let mut owner = world.signed_in(NORA).await;
    begin_phone(&mut owner).await;
    begin_phone(&mut intruder).await;
    assert_eq!(intruder.page.path(), owner.page.path(), "one number, one set-up");
    protect(&world, NORA);
    intruder.press("Cancel this set-up", &[]).await;
    assert_eq!(
        (intruder.page.status, intruder.page.heading().as_str()),
        (StatusCode::FORBIDDEN, PROVE_AGAIN)
    );
    let page = owner.page.url.clone();
    owner.go(page).await;
    assert_eq!(owner.page.heading(), "Check your messages", "{}", owner.page.text());
}

/// A code that is typed to try another app out has confirmed it, so no session has proved it at its own page.
// S-15
#[tokio::test]
async fn a_finished_set_up_that_is_posted_again_ends_no_later_session() {
    let world = world().await;
    let mut intruder = world.signed_in(NORA).await;
    set_up_app(&world, &mut intruder, NORA).await;
    world.pass(Duration::seconds(31));
    let mut intruder = world.signed_in(NORA).await;
    begin_app(&mut intruder).await;
    let (key, mut confirm) = (key(&intruder), intruder.page.form("Confirm"));
    confirm.set("code", "000001");
    intruder.send(&confirm).await;
    intruder.open("/").await;
    intruder.follow("Test authenticator app").await;
    intruder.press("Type a code from the app", &[]).await;
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    intruder.press(CHECK, &[("Six-digit code", &code)]).await;
    assert_eq!(world.unfinished(NORA), 0, "{}", intruder.page.text());
    world.tenant.change_person(NORA, |person| person.authenticators.clear());
    world.pass(Duration::seconds(31));
    let owner = world.signed_in(NORA).await;
    confirm.set("code", "000000");
    for _ in 0..2 {
        intruder.send(&confirm).await;
        assert_eq!(live(&world, std::slice::from_ref(&owner)).await, 1);
    }
}

/// Vera's e-mail factor, which protects nobody, at the portal.
fn with_email(world: &World) -> String {
    let email = Authenticator::new(Factor::Email, "dev_MailboxOfVera00001")
        .with_contact("vera.old@example.com")
        .active();
    world.tenant.add_person(Person::new("Vera Verified", VERA));
    world.tenant.change_person(VERA, |person| person.authenticators.push(email));
    "email|dev_MailboxOfVera00001".to_owned()
}

/// A session whose token says that a factor was proved, and one with the password alone.
async fn proved_and_intruder(world: &World) -> (Browser, Browser) {
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let owner = world.signed_in(VERA).await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!([])));
    (owner, world.signed_in(VERA).await)
}

/// Whether this browser's session goes on. The tenant lets it in again without asking, so the list alone tells nothing.
pub(super) async fn goes_on(world: &World, browser: &mut Browser) -> bool {
    let before = world.calls("GET", "/authorize");
    browser.open("/").await;
    assert_eq!(browser.page.heading(), LIST);
    world.calls("GET", "/authorize") == before
}

#[tokio::test]
async fn it_begins_no_change_of_phones_with_what_was_on_none() {
    let world = world().await;
    let id = with_email(&world);
    let mut intruder = world.signed_in(VERA).await;
    let mut owner = world.signed_in(VERA).await;
    intruder.open("/sign-out").await;
    let token = intruder.page.attr("input[name=csrf_token]", "value").unwrap();
    for case in ["lost", "new", "alike"] {
        let fields = [("csrf_token", &*token), ("act", case), (&*format!("on-phone:{id}"), "yes")];
        let url = intruder.address("/lost-phone");
        let origin = world.portal.origin().ascii_serialization();
        let request = intruder.client().post(url).header("origin", origin).form(&fields);
        intruder.try_to(request).await.unwrap();
        // The other cases take nothing that the form names.
        assert!(case != "lost" || !intruder.page.status.is_success(), "{}", intruder.page.text());
        assert!(goes_on(&world, &mut owner).await, "{case}");
    }
}

#[tokio::test]
async fn it_ends_no_session_that_has_proved_a_factor() {
    let world = world().await;
    let id = with_email(&world);
    let (mut owner, mut intruder) = proved_and_intruder(&world).await;
    let mut other = world.signed_in(VERA).await;
    intruder.open(&format!("/authenticators/remove?id={}", id.replace('|', "%7C"))).await;
    let button = intruder.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    intruder.press(&button, &[]).await;
    assert_eq!(intruder.page.heading(), LIST, "{}", intruder.page.text());
    assert!(goes_on(&world, &mut owner).await, "a proved one goes on");
    assert!(!goes_on(&world, &mut other).await, "one with the password alone does not");
    assert!(goes_on(&world, &mut intruder).await);
}

#[tokio::test]
async fn a_removal_that_a_limit_refuses_ends_no_sessions() {
    let world = world().await;
    let id = with_email(&world);
    let mut intruder = world.signed_in(VERA).await;
    let path = format!("/authenticators/remove?id={}", id.replace('|', "%7C"));
    world.upset_always("DELETE", support::LIST, FaultKind::json(400, "{}"));
    for _ in 0..20 {
        intruder.open(&path).await;
        let button = intruder.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
        intruder.press(&button, &[]).await;
    }
    world.tenant.faults().clear();
    world.pass(Duration::seconds(1));
    let mut other = world.signed_in(VERA).await;
    world.pass(Duration::seconds(1));
    intruder.open(&path).await;
    let button = intruder.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    intruder.press(&button, &[]).await;
    assert!(intruder.page.limit().contains("Too many changes"), "{}", intruder.page.text());
    assert!(goes_on(&world, &mut other).await);
}

#[tokio::test]
async fn a_first_protection_ends_sessions_that_proved_what_is_gone() {
    let world = world().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut thief = world.signed_in(NORA).await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut owner = world.signed_in(NORA).await;
    world.pass(Duration::seconds(1));
    set_up_app(&world, &mut owner, NORA).await;
    thief.open("/").await;
    assert_ne!(thief.page.heading(), LIST, "both proved a factor that support has reset");
    assert_eq!(owner.open("/").await.heading(), LIST);
}

#[tokio::test]
async fn its_own_address_reads_no_code_of_the_owner() {
    let world = world().await;
    with_email(&world);
    let mut owner = world.signed_in(VERA).await;
    set_up_app(&world, &mut owner, VERA).await;
    let code = world.devices(VERA).recovery_code().unwrap();
    assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code);
    world.pass(Duration::minutes(1));
    // The tenant challenges by the intruder's address, and its token says no more than that a factor was proved.
    let mut intruder = world.signed_in(VERA).await;
    for path in ["/", "/recovery-code", "/recovery-code/download"] {
        intruder.open(path).await;
        assert!(!intruder.page.html.contains(&code[..4]), "{path}");
    }
    owner.open("/recovery-code").await;
    assert_eq!(owner.page.text_of(".recovery").replace(' ', ""), code, "the owner still reads it");
}

#[tokio::test]
async fn it_uses_up_no_removals_of_the_owner() {
    let world = world().await;
    let id = with_email(&world);
    let path = format!("/authenticators/remove?id={}", id.replace('|', "%7C"));
    let mut intruder = world.signed_in(VERA).await;
    world.upset_always("DELETE", support::LIST, FaultKind::json(400, "{}"));
    for _ in 0..21 {
        intruder.open(&path).await;
        let button = intruder.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
        intruder.press(&button, &[]).await;
    }
    assert!(intruder.page.limit().contains("Too many changes"), "{}", intruder.page.text());
    world.tenant.faults().clear();
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["amr"] = json!(["mfa"])));
    let mut owner = world.signed_in(VERA).await;
    owner.open(&path).await;
    let button = owner.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    owner.press(&button, &[]).await;
    assert!(owner.page.notice().contains("removed"), "{}", owner.page.text());
}
