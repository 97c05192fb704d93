//! The profile's own e-mail address, which can be told from enrolled ones only by its mask.

use emulated_tenant::{Authenticator, Factor, Tamper};
use time::Duration;

use super::removals;
use crate::support::World;

const NORA: &str = "nothing@example.com";

/// The controls that remove Alex's addresses, with this one enrolled too.
async fn removals_with_another(address: &str) -> Vec<String> {
    let world = World::new().await;
    let another = Authenticator::new(Factor::Email, "dev_Another00000001").active().with_contact(address);
    world.tenant.change_person("app.phone@example.com", |person| person.authenticators.push(another));
    let browser = world.signed_in("app.phone@example.com").await;
    removals(&browser).into_iter().filter(|it| it.contains("e-mail")).collect()
}

#[tokio::test]
async fn an_address_that_only_resembles_the_profiles_can_be_removed() {
    assert_eq!(removals_with_another("other@example.net").await, ["Remove e-mail address …@exam…"]);
    assert_eq!(removals_with_another("alex@elsewhere.org").await.len(), 1);
}

#[tokio::test]
async fn with_two_identical_masks_neither_is_taken_for_the_profiles() {
    assert_eq!(removals_with_another("alex.bell@example.net").await.len(), 2);
}

/// The token calls an address verified that the tenant does not list, and an intruder has added one that looks like it.
#[tokio::test]
async fn an_address_that_was_added_here_is_never_the_profiles() {
    let world = World::new().await;
    world.tenant.tamper_id_token(Tamper::edit(|token| token.claims["email_verified"] = true.into()));
    let mut intruder = world.signed_in(NORA).await;
    intruder.open("/factors/email").await;
    intruder.press("Send the code", &[("E-mail address", "nothxyz@example.com")]).await;
    let code = world.devices(NORA).last_code(Factor::Email).unwrap();
    intruder.press("Confirm", &[("Six-digit code", &code)]).await;
    world.pass(Duration::seconds(31));
    let owner = world.signed_in(NORA).await;
    for browser in [&intruder, &owner] {
        let removals: Vec<_> = removals(browser).into_iter().filter(|it| it.contains("e-mail")).collect();
        assert_eq!(removals.len(), 1, "{}", browser.page.text());
        assert!(!browser.page.text().contains("Comes with your account"), "{}", browser.page.text());
    }
}
