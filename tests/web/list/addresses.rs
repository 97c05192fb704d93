//! The profile's own e-mail address, which can be told from enrolled ones only by its mask.

use emulated_tenant::{Authenticator, Factor};

use super::removals;
use crate::support::World;

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
