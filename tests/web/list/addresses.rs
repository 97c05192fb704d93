//! Which e-mail address is the profile's own: only its mask can tell.

use emulated_tenant::{Authenticator, Factor};

use super::removals;
use crate::support::World;

/// What of Alex's addresses can be removed, with one more enrolled.
async fn with_another(address: &str) -> Vec<String> {
    let world = World::new().await;
    let another = Authenticator::new(Factor::Email, "dev_Another00000001").active().reached_at(address);
    world.tenant.change_person("app.phone@example.com", |person| person.authenticators.push(another));
    let browser = world.signed_in("app.phone@example.com").await;
    removals(&browser).into_iter().filter(|it| it.contains("e-mail")).collect()
}

#[tokio::test]
async fn an_address_that_only_resembles_the_profiles_own_can_be_removed() {
    assert_eq!(with_another("other@example.net").await, ["Remove e-mail …@exam… (2)"]);
    assert_eq!(with_another("alex@elsewhere.org").await.len(), 1);
}

#[tokio::test]
async fn of_two_that_look_alike_neither_is_taken_for_the_profiles_own() {
    assert_eq!(with_another("alex.bell@example.net").await.len(), 2);
}
