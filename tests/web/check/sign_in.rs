//! The request of a sign-in as people make it: the tenant must refuse it for no other reason than that nobody is
//! signed in.

use emulated_tenant::{Fault, FaultKind, Organization, OrganizationUsage, Settings, Tenant};

use super::{Report, check, check_with, tenant};

fn refusing(error: &str, description: &str) -> impl FnOnce(&mut Settings) {
    let refusal = (error.to_owned(), description.to_owned());
    move |settings| settings.authorize_error = Some(refusal)
}

#[tokio::test]
async fn a_request_refused_until_somebody_signs_in_is_right() {
    for error in ["login_required", "consent_required", "interaction_required"] {
        let report = check_with(refusing(error, "Somebody must sign in")).await;
        assert_eq!(report.line("Sign-in").outcome, "ok", "{error}: {}", report.output);
    }
}

#[tokio::test]
async fn a_request_refused_for_any_other_reason_is_reported() {
    for (error, description) in [
        ("access_denied", "Only staff may use this."),
        ("unauthorized", "user is blocked"),
        ("invalid_request", "the connection was not found"),
        ("invalid_scope", "unknown scope"),
        ("account_selection_required", ""),
        ("login", "required"),
    ] {
        let report = check_with(refusing(error, description)).await;
        report.assert_only_failure("Sign-in", &format!("{error}: {description}"), "Monitoring → Logs");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_reported() {
    for (status, page) in
        [(400, "<h1>Hoppla</h1>"), (403, "<h1>Access denied</h1>"), (200, "<h1>Are you human?</h1>")]
    {
        let tenant = tenant().await;
        tenant.faults().inject(Fault::new("GET", "/authorize", FaultKind::html(status, page)));
        let report = check(&tenant, &[]).await;
        report.assert_only_failure("Sign-in", &format!("page of its own (status {status})"), "firewall");
        report.assert_unknown("Client id", "says neither yes nor no");
        report.assert_unknown("Callback URL", "says neither yes nor no");
    }
}

#[tokio::test]
async fn an_outage_leaves_the_sign_in_unknown_and_exits_with_2() {
    for error in ["temporarily_unavailable", "server_error"] {
        let report = check_with(refusing(error, "Later")).await;
        report.assert_unknown("Sign-in", "Later");
        assert_eq!(report.code, 2, "{}", report.output);
    }
    let tenant = tenant().await;
    tenant.faults().inject(Fault::new("GET", "/authorize", FaultKind::html(503, "<h1>Away</h1>")));
    let report = check(&tenant, &[]).await;
    report.assert_unknown("Sign-in", "status 503");
    assert_eq!(report.code, 2, "{}", report.output);
}

async fn business_tenant(usage: OrganizationUsage) -> Tenant {
    let tenant = tenant().await;
    tenant.configure(|settings| {
        settings.organizations = ["acme", "globex"].map(Organization::of_everybody).to_vec();
        settings.organization_usage = usage;
    });
    tenant
}

async fn checked(usage: OrganizationUsage, settings: &[(&str, &str)]) -> Report {
    check(&business_tenant(usage).await, settings).await
}

#[tokio::test]
async fn a_missing_organization_is_reported() {
    let report = checked(OrganizationUsage::Require, &[]).await;
    let cause = "without an organization: parameter organization is required for this client";
    report.assert_only_failure("Sign-in", cause, "Set AUTH0_ORGANIZATION");
}

#[tokio::test]
async fn an_organization_that_the_tenant_refuses_is_reported() {
    for (usage, name, cause) in [
        (
            OrganizationUsage::Require,
            "initech",
            "for the organization initech: parameter organization is invalid",
        ),
        (OrganizationUsage::Deny, "acme", "parameter organization is not allowed for this client"),
    ] {
        let report = checked(usage, &[("AUTH0_ORGANIZATION", name)]).await;
        report.assert_only_failure("Sign-in", cause, "under Organizations in the Auth0 dashboard");
    }
    let tenant = business_tenant(OrganizationUsage::Require).await;
    tenant.configure(|settings| settings.organization_names = false);
    let report = check(&tenant, &[("AUTH0_ORGANIZATION", "acme")]).await;
    report.assert_only_failure("Sign-in", "parameter organization is invalid", "Allow Organization Names");
}

#[tokio::test]
async fn each_organization_that_links_may_name_is_tried() {
    let settings = [("AUTH0_ORGANIZATION", "acme"), ("ORGANIZATIONS", "globex, org_acme")];
    let report = checked(OrganizationUsage::Require, &settings).await;
    assert_eq!(report.line("Organizations").detail, "the tenant takes all 2", "{}", report.output);
    assert_eq!(report.line("Sign-in").outcome, "ok");
    let settings = [("AUTH0_ORGANIZATION", "acme"), ("ORGANIZATIONS", "globex, initech, acme")];
    let report = checked(OrganizationUsage::Require, &settings).await;
    report.assert_only_failure("Organizations", "for the organization initech", "Correct its id or name");
}

#[tokio::test]
async fn settings_that_can_be_no_organization_or_connection_are_refused() {
    for (setting, value) in [
        ("AUTH0_ORGANIZATION", "acme corp"),
        ("AUTH0_ORGANIZATION", "acme, globex"),
        ("ORGANIZATIONS", "acme,glöbex"),
        ("ORGANIZATIONS", "org_012345678901234567890123456789012345678901234567890"),
        ("CONNECTIONS", "acme-okta,acme okta"),
    ] {
        let report = check(&tenant().await, &[(setting, value)]).await;
        assert!(report.output.starts_with(&format!("mfa-portal: {setting}: ")), "{}", report.output);
        assert_eq!(report.code, 1);
    }
}
