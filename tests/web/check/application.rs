//! The application at the tenant: id, secret, MFA grant, allowed callback and logout URLs.

use emulated_tenant::{Refusal, Settings};

use super::{check, check_with, tenant};

#[tokio::test]
async fn an_unknown_client_id_is_reported() {
    let report = check(&tenant().await, &[("AUTH0_CLIENT_ID", "somebody-elses")]).await;
    report.assert_only_failure(
        "Client id",
        "knows no application with the id in AUTH0_CLIENT_ID",
        "Copy the Client ID",
    );
    report.assert_unknown("Client secret", "does not know the application");
    report.assert_unknown("Callback URL", "does not know the application");
}

#[tokio::test]
async fn a_wrong_secret_is_recognized_in_live_tenants_wording() {
    let report = check(&tenant().await, &[("AUTH0_CLIENT_SECRET", "an old one")]).await;
    report.assert_only_failure("Client secret", "refuses the application's secret", "Copy the Client Secret");
    report.assert_unknown("MFA grant", "checks the client secret first");
}

#[tokio::test]
async fn a_wrong_secret_is_recognized_in_the_api_references_wording() {
    let tenant = tenant().await;
    tenant.configure(|settings| {
        settings.refusals.wrong_client = Refusal::new(401, "invalid_client", "Client authentication failed");
    });
    let report = check(&tenant, &[("AUTH0_CLIENT_SECRET", "an old one")]).await;
    report.assert_only_failure("Client secret", "refuses the application's secret", "Client Secret (Post)");
}

#[tokio::test]
async fn a_missing_mfa_grant_is_reported() {
    let report = check_with(|settings| settings.mfa_grant = false).await;
    assert_eq!(report.failures(), ["MFA grant", "Audience"], "{}", report.output);
    let line = report.line("MFA grant");
    assert!(line.detail.contains("does not have the grant type MFA"), "{line:?}");
    assert!(line.remedy.contains("Advanced Settings → Grant Types: tick MFA"), "{line:?}");
    assert!(report.line("Audience").remedy.contains("tick Authorization Code and MFA"), "{}", report.output);
    assert_eq!(report.line("Client secret").outcome, "ok");
}

#[tokio::test]
async fn an_implicit_grant_is_reported() {
    let report = check_with(|settings| settings.implicit_grant = true).await;
    let remedy = "Grant Types: tick Authorization Code and MFA alone";
    report.assert_only_failure("Implicit grant", "gets a token that passes the portal by", remedy);
    let report = check_with(|settings| {
        settings.implicit_grant = true;
        settings.login_required_first = true;
    })
    .await;
    report.assert_unknown("Implicit grant", "see that Implicit is not ticked");
    let report = check_with(|settings| settings.mfa_grant = false).await;
    assert_eq!(report.line("Implicit grant").outcome, "ok", "{}", report.output);
}

#[tokio::test]
async fn a_callback_url_missing_from_the_allowed_list_is_reported() {
    let report = check_with(|settings| settings.callback_urls.clear()).await;
    let url = "http://127.0.0.1:3000/callback";
    let remedy = format!("Allowed Callback URLs: add exactly {url}");
    report.assert_only_failure("Callback URL", &format!("{url} is not an allowed callback URL"), &remedy);
    assert_eq!(report.line("Client id").outcome, "ok");
}

#[tokio::test]
async fn an_allowed_callback_url_with_an_extra_slash_is_reported() {
    let slash = "http://127.0.0.1:3000/callback/".to_owned();
    let report = check_with(|settings| settings.callback_urls = vec![slash]).await;
    report.assert_only_failure("Callback URL", "is not an allowed callback URL", "add exactly");
}

#[tokio::test]
async fn the_callback_url_includes_the_path_of_the_public_url() {
    let tenant = tenant().await;
    let report = check(&tenant, &[("APP_BASE_URL", "http://127.0.0.1:3000/account/mfa/")]).await;
    let url = "http://127.0.0.1:3000/account/mfa/callback";
    assert!(report.line("Callback URL").remedy.contains(url), "{}", report.output);
    assert!(report.line("Logout URL").remedy.contains("/account/mfa/signed-out"), "{}", report.output);
}

#[tokio::test]
async fn a_custom_error_page_hides_neither_a_bad_callback_nor_client_id() {
    let own = |settings: &mut Settings| {
        settings.error_page = Some("https://errors.example.com/sign-in".to_owned());
    };
    let report = check_with(|settings| {
        own(settings);
        settings.callback_urls.clear();
    })
    .await;
    report.assert_only_failure("Callback URL", "is not an allowed callback URL", "Allowed Callback URLs");
    let tenant = tenant().await;
    tenant.configure(own);
    let report = check(&tenant, &[("AUTH0_CLIENT_ID", "somebody-elses")]).await;
    report.assert_only_failure("Client id", "knows no application", "Copy the Client ID");
}

#[tokio::test]
async fn a_logout_url_missing_from_the_allowed_list_is_reported() {
    let report = check_with(|settings| settings.logout_urls.clear()).await;
    let url = "http://127.0.0.1:3000/signed-out";
    let remedy = format!("Allowed Logout URLs: add exactly {url}");
    report.assert_only_failure("Logout URL", &format!("{url} is not an allowed logout URL"), &remedy);
}
