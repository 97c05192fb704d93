//! The application for the Management API.

use emulated_tenant::Settings;

use super::{Found, check, tenant};

async fn check_with(change: impl FnOnce(&mut Settings), secret: Option<&str>) -> Found {
    let tenant = tenant().await;
    tenant.configure(change);
    let application = tenant.settings();
    let secret = secret.unwrap_or(&application.management_client_secret);
    let credentials = [
        ("AUTH0_MANAGEMENT_CLIENT_ID", application.management_client_id.as_str()),
        ("AUTH0_MANAGEMENT_CLIENT_SECRET", secret),
    ];
    check(&tenant, &credentials).await
}

#[tokio::test]
async fn without_credentials_nothing_is_said_of_it() {
    let found = check(&tenant().await, &[]).await;
    assert!(!found.output.contains("Management"), "{}", found.output);
}

#[tokio::test]
async fn a_secret_that_is_wrong() {
    let found = check_with(|_| (), Some("an old one")).await;
    found.only("Management", "refuses the id or the secret of the management application", "Copy Client ID");
}

#[tokio::test]
async fn an_application_that_is_no_machine() {
    let found = check_with(|settings| settings.management_grant = false, None).await;
    found.only("Management", "does not have the grant type Client Credentials", "tick Client Credentials");
}

#[tokio::test]
async fn an_application_that_was_not_authorized_for_the_management_api() {
    let found = check_with(|settings| settings.management_authorized = false, None).await;
    found.only("Management", "not authorized to call the Management API", "tick update:users");
}

#[tokio::test]
async fn an_application_without_the_scope_it_is_there_for() {
    let found = check_with(|settings| settings.management_scopes = vec!["read:users".to_owned()], None).await;
    found.only("Management", "lacks update:users", "tick update:users, nothing else");
}

#[tokio::test]
async fn an_application_that_may_do_more_than_it_needs_is_right_but_is_told() {
    let scopes = ["read:users", "update:users", "delete:users"].map(str::to_owned).to_vec();
    let found = check_with(|settings| settings.management_scopes = scopes, None).await;
    assert_eq!((found.code, found.line("Management").outcome.as_str()), (0, "ok"), "{}", found.output);
    assert!(
        found.line("Management").detail.contains("2 more that the portal never uses"),
        "{}",
        found.output
    );
}

#[tokio::test]
async fn the_management_api_of_a_custom_domain_does_not_exist() {
    let tenant = tenant().await;
    let application = tenant.settings();
    let custom = tenant.custom_url();
    let found = check(
        &tenant,
        &[
            ("AUTH0_DOMAIN", custom.as_str()),
            ("AUTH0_MANAGEMENT_CLIENT_ID", &application.management_client_id),
            ("AUTH0_MANAGEMENT_CLIENT_SECRET", &application.management_client_secret),
        ],
    )
    .await;
    assert_eq!(found.failures(), ["Audience", "Management"], "{}", found.output);
    assert!(found.line("Management").remedy.contains("AUTH0_TENANT_DOMAIN"), "{}", found.output);
}
