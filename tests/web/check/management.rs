//! The credentials, grant and scopes of the application for the Management API.

use emulated_tenant::Settings;

use super::{Report, check, tenant};

async fn check_with(change: impl FnOnce(&mut Settings), secret: Option<&str>) -> Report {
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
async fn without_credentials_the_management_api_is_not_checked() {
    let report = check(&tenant().await, &[]).await;
    assert!(!report.output.contains("Management"), "{}", report.output);
}

#[tokio::test]
async fn a_wrong_management_secret_is_reported() {
    let report = check_with(|_| (), Some("an old one")).await;
    report.assert_only_failure(
        "Management",
        "refuses the id or the secret of the management application",
        "Copy Client ID",
    );
}

#[tokio::test]
async fn a_missing_client_credentials_grant_is_reported() {
    let report = check_with(|settings| settings.management_grant = false, None).await;
    report.assert_only_failure(
        "Management",
        "does not have the grant type Client Credentials",
        "tick Client Credentials",
    );
}

#[tokio::test]
async fn an_application_not_authorized_for_the_management_api_is_reported() {
    let report = check_with(|settings| settings.management_authorized = false, None).await;
    report.assert_only_failure(
        "Management",
        "not authorized to call the Management API",
        "tick update:users",
    );
}

#[tokio::test]
async fn a_missing_update_users_scope_is_reported() {
    let report =
        check_with(|settings| settings.management_scopes = vec!["read:users".to_owned()], None).await;
    report.assert_only_failure("Management", "lacks update:users", "tick update:users, nothing else");
}

#[tokio::test]
async fn superfluous_scopes_pass_but_are_mentioned() {
    let scopes = ["read:users", "update:users", "delete:users"].map(str::to_owned).to_vec();
    let report = check_with(|settings| settings.management_scopes = scopes, None).await;
    assert_eq!((report.code, report.line("Management").outcome.as_str()), (2, "ok"), "{}", report.output);
    assert!(
        report.line("Management").detail.contains("2 more that the portal never uses"),
        "{}",
        report.output
    );
}

#[tokio::test]
async fn the_management_api_of_a_custom_domain_is_reported_as_missing() {
    let tenant = tenant().await;
    let application = tenant.settings();
    let custom = tenant.custom_url();
    let report = check(
        &tenant,
        &[
            ("AUTH0_DOMAIN", custom.as_str()),
            ("AUTH0_MANAGEMENT_CLIENT_ID", &application.management_client_id),
            ("AUTH0_MANAGEMENT_CLIENT_SECRET", &application.management_client_secret),
        ],
    )
    .await;
    assert_eq!(report.failures(), ["Audience", "Management"], "{}", report.output);
    assert!(report.line("Management").remedy.contains("AUTH0_TENANT_DOMAIN"), "{}", report.output);
}
