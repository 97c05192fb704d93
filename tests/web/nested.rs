//! The portal nested in another axum application, as in `examples/nested.rs`, with the layers, state and fallback that
//! such an application has.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use emulated_tenant::{Options, Tenant};
use mfa_portal::{Config, Settings};
use reqwest::StatusCode;
use url::Url;

use crate::docs;
use crate::prefix::crawl::Crawl;
use crate::support::Browser;
use crate::support::process::SEALING_KEY;

const NORA: &str = "nothing@example.com";

/// State of the other application. The portal must not pick it up.
#[derive(Clone)]
struct Own(&'static str);

async fn home(State(own): State<Own>) -> &'static str {
    own.0
}

/// A layer around every response, the portal's included.
async fn around(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-around", "yes".parse().unwrap());
    response
}

/// The other application, with the portal nested under its base path.
async fn application(config: Config) -> Router {
    let path = config.base_path().to_owned();
    let pages = mfa_portal::app(config).await.unwrap();
    Router::new()
        .route("/", get(home))
        .nest_service(&path, pages)
        .fallback(async || (StatusCode::NOT_FOUND, "not ours").into_response())
        .layer(from_fn(around))
        .layer(Extension(Own("of somebody else")))
        .with_state(Own("the application's own page"))
}

async fn started(path: &str) -> (Tenant, Url) {
    started_with(path, &[]).await
}

/// The same with more settings, by flag name.
async fn started_with(path: &str, more: &[(&str, &str)]) -> (Tenant, Url) {
    let tenant = Tenant::start(Options::default()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let base = site.join(path).unwrap();
    tenant.configure(|settings| {
        settings.callback_urls.push(format!("{base}/callback"));
        settings.logout_urls.push(format!("{base}/signed-out"));
    });
    let application_at_tenant = tenant.settings();
    let domain = tenant.url();
    let flags = [
        ("auth0-domain", domain.as_str().trim_end_matches('/')),
        ("auth0-client-id", &application_at_tenant.client_id),
        ("auth0-client-secret", &application_at_tenant.client_secret),
        ("auth0-secret", SEALING_KEY),
        ("app-base-url", base.as_str()),
        ("session-store", "memory:"),
        ("proof", "any"),
    ];
    let settings = Settings::from_flags(flags.into_iter().chain(more.iter().copied()));
    let config: Config = settings.unwrap().try_into().unwrap();
    let application = application(config).await.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, application);
    tokio::spawn(async move { served.await.unwrap() });
    (tenant, site)
}

#[tokio::test]
async fn sign_in_adding_and_removing_work_under_the_nested_path() {
    for path in ["account/security", "mfa"] {
        let (tenant, site) = started(path).await;
        let home = site.join(&format!("{path}/")).unwrap();
        let mut crawl = Crawl::of(Browser::at(&home, &tenant), &home);
        crawl.open("").await;
        crawl.sign_in(NORA).await;
        assert_eq!(crawl.browser.page.heading(), "Two-step verification");
        crawl
            .follow("Add an authenticator app Codes from an app on your phone; works without a signal")
            .await;
        crawl.press("Show me the QR code", &[]).await;
        let code = tenant.devices(NORA).totp_code(0).unwrap();
        crawl.press("Confirm", &[("Six-digit code", &code)]).await;
        crawl.tick_and_press("saved", "Done").await;
        crawl.follow("Remove authenticator app").await;
        crawl.press("Remove the authenticator app", &[]).await;
        crawl.press("Remove the authenticator app", &[]).await;
        assert!(crawl.browser.page.notice().starts_with("Authenticator app removed."));
        assert_eq!(crawl.browser.page.header("x-around"), "yes");
        assert_eq!(crawl.browser.page.header("cache-control"), "no-store, no-transform");
        crawl.browser.go(site.join(path).unwrap()).await;
        assert_eq!(crawl.browser.page.heading(), "Two-step verification", "without the slash, too");
        crawl.follow("Sign out").await;
        crawl.press("Sign out", &[]).await;
        assert_eq!(crawl.browser.page.path(), format!("/{path}/signed-out"));
    }
}

#[tokio::test]
async fn portal_and_host_application_each_answer_their_own_addresses() {
    let (tenant, site) = started("account/security").await;
    let browser = Browser::at(&site, &tenant);
    for (path, status, words) in [
        ("", 200, "the application's own page"),
        ("elsewhere", 404, "not ours"),
        ("account/security/no-such-page", 404, "Page not found"),
        ("account/security/static/no-such-file", 404, "Page not found"),
    ] {
        let answer = browser.client().get(site.join(path).unwrap()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let policy = answer.headers().contains_key("content-security-policy");
        assert_eq!(policy, path.starts_with("account"), "{path}: each has its own headers");
        assert!(answer.text().await.unwrap().contains(words), "{path}");
    }
}

// I-07
#[tokio::test]
async fn trusted_proxies_name_the_client_of_a_nested_portal() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("audit.jsonl");
    let flags = [("trusted-proxies", "127.0.0.0/8"), ("audit-log", log.to_str().unwrap())];
    let (tenant, site) = started_with("mfa", &flags).await;
    let client = Browser::at(&site, &tenant).client().clone();
    let callback = site.join("mfa/callback?state=12345678&code=x").unwrap();
    let answer = client.get(callback).header("x-forwarded-for", "6.6.6.6, 203.0.113.9").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let told = || std::fs::read_to_string(&log).unwrap_or_default();
    while !told().contains("sign_in") {
        tokio::task::yield_now().await;
    }
    assert!(told().contains("\"client\":\"203.0.113.9\""), "{}", told());
}

#[test]
fn the_documented_lines_match_the_example() {
    let example = std::fs::read_to_string(docs::file("examples/nested.rs")).unwrap();
    let documented = docs::block("docs/embed.md", "rust");
    for line in documented.lines() {
        assert!(example.contains(line.trim()), "not in the example: {line}");
    }
    assert!(documented.lines().count() >= 4);
}
