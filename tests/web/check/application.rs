//! The application at the tenant: its id, its secret, its grant, its lists of addresses.

use emulated_tenant::{Answer, Fault, FaultKind, Settings};

use super::{check, check_with, tenant};

#[tokio::test]
async fn an_id_that_no_application_has() {
    let found = check(&tenant().await, &[("AUTH0_CLIENT_ID", "somebody-elses")]).await;
    found.only("Client id", "knows no application with the id in AUTH0_CLIENT_ID", "Copy the Client ID");
    found.unknown("Client secret", "does not know the application");
    found.unknown("Callback URL", "does not know the application");
}

#[tokio::test]
async fn a_secret_that_is_wrong_as_live_tenants_word_it() {
    let found = check(&tenant().await, &[("AUTH0_CLIENT_SECRET", "an old one")]).await;
    found.only("Client secret", "refuses the application's secret", "Copy the Client Secret");
    found.unknown("MFA grant", "checks the client secret first");
}

#[tokio::test]
async fn a_secret_that_is_wrong_as_the_reference_words_it() {
    let tenant = tenant().await;
    tenant.configure(|settings| {
        settings.answers.wrong_client = Answer::new(401, "invalid_client", "Client authentication failed");
    });
    let found = check(&tenant, &[("AUTH0_CLIENT_SECRET", "an old one")]).await;
    found.only("Client secret", "refuses the application's secret", "Client Secret (Post)");
}

#[tokio::test]
async fn an_application_without_the_mfa_grant() {
    let found = check_with(|settings| settings.mfa_grant = false).await;
    assert_eq!(found.failures(), ["MFA grant", "Audience"], "{}", found.output);
    let line = found.line("MFA grant");
    assert!(line.detail.contains("does not have the grant type MFA"), "{line:?}");
    assert!(line.remedy.contains("Advanced Settings → Grant Types: tick MFA"), "{line:?}");
    assert!(found.line("Audience").remedy.contains("tick Authorization Code and MFA"), "{}", found.output);
    assert_eq!(found.line("Client secret").outcome, "ok");
}

#[tokio::test]
async fn a_callback_that_is_not_on_the_list() {
    let found = check_with(|settings| settings.callback_urls.clear()).await;
    let url = "http://127.0.0.1:3000/callback";
    let remedy = format!("Allowed Callback URLs: add exactly {url}");
    found.only("Callback URL", &format!("{url} is not an allowed callback URL"), &remedy);
    assert_eq!(found.line("Client id").outcome, "ok");
}

#[tokio::test]
async fn a_callback_on_the_list_with_a_slash_too_many() {
    let slash = "http://127.0.0.1:3000/callback/".to_owned();
    let found = check_with(|settings| settings.callback_urls = vec![slash]).await;
    found.only("Callback URL", "is not an allowed callback URL", "add exactly");
}

#[tokio::test]
async fn a_callback_below_the_path_of_the_public_address() {
    let tenant = tenant().await;
    let found = check(&tenant, &[("APP_BASE_URL", "http://127.0.0.1:3000/account/mfa/")]).await;
    let url = "http://127.0.0.1:3000/account/mfa/callback";
    assert!(found.line("Callback URL").remedy.contains(url), "{}", found.output);
    assert!(found.line("Logout URL").remedy.contains("/account/mfa/signed-out"), "{}", found.output);
}

#[tokio::test]
async fn both_are_found_where_the_company_has_an_error_page_of_its_own() {
    let own = |settings: &mut Settings| {
        settings.error_page = Some("https://errors.example.com/sign-in".to_owned());
    };
    let found = check_with(|settings| {
        own(settings);
        settings.callback_urls.clear();
    })
    .await;
    found.only("Callback URL", "is not an allowed callback URL", "Allowed Callback URLs");
    let tenant = tenant().await;
    tenant.configure(own);
    let found = check(&tenant, &[("AUTH0_CLIENT_ID", "somebody-elses")]).await;
    found.only("Client id", "knows no application", "Copy the Client ID");
}

#[tokio::test]
async fn an_error_page_in_other_words_is_not_taken_for_a_yes() {
    let tenant = tenant().await;
    let page = FaultKind::html(400, "<h1>Hoppla</h1>");
    tenant.faults().inject(Fault::new("GET", "/authorize", page));
    let found = check(&tenant, &[]).await;
    assert_eq!(found.code, 0, "{}", found.output);
    found.unknown("Client id", "says neither yes nor no");
    found.unknown("Callback URL", "says neither yes nor no");
}

#[tokio::test]
async fn a_sign_out_page_that_is_not_on_the_list() {
    let found = check_with(|settings| settings.logout_urls.clear()).await;
    let url = "http://127.0.0.1:3000/signed-out";
    let remedy = format!("Allowed Logout URLs: add exactly {url}");
    found.only("Logout URL", &format!("{url} is not an allowed logout URL"), &remedy);
}
