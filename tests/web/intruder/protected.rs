//! A session with the password alone that began while nothing protected its owner: the first protection ends it, and it
//! acts no more.

use emulated_tenant::{Authenticator, Factor, Person, Tamper};
use reqwest::StatusCode;
use serde_json::json;

use super::{LIST, NORA, PROVE_AGAIN, begin_phone, set_up_app, world};
use crate::challenge::CHECK;
use crate::support::World;

const VERA: &str = "vera@example.com";

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
