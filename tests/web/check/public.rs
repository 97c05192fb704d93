//! The public URL: answered by the portal, by nothing, by another site, or by a proxy that changes things.

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{Html, IntoResponse as _, Response};

use super::{Report, check, tenant};
use crate::support::process::{Process, free_address};
use crate::support::tls::Tls;

/// A server that gives every request this answer; returns its URL.
async fn serve(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(async move || answer());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// Adds the callback and logout URLs below `base` to the tenant's allowed lists.
fn allow_urls_of(tenant: &emulated_tenant::Tenant, base: &str) {
    tenant.configure(|settings| {
        settings.callback_urls.push(format!("{base}/callback"));
        settings.logout_urls.push(format!("{base}/signed-out"));
    });
}

#[tokio::test]
async fn a_public_url_where_nothing_listens_is_unknown() {
    let tenant = tenant().await;
    let nobody = free_address().as_str().trim_end_matches('/').to_owned();
    allow_urls_of(&tenant, &nobody);
    let report = check(&tenant, &[("APP_BASE_URL", &nobody)]).await;
    assert_eq!(report.code, 2, "{}", report.output);
    report.assert_unknown("Public address", "start the portal, then check again");
}

#[tokio::test]
async fn another_site_at_the_public_url_is_reported() {
    let tenant = tenant().await;
    let other = serve(|| Html("<h1>Welcome to nginx!</h1>").into_response()).await;
    allow_urls_of(&tenant, &other);
    let report = check(&tenant, &[("APP_BASE_URL", &other)]).await;
    report.assert_only_failure(
        "Public address",
        "something other than the portal answers at",
        "Correct APP_BASE_URL",
    );
}

#[tokio::test]
async fn a_proxy_that_strips_the_path_is_reported() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let base = process.portal.join("account/mfa").unwrap().to_string();
    allow_urls_of(&tenant, &base);
    let report = check(&tenant, &[("APP_BASE_URL", &base)]).await;
    report.assert_only_failure(
        "Public address",
        "the portal's pages are not found at",
        "\"/account/mfa\" included",
    );
}

#[tokio::test]
async fn a_portal_with_another_base_url_is_reported() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("APP_BASE_URL", "http://127.0.0.1:3000")]);
    let base = process.portal.as_str().trim_end_matches('/');
    let report = check(&tenant, &[("APP_BASE_URL", base)]).await;
    report.assert_only_failure(
        "Public address",
        "another application or another APP_BASE_URL",
        "Correct APP_BASE_URL",
    );
}

/// The report of a portal behind a proxy that changes the headers of every answer.
async fn behind(change: fn(&mut HeaderMap), settings: &[(&str, &str)]) -> Report {
    let tenant = tenant().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    allow_urls_of(&tenant, &base);
    let settings = [&[("APP_BASE_URL", base.as_str())], settings].concat();
    let process = Process::start(&tenant, &settings);
    let portal = process.portal.clone();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let forward = async move |uri: Uri| {
        let answer = client.get(portal.join(uri.path()).unwrap()).send().await.unwrap();
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        change(&mut headers);
        (status, headers).into_response()
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(forward)).await });
    check(&tenant, &settings).await
}

#[tokio::test]
async fn a_proxy_that_changes_no_header_passes() {
    let report = behind(|_| (), &[("EMBED_ORIGINS", "https://portal.example.com")]).await;
    assert_eq!(report.line("Public address").outcome, "ok", "{}", report.output);
}

#[tokio::test]
async fn a_proxy_that_rewrites_cookies_is_reported() {
    let rename = |headers: &mut HeaderMap| {
        headers.insert(SET_COOKIE, HeaderValue::from_static("renamed=by-the-proxy; Path=/elsewhere"));
    };
    behind(rename, &[]).await.assert_only_failure(
        "Public address",
        "the portal's cookie is changed on its way",
        "pass Set-Cookie on unchanged",
    );
}

#[tokio::test]
async fn a_proxy_that_takes_the_policy_of_a_page_is_reported() {
    let take = |headers: &mut HeaderMap| drop(headers.remove(CONTENT_SECURITY_POLICY));
    behind(take, &[]).await.assert_only_failure(
        "Public address",
        "takes the header Content-Security-Policy away",
        "pass the portal's headers on unchanged",
    );
}

#[tokio::test]
async fn a_proxy_that_forbids_frames_is_reported_where_pages_are_framed() {
    let forbid =
        |headers: &mut HeaderMap| drop(headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY")));
    behind(forbid, &[("EMBED_ORIGINS", "https://portal.example.com")]).await.assert_only_failure(
        "Public address",
        "adds the header X-Frame-Options",
        "EMBED_ORIGINS",
    );
    let report = behind(forbid, &[]).await;
    assert_eq!(report.line("Public address").outcome, "ok", "{}", report.output);
}

#[tokio::test]
async fn an_untrusted_certificate_is_reported_and_a_trusted_one_passes() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    let base = tls.url();
    let process = Process::start(&tenant, &[("APP_BASE_URL", &base)]);
    tls.forward_to(&process.portal);
    allow_urls_of(&tenant, &base);
    let report = check(&tenant, &[("APP_BASE_URL", &base)]).await;
    report.assert_only_failure(
        "Public address",
        &format!("browsers would refuse {base}"),
        "a certificate for this name",
    );
    let report = check(&tenant, &[("APP_BASE_URL", &base), ("SSL_CERT_FILE", tls.ca_file())]).await;
    assert_eq!(report.line("Public address").outcome, "ok", "{}", report.output);
    assert_eq!(report.line("Public address").detail, base);
    // A warning, because the portal works without the setting.
    report.assert_unknown("Proxies", "TRUSTED_PROXIES is not set");
    assert_eq!(report.code, 2);
    let proxies = ("TRUSTED_PROXIES", "127.0.0.0/8");
    let report = check(&tenant, &[("APP_BASE_URL", &base), ("SSL_CERT_FILE", tls.ca_file()), proxies]).await;
    assert_eq!(report.line("Proxies").outcome, "ok", "{}", report.output);
    let strangers = ("TRUSTED_PROXIES", "0.0.0.0/0,::/0");
    let report =
        check(&tenant, &[("APP_BASE_URL", &base), ("SSL_CERT_FILE", tls.ca_file()), strangers]).await;
    report.assert_unknown("Proxies", "a network of strangers");
    assert!(process.output().contains("client addresses unknown"), "{}", process.output());
}

#[tokio::test]
async fn a_public_url_without_https_is_marked_as_local_only() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let report = check(&tenant, &[("APP_BASE_URL", process.portal.as_str())]).await;
    assert!(
        report.line("Public address").detail.ends_with("for this machine only: no https"),
        "{}",
        report.output
    );
}
