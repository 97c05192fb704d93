//! The custom domain and the MFA API's name: the mistake of community.auth0.com thread 44384.

use super::{check, check_with, tenant};
use emulated_tenant::Tenant;

fn custom(tenant: &Tenant) -> String {
    tenant.custom_url().to_string()
}

#[tokio::test]
async fn a_custom_domain_without_the_canonical_one() {
    let tenant = tenant().await;
    let found = check(&tenant, &[("AUTH0_DOMAIN", &custom(&tenant))]).await;
    let cause = format!("no API {}mfa/: AUTH0_TENANT_DOMAIN is not its canonical domain", custom(&tenant));
    found.only("Audience", &cause, "Set AUTH0_TENANT_DOMAIN to the domain of the tenant itself");
}

#[tokio::test]
async fn an_api_made_by_hand_for_the_custom_domain_with_which_all_seems_well_until_the_last_call() {
    let tenant = tenant().await;
    tenant.configure(|settings| settings.custom_domain_api = true);
    let found = check(&tenant, &[("AUTH0_DOMAIN", &custom(&tenant))]).await;
    let cause = format!("{}mfa/ is an API made by hand, not the MFA API", custom(&tenant));
    found.only("Audience", &cause, "Then delete the API");
}

#[tokio::test]
async fn a_canonical_domain_of_another_tenant() {
    let tenant = tenant().await;
    let found = check(&tenant, &[("AUTH0_TENANT_DOMAIN", "exmaple.eu.auth0.com")]).await;
    found.only("Audience", "no API https://exmaple.eu.auth0.com/mfa/", "Set AUTH0_TENANT_DOMAIN");
}

#[tokio::test]
async fn a_custom_domain_beside_the_canonical_one_is_right() {
    let tenant = tenant().await;
    let domains =
        [("AUTH0_DOMAIN", custom(&tenant)), ("AUTH0_TENANT_DOMAIN", tenant.url().as_str().to_owned())];
    let domains = domains.each_ref().map(|(name, value)| (*name, value.as_str()));
    let found = check(&tenant, &domains).await;
    assert_eq!(found.code, 0, "{}", found.output);
    assert_eq!(found.line("Audience").detail, format!("{}mfa/", tenant.url()));
    assert_eq!(found.line("Issuer").detail, custom(&tenant));
}

#[tokio::test]
async fn an_mfa_api_that_is_open_to_chosen_applications_only() {
    let refusal =
        "Client \"mfa-portal\" is not authorized to access resource server \"http://127.0.0.1/mfa/\".";
    let refusal = ("invalid_request".to_owned(), refusal.to_owned());
    let found = check_with(|settings| settings.authorize_error = Some(refusal)).await;
    found.only("Audience", "not authorized to call the MFA API", "authorize it for the MFA API");
}

#[tokio::test]
async fn a_refusal_that_nobody_foresaw_is_told_as_it_came() {
    let refusal = ("temporarily_unavailable".to_owned(), "Something\u{1b}[31m is wrong".to_owned());
    let found = check_with(|settings| settings.authorize_error = Some(refusal)).await;
    assert_eq!(found.code, 0, "{}", found.output);
    found.unknown("Audience", "temporarily_unavailable: Something[31m is wrong");
}

#[tokio::test]
async fn a_tenant_that_tells_nobody_which_apis_it_has_is_not_believed_either_way() {
    let tenant = tenant().await;
    tenant.configure(|settings| settings.login_required_first = true);
    let found = check(&tenant, &[("AUTH0_DOMAIN", &custom(&tenant))]).await;
    assert_eq!(found.code, 0, "{}", found.output);
    found.unknown("Audience", "sign in once to see");
}
