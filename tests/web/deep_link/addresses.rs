//! `return_to`: only an address of an origin in RETURN_ORIGINS is accepted, however another one is disguised.

use url::Url;

use super::{ACCOUNT, PORTAL, back_link, link, world};
use crate::support::World;

/// Addresses elsewhere, and some that not every browser reads as one of `https://portal.example.com`.
const ELSEWHERE: &[&str] = &[
    "https://evil.example",
    "https://evil.example/https://portal.example.com",
    "https://evil.example?https://portal.example.com",
    "https://evil.example#https://portal.example.com",
    "https://portal.example.com.evil.example",
    "https://portal.example.comevil.example",
    "https://evilportal.example.com",
    "https://sub.portal.example.com",
    "https://example.com",
    "https://portal.example.com:8443/",
    "https://portal.example.com:0/",
    "http://portal.example.com",
    "http://portal.example.com:443/",
    "ftp://portal.example.com",
    "ws://portal.example.com",
    "https://portal.example.com@evil.example/",
    "https://portal.example.com:443@evil.example/",
    "https://portal.example.com%40evil.example/",
    "https://portal.example.com%2eevil.example/",
    "https://user@portal.example.com/",
    "https://user:secret@portal.example.com/",
    "https://:secret@portal.example.com/",
    "https://portal.example.com\\@evil.example",
    "https://evil.example\\@portal.example.com",
    "https://evil.example\\.portal.example.com",
    "https:\\\\portal.example.com",
    "\\\\portal.example.com",
    "//portal.example.com",
    "/\\portal.example.com",
    "/account",
    "portal.example.com",
    "account",
    "",
    " https://portal.example.com",
    "https://portal.example.com ",
    "https://portal.example.com/a b",
    "\thttps://portal.example.com",
    "https://por\ntal.example.com",
    "https://portal.example.com/\r\nSet-Cookie: a=b",
    "https://portal.example.com/\u{0}",
    "https://portal.example.com/\u{202e}",
    "https://portal。example.com/",
    "https://ⓟortal.example.com/",
    "https://portal.example.com/é",
    "https://portal.example.com./",
    "https://[::1]/",
    "https://2130706433/",
    "blob:https://portal.example.com/0d9e-4c1b",
    "filesystem:https://portal.example.com/temporary/x",
    "view-source:https://portal.example.com/",
    "javascript:alert(1)//https://portal.example.com",
    "javascript://portal.example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///portal.example.com",
    "about:blank",
    "mailto:x@portal.example.com",
    "null",
];

// L-13, V-12
#[tokio::test]
async fn a_return_address_elsewhere_is_dropped() {
    let world = world().await;
    let mut browser = world.browser();
    for address in ELSEWHERE {
        browser.open(&link("/signed-out", ACCOUNT, None)).await;
        browser.open(&link("/signed-out", address, Some("list"))).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.path()), (200, "/signed-out"), "{address:?}");
        assert!(back_link(&browser).is_none(), "{address:?}");
        assert!(browser.journey.iter().all(|url| url.origin() == world.portal.origin()), "{address:?}");
        for trace in ["evil.example", "portal.example", "alert(1)"] {
            assert!(!browser.page.html.contains(trace), "{address:?}");
        }
        // Leaving does not lead there either.
        let left = browser.client().get(world.portal.join("leave").unwrap()).send().await.unwrap();
        assert_eq!(left.headers()["location"], "/", "{address:?}");
    }
}

#[tokio::test]
async fn a_return_address_of_an_allowed_origin_is_kept_verbatim() {
    let world = world().await;
    let mut browser = world.browser();
    let long = format!("{PORTAL}/{}", "a".repeat(1500 - PORTAL.len() - 1));
    for address in [
        PORTAL,
        "https://portal.example.com/",
        "https://portal.example.com?x=1",
        "https://portal.example.com#x",
        "https://portal.example.com:443/x",
        "https://portal.example.com/a/../b/./c//d",
        "https://portal.example.com/a?b=c&d=%C3%A9&e=https://evil.example/#f?g",
        "https://portal.example.com//evil.example",
        "https://portal.example.com/@evil.example",
        "https://portal.example.com/%0d%0aSet-Cookie:x",
        "https://portal.example.com/'%22%3E<script>alert(1)</script>",
        &long,
    ] {
        browser.open(&link("/signed-out", address, None)).await;
        let href = browser.page.attr(".bar > .top > .back", "href");
        assert_eq!(href.as_deref(), Some(address));
        assert_eq!(browser.page.count("script:not([src])"), 0, "{address}");
    }
    browser.open(&link("/signed-out", &format!("{long}a"), None)).await;
    assert!(back_link(&browser).is_none(), "too long for a cookie");
}

#[tokio::test]
async fn an_unusual_spelling_of_the_origin_is_normalized() {
    let world = world().await;
    let mut browser = world.browser();
    for address in
        ["HTTPS://Portal.Example.COM/x", "https:portal.example.com/x", "https:///portal.example.com/x"]
    {
        browser.open(&link("/signed-out", address, None)).await;
        let href = browser.page.attr(".bar > .top > .back", "href");
        assert_eq!(href.as_deref(), Some("https://portal.example.com/x"), "{address}");
    }
}

#[tokio::test]
async fn two_return_addresses_count_as_none() {
    let world = world().await;
    let mut browser = world.browser();
    browser
        .open("/signed-out?return_to=https://portal.example.com/&return_to=https://portal.example.com/")
        .await;
    assert!(back_link(&browser).is_none());
}

#[tokio::test]
async fn without_return_origins_no_return_address_is_kept() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    assert!(back_link(&browser).is_none());
}

// L-13
#[tokio::test]
async fn a_path_that_looks_like_another_host_stays_on_the_portal() {
    let world = world().await;
    let browser = world.browser();
    for path in
        ["//evil.example/", "//evil.example", "/\\evil.example", "//evil.example/%2e%2e/", "/a b", "///x"]
    {
        let at = format!(
            "{}{path}?return_to=https://portal.example.com/",
            world.portal.as_str().trim_end_matches('/')
        );
        let Ok(at) = Url::parse(&at) else { continue };
        let answer = browser.client().get(at).send().await.unwrap();
        let to = answer.headers()["location"].to_str().unwrap();
        let led = world.portal.join(to).unwrap();
        assert_eq!(led.origin(), world.portal.origin(), "{path} leads to {to}");
        assert!(to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'), "{path} leads to {to}");
    }
}

#[tokio::test]
async fn a_forged_cookie_gives_no_return_address() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    let kept =
        browser.cookies().split("; ").find(|it| it.starts_with("mfa-portal-deep-link=")).unwrap().to_owned();
    let flipped = format!("{}{}", &kept[..kept.len() - 2], if kept.ends_with("AA") { "BB" } else { "AA" });
    let garbage = "mfa-portal-deep-link=eyJiIjoiaHR0cHM6Ly9ldmlsLmV4YW1wbGUifQ".to_owned();
    for cookie in
        [flipped, garbage, "mfa-portal-deep-link=".to_owned(), "mfa-portal-deep-link=%00%ff".to_owned()]
    {
        let answer = world.browser().client().get(world.portal.join("signed-out").unwrap());
        let answer = answer.header("cookie", &cookie).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let html = answer.text().await.unwrap();
        assert!(!html.contains("evil.example") && !html.contains("portal.example"), "{cookie}");
    }
}
