//! Organizations at `/authorize`, on the login page and in ID tokens.

use emulated_tenant::{Organization, OrganizationUsage, Settings};

use crate::client::{NOTHING, PUSH, World, decode, parameter};

fn require(settings: &mut Settings) {
    settings.organization_usage = OrganizationUsage::Require;
    settings.organizations = vec![Organization {
        id: "org_acme000000000001".to_owned(),
        name: "acme".to_owned(),
        members: Some(vec![NOTHING.to_owned()]),
    }];
}

#[tokio::test]
async fn a_request_without_a_fitting_organization_is_refused() {
    let world = World::with(require).await;
    let refused = async |named: &str| {
        let callback = world.authorize(&[("organization", named)]).await;
        assert_eq!(parameter(&callback, "error"), "invalid_request");
        parameter(&callback, "error_description")
    };
    assert_eq!(refused("").await, "parameter organization is required for this client");
    assert_eq!(refused("globex").await, "parameter organization is invalid");
    world.tenant.configure(|settings| settings.organization_names = false);
    assert_eq!(refused("acme").await, "parameter organization is invalid");
    world.tenant.configure(|settings| settings.organization_usage = OrganizationUsage::Deny);
    assert_eq!(refused("acme").await, "parameter organization is not allowed for this client");
}

#[tokio::test]
async fn the_id_token_names_the_organization() {
    let world = World::with(require).await;
    for named in ["acme", "Acme", "org_acme000000000001"] {
        let tokens = world.tokens(NOTHING, &[("organization", named)]).await;
        let (_, claims) = decode(&tokens.text("id_token"));
        assert_eq!(
            (&claims["org_id"], &claims["org_name"]),
            (&"org_acme000000000001".into(), &"acme".into())
        );
    }
    world.tenant.configure(|settings| settings.organization_names = false);
    let tokens = world.tokens(NOTHING, &[("organization", "org_acme000000000001")]).await;
    assert!(decode(&tokens.text("id_token")).1.get("org_name").is_none());
}

#[tokio::test]
async fn somebody_who_is_no_member_is_refused_with_and_without_a_session() {
    let world = World::with(require).await;
    let named = [("organization", "acme")];
    let page = world.authorize(&named).await;
    let refused = world.log_in(&page, PUSH).await;
    let description = "user auth0|push is not part of the org_acme000000000001 organization";
    assert_eq!(parameter(&refused, "error"), "access_denied");
    assert_eq!(parameter(&refused, "error_description"), description);
    world.tenant.change_person(PUSH, |person| person.authenticators.clear());
    world.tenant.configure(|settings| settings.organization_usage = OrganizationUsage::Allow);
    world.callback(PUSH, &[]).await;
    assert_eq!(parameter(&world.authorize(&named).await, "error_description"), description);
}
