//! The portal behind a real proxy, under a path of another site, with the documented lines.

use emulated_tenant::Tenant;
use url::Url;

use super::{ALEX, NORA, crawl::Crawl};
use crate::docs;
use crate::support::Browser;
use crate::support::process::{Process, free_address, tenant};
use crate::support::proxy::Proxy;

/// The binary under a path of `site`, and the documented proxy lines (`nginx` or `caddy`) that lead to it.
async fn portal(site: &Url, language: &str) -> (Tenant, Process, String) {
    let tenant = tenant().await;
    let home = site.join("account/security/").unwrap();
    let own = |page: &str| home.join(page).unwrap().to_string();
    tenant.configure(|settings| {
        settings.callback_urls.push(own("callback"));
        settings.logout_urls.push(own("signed-out"));
    });
    let flags = [
        ("APP_BASE_URL", home.as_str()),
        ("RETURN_ORIGINS", "https://portal.example.com"),
        // An app is added and removed in one visit of a person who had none.
        ("PROOF", "any"),
    ];
    let process = Process::start(&tenant, &flags);
    let at = format!("{}:{}", process.portal.host_str().unwrap(), process.portal.port().unwrap());
    let lines = docs::block("docs/embed.md", language).replace("127.0.0.1:3000", &at);
    assert!(lines.contains(&at), "{lines}");
    (tenant, process, lines)
}

/// A visit with everything that a proxy could break.
async fn visit(tenant: &Tenant, site: &Url) {
    let home = site.join("account/security/").unwrap();
    let mut crawl = Crawl::of(Browser::at(&home, tenant), &home);
    assert!(
        crawl.browser.go(site.clone()).await.html.contains("the portal"),
        "the rest of the site is its own"
    );
    // The longest URL allowed, and so the longest response head.
    let back = format!("https://portal.example.com/{}", "a".repeat(1500 - 27));
    crawl.open(&format!("factors/totp?return_to={back}")).await;
    crawl.sign_in(NORA).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/factors/totp");
    assert_eq!(crawl.browser.page.attr(".bar > .top > .back", "href").as_deref(), Some(back.as_str()));
    crawl.press("Show me the QR code", &[]).await;
    let code = tenant.devices(NORA).totp_code(0).unwrap();
    crawl.press("Confirm", &[("Six-digit code", &code)]).await;
    crawl.tick_and_press("saved", "Done").await;
    assert_eq!(crawl.browser.page.entries().len(), 2, "{}", crawl.browser.page.text());
    let stylesheet = crawl.browser.page.attr("link[rel=stylesheet]", "href").unwrap();
    let answer = crawl.browser.client().get(site.join(&stylesheet).unwrap()).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"].to_str().unwrap()[..8]),
        (200, "text/css")
    );
    crawl.follow("Remove authenticator app").await;
    crawl.press("Remove the authenticator app", &[]).await;
    crawl.press("Remove the authenticator app", &[]).await;
    assert!(
        crawl.browser.page.notice().starts_with("Authenticator app removed."),
        "{}",
        crawl.browser.page.text()
    );
    crawl.open("").await;
    crawl.follow("Sign out").await;
    crawl.press("Sign out", &[]).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/signed-out");
    // The path without its final slash works, too.
    let bare = site.join("account/security").unwrap();
    crawl.browser.go(bare).await;
    assert_eq!(crawl.browser.page.heading(), "Sign in");
}

#[tokio::test]
async fn nginx_with_the_documented_lines_serves_the_portal() {
    let site = free_address();
    let (tenant, _process, lines) = portal(&site, "nginx").await;
    let Some(_nginx) = Proxy::nginx(&site, &lines) else { return };
    visit(&tenant, &site).await;
}

#[tokio::test]
async fn caddy_with_the_documented_lines_serves_the_portal() {
    let site = free_address();
    let (tenant, _process, lines) = portal(&site, "caddy").await;
    let Some(_caddy) = Proxy::caddy(&site, &lines) else { return };
    visit(&tenant, &site).await;
}

/// With the process in place of compose's services.
#[tokio::test]
async fn the_proxy_of_compose_serves_a_portal_under_a_path() {
    let site = free_address();
    let (tenant, process, _) = portal(&site, "caddy").await;
    let file = std::fs::read_to_string(docs::file("deploy/Caddyfile")).unwrap();
    let (before, rest) = file.split_once("dynamic a portal 3000 {").unwrap();
    let to = format!("to {}:{}", process.portal.host_str().unwrap(), process.portal.port().unwrap());
    let file = format!("{before}{to}{}", rest.split_once('}').unwrap().1);
    let Some(_caddy) = Proxy::caddy_file(&site, &file) else { return };
    let home = site.join("account/security/").unwrap();
    let mut crawl = Crawl::of(Browser::at(&home, &tenant), &home);
    crawl.open("").await;
    crawl.sign_in(NORA).await;
    assert_eq!(crawl.browser.page.heading(), "Two-step verification");
    crawl.browser.go(site.join("elsewhere").unwrap()).await;
    assert_eq!(crawl.browser.page.status.as_u16(), 404);
}

// S-18, V-13, V-14
#[tokio::test]
async fn a_caching_proxy_keeps_files_and_nobodys_pages() {
    let site = free_address();
    let (tenant, _process, lines) = portal(&site, "nginx").await;
    let caching = "proxy_cache pages; add_header x-cache $upstream_cache_status always; proxy_pass";
    let Some(_nginx) = Proxy::nginx(&site, &lines.replace("proxy_pass", caching)) else { return };
    let home = site.join("account/security/").unwrap();
    let [mut nora, mut alex] = [NORA, ALEX].map(|_| Browser::at(&home, &tenant));
    for (browser, email) in [(&mut nora, NORA), (&mut alex, ALEX)] {
        browser.open("").await;
        browser.pass_sign_in(email).await;
    }
    for page in ["", "factors", "factors/sms", "sign-out", "signed-out", "no-such-page"] {
        for turn in 0..3 {
            let (browser, other) = if turn % 2 == 0 { (&mut nora, ALEX) } else { (&mut alex, NORA) };
            browser.open(page).await;
            assert_eq!(browser.page.header("x-cache"), "MISS", "{page}");
            assert!(!browser.page.html.contains(other), "{page}");
        }
    }
    let stylesheet = site.join(&nora.page.attr("link[rel=stylesheet]", "href").unwrap()).unwrap();
    let mut kept = Vec::new();
    for browser in [&nora, &alex] {
        let answer = browser.client().get(stylesheet.clone()).send().await.unwrap();
        assert!(!answer.headers().contains_key("set-cookie"));
        kept.push(answer.headers()["x-cache"].to_str().unwrap().to_owned());
    }
    assert_eq!(kept[1], "HIT", "the proxy does keep what may be kept: {kept:?}");
}
