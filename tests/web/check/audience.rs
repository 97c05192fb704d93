//! Custom domains and the MFA API's audience: a mistake that costs people weeks (community.auth0.com thread 44384).

use super::{check, check_with, tenant};
use emulated_tenant::Tenant;

fn custom_domain(tenant: &Tenant) -> String {
    tenant.custom_url().to_string()
}

#[tokio::test]
async fn a_custom_domain_without_the_canonical_domain_is_reported() {
    let tenant = tenant().await;
    let report = check(&tenant, &[("AUTH0_DOMAIN", &custom_domain(&tenant))]).await;
    let cause =
        format!("no API {}mfa/: AUTH0_TENANT_DOMAIN is not its canonical domain", custom_domain(&tenant));
    report.assert_only_failure(
        "Audience",
        &cause,
        "Set AUTH0_TENANT_DOMAIN to the domain of the tenant itself",
    );
}

#[tokio::test]
async fn a_hand_made_api_for_the_custom_domain_is_reported() {
    let tenant = tenant().await;
    tenant.configure(|settings| settings.custom_domain_api = true);
    let report = check(&tenant, &[("AUTH0_DOMAIN", &custom_domain(&tenant))]).await;
    let cause = format!("{}mfa/ is an API made by hand, not the MFA API", custom_domain(&tenant));
    report.assert_only_failure("Audience", &cause, "Set AUTH0_TENANT_DOMAIN");
    assert!(!report.output.contains("elete"), "nothing is to be deleted on a guess: {}", report.output);
}

#[tokio::test]
async fn the_canonical_domain_of_another_tenant_is_reported() {
    let tenant = tenant().await;
    let report = check(&tenant, &[("AUTH0_TENANT_DOMAIN", "exmaple.eu.auth0.com")]).await;
    report.assert_only_failure(
        "Audience",
        "no API https://exmaple.eu.auth0.com/mfa/",
        "Set AUTH0_TENANT_DOMAIN",
    );
}

#[tokio::test]
async fn a_custom_domain_with_the_canonical_domain_passes() {
    let tenant = tenant().await;
    let domains =
        [("AUTH0_DOMAIN", custom_domain(&tenant)), ("AUTH0_TENANT_DOMAIN", tenant.url().as_str().to_owned())];
    let domains = domains.each_ref().map(|(name, value)| (*name, value.as_str()));
    let report = check(&tenant, &domains).await;
    assert_eq!(report.code, 2, "{}", report.output);
    assert_eq!(report.line("Audience").detail, format!("{}mfa/", tenant.url()));
    assert_eq!(report.line("Issuer").detail, custom_domain(&tenant));
}

#[tokio::test]
async fn an_mfa_api_not_authorized_for_the_application_is_reported() {
    let refusal =
        "Client \"mfa-portal\" is not authorized to access resource server \"http://127.0.0.1/mfa/\".";
    let refusal = ("invalid_request".to_owned(), refusal.to_owned());
    let report = check_with(|settings| settings.authorize_error = Some(refusal)).await;
    report.assert_only_failure(
        "Audience",
        "not authorized to call the MFA API",
        "authorize it for the MFA API",
    );
}

#[tokio::test]
async fn an_unforeseen_refusal_is_quoted() {
    let refusal = ("temporarily_unavailable".to_owned(), "Something\u{1b}[31m is wrong".to_owned());
    let report = check_with(|settings| settings.authorize_error = Some(refusal)).await;
    assert_eq!(report.code, 2, "{}", report.output);
    report.assert_unknown("Audience", "temporarily_unavailable: Something[31m is wrong");
}

#[tokio::test]
async fn a_tenant_that_hides_its_apis_leaves_the_audience_unknown() {
    let tenant = tenant().await;
    tenant.configure(|settings| settings.login_required_first = true);
    let report = check(&tenant, &[("AUTH0_DOMAIN", &custom_domain(&tenant))]).await;
    assert_eq!(report.code, 2, "{}", report.output);
    report.assert_unknown("Audience", "sign in once to see");
}
