//! The `next` parameter: no value leads to another site.

use reqwest::StatusCode;
use url::{Url, form_urlencoded};

use super::NORA;
use crate::support::World;

/// URLs that some browser or library reads as another site or as a script.
const ELSEWHERE: &[&str] = &[
    // plain URLs of another site
    "https://evil.example",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE",
    "ftp://evil.example",
    "evil.example",
    "@evil.example",
    ".evil.example",
    ":80@evil.example",
    "?//evil.example",
    "#//evil.example",
    // no scheme, or half of one
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2e%2e",
    "//evil.example:80?@127.0.0.1/",
    "//evil.example#@127.0.0.1/",
    "//127.0.0.1@evil.example",
    "//3627734734",
    "//[::ffff:203.0.113.7]",
    "//0xcb.0x0.0x71.0x07",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    // backslashes, which browsers read as slashes
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\\\\evil.example",
    "//\\evil.example",
    // characters that a browser drops before it parses a URL
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u{a0}//evil.example",
    "\u{feff}//evil.example",
    "\u{0}//evil.example",
    "\u{b}//evil.example",
    "/\u{0}/evil.example",
    "/ /evil.example",
    "https://evil.example\t/",
    "ht\ntps://evil.example",
    // characters that Unicode normalization turns into others
    "/〱evil.example",
    "//evil。example",
    "／／evil.example",
    "/／evil.example",
    "//ⓔⓥⓘⓛ.example",
    "https://ℯvil.example",
    "/\u{202e}/evil.example",
    // header injection
    "/\r\nLocation: https://evil.example",
    "/\r\n\r\n<script>alert(1)</script>",
    "/\u{85}Set-Cookie: a=b",
    // scripts
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "javascript://127.0.0.1/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:http://127.0.0.1/1",
    // empty, blank and relative
    "",
    " ",
    "factors",
    "..//evil.example",
    "../../evil.example",
];

/// Paths of ours that look like other sites; their percent-encoding stays as it is.
const STILL_OURS: &[&str] = &[
    "/%2f/evil.example",
    "/%2F%2Fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/%00//evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/https://evil.example",
    "/evil.example",
    "/javascript:alert(1)",
    "/?next=//evil.example",
    "/%E3%80%B1evil.example",
    "/%252f%252fevil.example",
    "/@evil.example",
    "/;@evil.example",
];

// L-13, V-11, V-12, V-20, V-43
#[tokio::test]
async fn no_next_parameter_leads_off_this_site() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for next in ELSEWHERE.iter().chain(STILL_OURS) {
        for encoded in [encode(next), encode(&encode(next)), next.replace(' ', "%20").replace('#', "%23")] {
            let Ok(url) = Url::parse(&format!("{}sign-in?next={encoded}", world.portal)) else { continue };
            browser.go(url).await;
            let origins = [world.portal.origin(), world.tenant.url().origin()];
            assert!(browser.journey.iter().all(|url| origins.contains(&url.origin())), "{next:?}");
            assert_eq!(browser.page.url.origin(), world.portal.origin(), "{next:?}");
            assert!(!browser.page.html.contains("alert(1)"), "{next:?}");
        }
    }
}

// L-13, V-23
#[tokio::test]
async fn a_next_that_is_no_path_of_ours_leads_to_the_list() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    for next in ELSEWHERE {
        let callback = location(&world, &browser, next).await;
        assert_eq!(callback, "/", "{next:?}");
    }
    let long = format!("/{}", "a".repeat(200));
    assert_eq!(location(&world, &browser, &long).await, "/");
}

// L-13
#[tokio::test]
async fn a_next_with_dot_segments_leads_to_the_list() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    for next in ["/..", "/../other", "/factors/../../other", "/%2e%2e/other", "/.%2E/other", "/./factors"] {
        assert_eq!(location(&world, &browser, next).await, "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_next_that_is_a_path_of_ours_is_kept_unchanged() {
    let world = World::new().await;
    let browser = world.signed_in(NORA).await;
    for next in ["/factors", "/factors/sms", "/authenticators/remove?id=totp%7Cdev_A1", "/?a=b&c=d"] {
        assert_eq!(location(&world, &browser, next).await, next);
    }
}

#[tokio::test]
async fn a_repeated_next_is_a_bad_request() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/sign-in?next=/factors&next=//evil.example").await;
    assert_eq!(browser.page.status, StatusCode::BAD_REQUEST);
}

/// The callback's `Location` after a sign-in with this `next`, byte for byte.
async fn location(world: &World, browser: &crate::support::Browser, next: &str) -> String {
    let get = |url: Url| browser.client().get(url).send();
    let begin = Url::parse(&format!("{}sign-in?next={}", world.portal, encode(next))).unwrap();
    let mut answer = get(begin).await.unwrap();
    while answer.url().path() != "/callback" {
        let target = answer.headers()["location"].to_str().unwrap().to_owned();
        answer = get(answer.url().join(&target).unwrap()).await.unwrap();
    }
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
