//! What people find under the public address.

use axum::Router;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use url::Url;

use super::{check, tenant};
use crate::support::process::{Process, free_address};
use crate::support::tls::Tls;

/// A server that answers everything so.
async fn server(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(async move || answer());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// The tenant takes sign-ins and sign-outs from there.
fn allow(tenant: &emulated_tenant::Tenant, base: &str) {
    tenant.configure(|settings| {
        settings.callback_urls.push(format!("{base}/callback"));
        settings.logout_urls.push(format!("{base}/signed-out"));
    });
}

#[tokio::test]
async fn nothing_there_yet() {
    let tenant = tenant().await;
    let nobody = free_address().as_str().trim_end_matches('/').to_owned();
    allow(&tenant, &nobody);
    let found = check(&tenant, &[("APP_BASE_URL", &nobody)]).await;
    assert_eq!(found.code, 0, "{}", found.output);
    found.unknown("Public address", "start the portal, then check again");
}

#[tokio::test]
async fn some_other_site() {
    let tenant = tenant().await;
    let other = server(|| Html("<h1>Welcome to nginx!</h1>").into_response()).await;
    allow(&tenant, &other);
    let found = check(&tenant, &[("APP_BASE_URL", &other)]).await;
    found.only("Public address", "something other than the portal answers at", "Correct APP_BASE_URL");
}

#[tokio::test]
async fn a_proxy_that_cuts_the_path_off() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let base = process.portal.join("account/mfa").unwrap().to_string();
    allow(&tenant, &base);
    let found = check(&tenant, &[("APP_BASE_URL", &base)]).await;
    found.only("Public address", "the portal's pages are not found at", "\"/account/mfa\" included");
}

#[tokio::test]
async fn a_portal_with_another_public_address() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[("APP_BASE_URL", "http://127.0.0.1:3000")]);
    let base = process.portal.as_str().trim_end_matches('/');
    let found = check(&tenant, &[("APP_BASE_URL", base)]).await;
    found.only("Public address", "another application or another APP_BASE_URL", "Correct APP_BASE_URL");
}

#[tokio::test]
async fn a_proxy_that_rewrites_cookies() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let sign_in = client.get(process.portal.join("sign-in").unwrap()).send().await.unwrap();
    let to: Url = sign_in.headers()[LOCATION].to_str().unwrap().parse().unwrap();
    // The proxy's address is known only once it runs, so it looks it up in the request's place.
    let tenant_url = tenant.url();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    allow(&tenant, &base);
    let mut location = tenant_url.join("authorize").unwrap();
    let asked = to.query_pairs().map(|(name, value)| {
        let value = if name == "redirect_uri" { format!("{base}/callback") } else { value.into_owned() };
        (name.into_owned(), value)
    });
    location.query_pairs_mut().extend_pairs(asked);
    let location = HeaderValue::from_str(location.as_str()).unwrap();
    let routes = Router::new().fallback(async move || {
        let cookie = HeaderValue::from_static("renamed=by-the-proxy; Path=/elsewhere");
        (StatusCode::SEE_OTHER, [(LOCATION, location.clone()), (SET_COOKIE, cookie)]).into_response()
    });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let found = check(&tenant, &[("APP_BASE_URL", &base)]).await;
    found.only("Public address", "the portal's cookie is changed on its way", "pass Set-Cookie on unchanged");
}

#[tokio::test]
async fn a_certificate_that_browsers_refuse_and_one_that_they_take() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    let base = tls.url();
    let process = Process::start(&tenant, &[("APP_BASE_URL", &base)]);
    tls.forward_to(&process.portal);
    allow(&tenant, &base);
    let found = check(&tenant, &[("APP_BASE_URL", &base)]).await;
    found.only("Public address", &format!("browsers would refuse {base}"), "a certificate for this name");
    let found = check(&tenant, &[("APP_BASE_URL", &base), ("SSL_CERT_FILE", tls.ca_file())]).await;
    assert_eq!(found.line("Public address").outcome, "ok", "{}", found.output);
    assert_eq!(found.line("Public address").detail, base);
}

#[tokio::test]
async fn without_https_it_is_called_what_it_is() {
    let tenant = tenant().await;
    let process = Process::start(&tenant, &[]);
    let found = check(&tenant, &[("APP_BASE_URL", process.portal.as_str())]).await;
    assert!(
        found.line("Public address").detail.ends_with("for this machine only: no https"),
        "{}",
        found.output
    );
}
