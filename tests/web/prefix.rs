//! A portal under a path prefix: every link, form, redirect and static file stays below it, on every page.

pub(crate) mod crawl;
mod proxy;

use time::Duration;

use self::crawl::Crawl;
use crate::support::World;
use crate::support::raw::Raw;

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";

/// A portal under a path, with Management credentials, so that every page has all its parts.
async fn world() -> World {
    World::with(&[
        ("app-base-url", "http://127.0.0.1:{port}/account/security"),
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
        // A first factor and a second one follow each other without a new sign-in.
        ("proof", "any"),
    ])
    .await
}

#[tokio::test]
async fn every_linked_page_stays_below_the_path() {
    let world = world().await;
    let mut crawl = Crawl::signed_in(&world, ALEX).await;
    let pages = crawl.follow_every_link().await;
    assert!(pages.len() >= 11, "{pages:#?}");
    for page in
        ["", "factors/push", "authenticators/remove", "authenticators/try", "recovery-code", "sign-out"]
    {
        assert!(
            pages.iter().any(|path| path.ends_with(&format!("/account/security/{page}"))),
            "{page}: {pages:#?}"
        );
    }
}

#[tokio::test]
async fn every_step_of_adding_stays_below_the_path() {
    let world = world().await;
    let mut crawl = Crawl::signed_in(&world, NORA).await;
    for (page, button, typed) in [
        ("factors/sms", "Send the code", vec![("Phone number", "12")]),
        ("factors/sms", "Send the code", vec![("Phone number", "+44 7700 900123")]),
        ("factors/voice", "Call me now", vec![("Phone number", "+44 7700 900123")]),
        ("factors/email", "Send the code", vec![("E-mail address", "nora@example.org")]),
        ("factors/push", "Show me the QR code", vec![]),
        ("factors/totp", "Show me the QR code", vec![]),
    ] {
        crawl.open(page).await;
        crawl.press(button, &typed).await;
    }
    crawl.press("Confirm", &[("Six-digit code", "12")]).await;
    let key = crawl.browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    crawl.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/recovery-code");
    crawl.press("Done", &[]).await;
    crawl.tick_and_press("saved", "Done").await;
    assert!(crawl.browser.page.notice().starts_with("Recovery code saved."));
    crawl.open("factors/sms").await;
    crawl.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    crawl.press("Send another code", &[]).await;
    crawl.press("Cancel this set-up", &[]).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/");
}

#[tokio::test]
async fn replacing_removing_and_trying_out_stay_below_the_path() {
    let world = world().await;
    let mut crawl = Crawl::signed_in(&world, ALEX).await;
    crawl.follow("Test your phone ending 0167").await;
    crawl.press("Send me a text message", &[]).await;
    crawl.press("Check code", &[("Six-digit code", "000000")]).await;
    crawl.open("").await;
    crawl.follow("Replace authenticator app").await;
    crawl.press("Set up the new one", &[]).await;
    crawl.press("Show me the QR code", &[]).await;
    world.pass(Duration::seconds(31));
    let key = crawl.browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(ALEX).totp_code_of(&key).unwrap();
    crawl.press("Confirm", &[("Six-digit code", &code)]).await;
    crawl.press("Remove the old app", &[]).await;
    assert!(crawl.browser.page.notice().starts_with("Authenticator app replaced."));
    crawl.open("recovery-code").await;
    crawl.press("Get a new recovery code", &[]).await;
}

#[tokio::test]
async fn error_pages_and_their_links_stay_below_the_path() {
    let world = world().await;
    let mut crawl = Crawl::signed_in(&world, ALEX).await;
    for page in [
        "no-such-page",
        "factors/totp/AAAAAAAAAAAAAAAAAAAAAA",
        "authenticators/remove?id=x",
        "authenticators/replace",
    ] {
        crawl.open(page).await;
        assert!(crawl.browser.page.status.is_client_error(), "{page}");
    }
    let fault = emulated_tenant::FaultKind::html(500, "oh");
    world.upset_always("GET", crate::support::LIST, fault);
    crawl.open("").await;
    assert_eq!(crawl.browser.page.status.as_u16(), 502);
    crawl.follow("Try again").await;
    world.tenant.faults().clear();
    crawl.open("factors/sms").await;
    world.pass(Duration::minutes(10));
    crawl.press("Send the code", &[]).await;
    assert_eq!(crawl.browser.page.heading(), "Your visit has ended");
    crawl.follow("Sign in again").await;
    crawl.sign_in(ALEX).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/factors/sms");
}

#[tokio::test]
async fn signing_out_returns_below_the_path() {
    let world = world().await;
    let mut crawl = Crawl::signed_in(&world, ALEX).await;
    crawl.follow("Sign out").await;
    crawl.press("Sign out", &[]).await;
    assert_eq!(crawl.browser.page.path(), "/account/security/signed-out");
    crawl.follow("Sign in again").await;
}

#[tokio::test]
async fn the_bare_path_shows_the_list_with_and_without_a_slash() {
    let world = world().await;
    let browser = world.signed_in(ALEX).await;
    let root = world.portal.join("/").unwrap();
    for path in ["account/security", "account/security/"] {
        let answer = browser.client().get(root.join(path).unwrap()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert!(answer.text().await.unwrap().contains("Two-step verification"), "{path}");
    }
}

#[tokio::test]
async fn a_request_outside_the_path_gets_a_404_about_the_proxy() {
    let world = world().await;
    let browser = world.browser();
    let root = world.portal.join("/").unwrap();
    let doubled = ["/", "/recovery-code", "/callback?code=x&state=y", "//factors", "/embed.js", "/healthz"];
    let doubled = doubled.map(|path| format!("account/security/{path}"));
    let others = ["", "factors", "callback?code=x&state=y", "account/securities", "account/security/../../x"];
    for path in others.into_iter().chain(doubled.iter().map(String::as_str)) {
        let answer = browser.client().get(root.join(path).unwrap()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        let said = answer.text().await.unwrap();
        assert!(said.contains("/account/security/") && said.contains("proxy"), "{said}");
    }
}

/// Answers to addresses outside are ours, too.
// O-01
#[tokio::test]
async fn answers_outside_the_path_carry_the_headers_of_all_others() {
    let names = [
        "cache-control",
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
    ];
    for base in ["http://127.0.0.1:{port}/account/security", "https://mfa.example.com/account/security"] {
        for embedders in ["", "https://portal.example.com"] {
            let world = World::with(&[("app-base-url", base), ("embed-origins", embedders)]).await;
            let headers_of = async |path: &str| {
                let answer =
                    world.browser().client().get(world.portal.join(path).unwrap()).send().await.unwrap();
                assert_eq!(answer.status().as_u16(), 404, "{path}");
                // Only a page has scripts, and each its own nonce.
                let without_scripts = |value: &str| {
                    let directives = value.split("; ").filter(|it| !it.starts_with("script-src "));
                    directives.collect::<Vec<_>>().join("; ")
                };
                names.map(|name| Some(without_scripts(answer.headers().get(name)?.to_str().unwrap())))
            };
            let inside = headers_of("no-such-page").await;
            assert_eq!(
                inside.iter().flatten().count(),
                names.len() - usize::from(base.starts_with("http:")) - usize::from(!embedders.is_empty())
            );
            for path in ["/", "/factors", "/account/securities", "/static/app.css", "/sign-in?next=/"] {
                assert_eq!(headers_of(path).await, inside, "{base}{path}");
            }
        }
    }
}

#[tokio::test]
async fn requests_outside_the_path_have_the_limits_of_all_others() {
    let world = world().await;
    for (headers, status) in [
        ("host: x\r\n", 404),
        ("", 400),
        ("host: x\r\nhost: y\r\n", 400),
        ("host: x\r\ncontent-length: 0\r\ncontent-length: 0\r\n", 400),
    ] {
        let answer =
            Raw::open(&world.portal).await.ask(format!("GET /outside HTTP/1.1\r\n{headers}\r\n")).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, status, "{headers:?}");
        assert!(answer.head.contains("\r\nx-content-type-options: nosniff\r\n"), "{}", answer.head);
    }
}
