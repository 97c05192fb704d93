//! Removals that the tenant refuses.

use emulated_tenant::{Authenticator, Factor, FaultKind, Person};

use super::{APP, APP_PHONE, REMOVE_APP, confirmation_page, has};
use crate::support::{LIST, World};

/// A person whose profile address is masked so that the portal cannot recognize it.
fn kept_address(world: &World) -> String {
    let email = Authenticator::new(Factor::Email, "dev_Kept000000000001")
        .active()
        .with_contact("z@elsewhere.example");
    let kept = Authenticator { from_profile: true, ..email };
    let id = kept.id.clone();
    let person = Person { email_verified: false, ..Person::new("Kim Kept", "kim@example.com") };
    world.tenant.add_person(person.with([kept]));
    id
}

#[tokio::test]
async fn a_profile_address_kept_by_the_tenant_is_explained() {
    let world = World::new().await;
    let id = kept_address(&world);
    let mut browser = world.signed_in("kim@example.com").await;
    let control =
        browser.page.controls().into_iter().find(|it| it.starts_with("Remove e-mail address")).unwrap();
    browser.follow(&control).await;
    browser.press("Remove the address", &[]).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (409, "This one cannot be removed")
    );
    assert!(browser.page.text().contains("It comes with your account"), "{}", browser.page.text());
    assert!(browser.page.text().contains("Nothing was changed"));
    assert!(has(&world, "kim@example.com", &id));
}

#[tokio::test]
async fn a_refusal_is_explained_without_the_tenants_words() {
    let refusals = [
        (
            401,
            "invalid_grant",
            "The mfa_token provided is invalid. Try getting a new token.",
            401,
            "Your visit has ended",
        ),
        (403, "insufficient_scope", "Insufficient scope", 403, "This is not allowed here"),
        (400, "invalid_request", "The authenticator cannot be deleted.", 409, "This one cannot be removed"),
        (429, "too_many_requests", "Rate limit exceeded.", 429, "Too many tries in a short time"),
    ];
    for (status, error, description, shown, heading) in refusals {
        let world = World::new().await;
        let mut browser = confirmation_page(&world, APP_PHONE, "Remove authenticator app").await;
        let body = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
        world.upset("DELETE", LIST, FaultKind::json(status, &body));
        browser.press(REMOVE_APP, &[]).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (shown, heading));
        assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
        assert!(!browser.page.html.contains(description));
        assert!(has(&world, APP_PHONE, APP));
    }
}
