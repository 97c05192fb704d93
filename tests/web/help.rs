//! Help: open without a session, in the same place of every page, and below the path of APP_BASE_URL.

use crate::support::World;

#[tokio::test]
async fn help_is_open_without_a_session_and_asks_the_tenant_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.open("/help").await;
    for topic in ["What is an authenticator app?", "Lost phone, or a new one", "No code arrived"] {
        browser.follow(topic).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (200, topic));
        assert_eq!(browser.page.count("main a[href*='/help/']"), 2, "{topic}");
        browser.open("/help").await;
    }
    assert_eq!(world.tenant.journal().count("GET", "/mfa/authenticators"), 0);
    assert_eq!(browser.open("/help/nothing").await.status, 404);
}

#[tokio::test]
async fn every_page_links_to_help_first_in_its_footer() {
    let world = World::with(&[("app-base-url", "http://127.0.0.1:{port}/account/mfa")]).await;
    let mut browser = world.browser();
    for page in ["help", "help/app", "signed-out", "no-such-page"] {
        browser.go(world.portal.join(page).unwrap()).await;
        assert_eq!(browser.page.attrs(".foot a", "href")[0], "/account/mfa/help", "{page}");
    }
    let browser = world.signed_in("app.phone@example.com").await;
    assert_eq!(browser.page.attrs(".foot a", "href")[0], "/account/mfa/help");
}
