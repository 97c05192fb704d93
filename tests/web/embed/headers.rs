//! The framing headers with EMBED_ORIGINS: which pages the listed origins may frame, and which nobody may.

use reqwest::header::HeaderMap;

use super::{NORA, OTHER_SITE, SAME_SITE, embeddable};
use crate::support::{Browser, World};

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn headers_of(browser: &Browser, world: &World, path: &str) -> HeaderMap {
    browser.client().get(world.portal.join(path).unwrap()).send().await.unwrap().headers().clone()
}

fn ancestors(headers: &HeaderMap) -> &str {
    let policy = header(headers, "content-security-policy");
    policy.split("; ").find(|it| it.starts_with("frame-ancestors")).unwrap()
}

// S-03, O-02
#[tokio::test]
async fn exactly_the_listed_origins_may_frame_the_pages() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    for path in
        ["", "factors", "factors/totp", "no-such-page", "sign-in", "callback", "embed.js", "embed.mjs"]
    {
        let headers = headers_of(&nora, &world, path).await;
        assert_eq!(ancestors(&headers), format!("frame-ancestors {SAME_SITE} {OTHER_SITE}"), "/{path}");
        assert!(headers.get("x-frame-options").is_none(), "/{path} has X-Frame-Options, which knows no list");
    }
}

// O-02
#[tokio::test]
async fn irreversible_and_secret_pages_are_never_framed() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    for path in [
        "authenticators/remove",
        "authenticators/remove?id=x",
        "authenticators/remove/totp",
        "lost-phone",
        "forget",
        "recovery-code",
        "recovery-code/download",
        "sign-out",
        "signed-out",
    ] {
        let headers = headers_of(&nora, &world, path).await;
        assert_eq!(ancestors(&headers), "frame-ancestors 'none'", "/{path}");
        assert_eq!(header(&headers, "x-frame-options"), "DENY", "/{path}");
    }
}

#[tokio::test]
async fn under_a_path_prefix_the_same_pages_are_never_framed() {
    let world = super::embeddable_with(&[("app-base-url", "https://example.com/mfa")]).await;
    let nora = world.signed_in(NORA).await;
    let alone = headers_of(&nora, &world, "authenticators/remove").await;
    assert_eq!(ancestors(&alone), "frame-ancestors 'none'");
    let framed = headers_of(&nora, &world, "factors").await;
    assert_eq!(ancestors(&framed), format!("frame-ancestors {SAME_SITE} {OTHER_SITE}"));
}

#[tokio::test]
async fn a_window_keeps_its_reference_to_the_opening_frame() {
    let world = embeddable().await;
    let nora = world.signed_in(NORA).await;
    for path in
        ["", "sign-in", "callback", "authenticators/remove", "recovery-code", "signed-out", "no-such-page"]
    {
        let headers = headers_of(&nora, &world, path).await;
        assert_eq!(header(&headers, "cross-origin-opener-policy"), "unsafe-none", "/{path}");
        assert_eq!(header(&headers, "cross-origin-resource-policy"), "same-origin", "/{path}");
    }
}
