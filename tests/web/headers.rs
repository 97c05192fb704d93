//! Response headers for every status, and pages that need nothing those headers forbid.

use emulated_tenant::{Fault, FaultKind};
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

/// One answer of each status and kind, with its name.
async fn answers(world: &World) -> Vec<(String, Response)> {
    let (stranger, signed_in) = (world.browser(), world.signed_in(NORA).await);
    let client = signed_in.client();
    let at = |path: &str| world.portal.join(path).unwrap();
    let css = signed_in.page.attr("link[rel=stylesheet]", "href").unwrap();
    let icon = signed_in.page.attr("link[rel=icon]", "href").unwrap();
    let callback = world.browser().until_callback(NORA).await;
    let mut requests = vec![
        (200, client.get(at(""))),
        (200, client.head(at(""))),
        (200, stranger.client().get(at("signed-out"))),
        (200, client.get(at(css.trim_start_matches('/')))),
        (200, client.get(at(icon.trim_start_matches('/')))),
        (303, stranger.client().get(at(""))),
        (303, stranger.client().get(at("sign-in"))),
        (303, client.get(at("callback?state=used-before-used-before&code=x"))),
        (400, stranger.client().get(callback)),
        (400, client.get(at("authenticators/remove"))),
        (401, stranger.client().post(at("factors/totp"))),
        (403, client.post(at("factors/totp")).header("sec-fetch-site", "cross-site")),
        (404, client.get(at("no-such-page"))),
        (404, client.get(at("static/no-such-file.css"))),
        (405, client.put(at("factors"))),
        (410, client.get(at("factors/totp/AAAAAAAAAAAAAAAAAAAAAA"))),
        (413, client.post(at("factors/totp")).form(&[("csrf_token", "x".repeat(20_000))])),
        (415, client.post(at("factors/totp")).body("x")),
    ];
    let mut answers = Vec::new();
    for (status, request) in requests.drain(..) {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{}", answer.url());
        answers.push((format!("{status} {}", answer.url().path()), answer));
    }
    world.tenant.faults().inject(Fault::new("GET", "/mfa/authenticators", FaultKind::html(500, "oh")));
    let answer = client.get(at("")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    answers.push(("502 /".to_owned(), answer));
    world.tenant.faults().clear();
    answers
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// A page allows its own scripts; any other answer, such as a file, none.
fn scripts_of(answer: &Response) -> String {
    if header(answer.headers(), "content-type").starts_with("text/html") {
        format!("script-src 'nonce-{}'", header(answer.headers(), "x-request-id"))
    } else {
        "script-src 'none'".to_owned()
    }
}

// O-01
#[tokio::test]
async fn only_script_elements_with_the_nonce_of_their_response_run() {
    let world = World::new().await;
    let mut browser = world.signed_in("eight@example.com").await;
    let mut nonces = Vec::new();
    for path in ["/", "/", "/recovery-code", "/factors/totp"] {
        browser.open(path).await;
        let policy = header(&browser.page.headers, "content-security-policy");
        let scripts = policy.split("; ").find(|it| it.starts_with("script-src ")).unwrap();
        let nonce =
            scripts.strip_prefix("script-src 'nonce-").and_then(|rest| rest.strip_suffix('\'')).unwrap();
        assert_eq!(nonce.len(), 22, "{policy}");
        let given = browser.page.attrs("script", "nonce");
        assert!(given.len() >= 2 && given.len() == browser.page.count("script"), "{path}: {given:?}");
        assert!(given.iter().all(|it| it == nonce), "{path}: {given:?}");
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4, "{nonces:?}");
}

// O-01, O-02, O-04, O-05
#[tokio::test]
async fn every_response_has_the_security_headers() {
    let world = World::new().await;
    let tenant = world.tenant.url().origin().ascii_serialization();
    for (what, answer) in answers(&world).await {
        let policy: Vec<&str> = header(answer.headers(), "content-security-policy").split("; ").collect();
        for directive in [
            "default-src 'none'",
            &scripts_of(&answer),
            "style-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            &format!("form-action 'self' {tenant}"),
        ] {
            assert!(policy.contains(&directive), "{what}: {directive} is not in {policy:?}");
        }
        let whole = policy.join(";");
        assert!(!["unsafe", "*", "data:", "http://*"].iter().any(|it| whole.contains(it)), "{whole}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(answer.headers(), name), value, "{what}: {name}");
            assert_eq!(answer.headers().get_all(name).iter().count(), 1, "{what}: {name}");
        }
        let permissions = header(answer.headers(), "permissions-policy");
        for sensor in ["camera", "microphone", "geolocation", "payment", "usb"] {
            assert!(permissions.contains(&format!("{sensor}=()")), "{what}: {permissions}");
        }
    }
}

// O-05
#[tokio::test]
async fn referrers_stay_on_the_site_and_the_callback_sends_none() {
    let world = World::new().await;
    for (what, answer) in answers(&world).await {
        let expected = if what.ends_with("/callback") { "no-referrer" } else { "same-origin" };
        assert_eq!(header(answer.headers(), "referrer-policy"), expected, "{what}");
    }
}

// S-18, O-06, V-14
#[tokio::test]
async fn only_static_files_are_cacheable() {
    let world = World::new().await;
    for (what, answer) in answers(&world).await {
        let (kept, headers) = (header(answer.headers(), "cache-control"), answer.headers());
        if what.starts_with("200 /static/") {
            assert!(kept.starts_with("max-age=604800"), "{what}: {kept}");
        } else {
            assert_eq!(kept, "no-store, no-transform", "{what}");
            assert!(headers.get("etag").is_none() && headers.get("last-modified").is_none(), "{what}");
        }
    }
}

// O-04, O-11
#[tokio::test]
async fn responses_have_a_content_type_and_name_no_server_software() {
    let world = World::new().await;
    for (what, answer) in answers(&world).await {
        let kind = header(answer.headers(), "content-type").to_owned();
        for name in ["server", "x-powered-by", "via", "clear-site-data"] {
            assert!(answer.headers().get(name).is_none(), "{what}: {name}");
        }
        let redirected = answer.status() == StatusCode::SEE_OTHER;
        match what.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "css" if what.starts_with("200") => assert!(kind.starts_with("text/css"), "{what}: {kind}"),
            "svg" => assert!(kind.starts_with("image/svg+xml"), "{what}: {kind}"),
            _ if redirected => assert!(answer.text().await.unwrap().is_empty(), "{what}"),
            _ => {
                assert_eq!(kind, "text/html; charset=utf-8", "{what}");
                let text = answer.text().await.unwrap().to_lowercase();
                let engines = ["axum", "hyper", "tokio", "rust", "askama", env!("CARGO_PKG_VERSION")];
                assert!(!engines.iter().any(|engine| text.contains(engine)), "{what}");
            }
        }
    }
}

// O-03
#[tokio::test]
async fn hsts_is_sent_only_with_an_https_base_url() {
    let world = World::with(&[("app-base-url", "https://mfa.example.com")]).await;
    for (what, answer) in answers(&world).await {
        assert_eq!(header(answer.headers(), "strict-transport-security"), "max-age=31536000", "{what}");
    }
    let world = World::new().await;
    for (what, answer) in answers(&world).await {
        assert!(answer.headers().get("strict-transport-security").is_none(), "{what}");
    }
}

/// The page has no inline script or style and loads nothing from elsewhere.
fn assert_no_inline_code(browser: &Browser) {
    let page = &browser.page;
    let handlers = ["onclick", "onload", "onerror", "onsubmit", "onchange", "onfocus", "oninput"];
    assert!(!handlers.iter().any(|name| page.count(&format!("[{name}]")) > 0), "{}", page.url);
    assert_eq!(
        page.count("script:not([src]), style, [style], iframe, object, embed, base"),
        0,
        "{}",
        page.url
    );
    for (selector, name) in [("link", "href"), ("script", "src"), ("img", "src"), ("form", "action")] {
        let foreign = page.count(&format!("{selector}[{name}]:not([{name}^='/']), {selector}[{name}^='//']"));
        assert_eq!(foreign, 0, "{} loads {selector} from elsewhere", page.url);
    }
    assert_eq!(page.count("a[href^='javascript:'], [href^='data:'], [src^='data:']"), 0, "{}", page.url);
    assert!(page.count("link[rel=stylesheet]") == 1, "{}", page.url);
}

// O-01, O-08, O-09
#[tokio::test]
async fn no_page_has_an_inline_script_or_style() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for path in [
        "/",
        "/factors",
        "/factors/totp",
        "/factors/sms",
        "/factors/email",
        "/recovery-code",
        "/sign-out",
        "/signed-out",
        "/no-such-page",
        "/callback?state=x",
        "/authenticators/remove?id=x",
    ] {
        browser.open(path).await;
        assert_no_inline_code(&browser);
    }
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.count("svg.qr"), 1);
    assert_no_inline_code(&browser);
    browser.press("Confirm", &[("Six-digit code", "000000")]).await;
    assert!(browser.page.title().starts_with("Error:"));
    assert_no_inline_code(&browser);
    let answer = &browser.page;
    assert_eq!((answer.header("cache-control"), answer.header("etag")), ("no-store, no-transform", ""));
    let mut alex = world.signed_in("app.phone@example.com").await;
    assert_no_inline_code(&alex);
    alex.follow("Remove authenticator app").await;
    assert_no_inline_code(&alex);
}

// O-11
#[tokio::test]
async fn directories_dotfiles_and_admin_routes_are_not_found() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for path in [
        "/static",
        "/static/",
        "/static/..%2f..%2fCargo.toml",
        "/healthz",
        "/readyz",
        "/metrics",
        "/.env",
        "/.git/config",
        "/mfa-portal.db",
        "/debug",
        "/favicon.ico",
    ] {
        browser.open(path).await;
        assert_eq!(browser.page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(browser.page.heading(), "Page not found", "{path}");
    }
}
