//! BREACH: pages that contain a stranger's return address are not compressed, so their length reveals no secret.

use super::{ACCOUNT, ALEX, link, world};

#[tokio::test]
async fn only_pages_without_a_return_address_are_compressed() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    let asked = |browser: &crate::support::Browser, page: &str| {
        let at = world.portal.join(page).unwrap();
        browser.client().get(at).header("accept-encoding", "gzip").send()
    };
    for page in ["", "factors/sms", "sign-out"] {
        let answer = asked(&browser, page).await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "gzip", "{page}");
    }
    browser.open(&link("/", ACCOUNT, None)).await;
    for page in ["", "factors/sms", "sign-out", "recovery-code", "no-such-page"] {
        let answer = asked(&browser, page).await.unwrap();
        assert!(answer.headers().get("content-encoding").is_none(), "{page}");
        assert!(answer.text().await.unwrap().contains("portal.example.com"), "{page}");
    }
    let stylesheet = browser.page.attr("link[rel=stylesheet]", "href").unwrap();
    let answer = asked(&browser, stylesheet.trim_start_matches('/')).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
}
