//! The return address is remembered for the visit, whatever happens in it.

use emulated_tenant::{Fault, FaultKind};
use time::Duration;

use super::{
    ACCOUNT, ALEX, BACK, NORA, PORTAL, assert_back_with, back_link, link, scan_and_confirm,
    sign_in_with_action, world,
};
use crate::support::World;

#[tokio::test]
async fn every_page_links_back_to_exactly_the_return_address() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    for page in ["/signed-out", "/callback?state=x", "/no-such-page", "/static-none"] {
        browser.open(page).await;
        assert_eq!(browser.page.attr(".bar > .top > .back", "href").as_deref(), Some(ACCOUNT), "{page}");
        assert!(back_link(&browser).is_some(), "{page}");
    }
    browser.open("/").await;
    browser.pass_sign_in(ALEX).await;
    for page in [
        "/",
        "/factors",
        "/factors/totp",
        "/factors/sms",
        "/factors/email",
        "/factors/push",
        "/recovery-code",
        "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001",
        "/authenticators/replace?id=totp%7Cdev_AppPhoneTotp0001",
        "/authenticators/try?id=totp%7Cdev_AppPhoneTotp0001",
        "/sign-out",
        "/nowhere",
    ] {
        browser.open(page).await;
        assert_eq!(browser.page.attr(".bar > .top > .back", "href").as_deref(), Some(ACCOUNT), "{page}");
        assert!(!browser.page.html.contains("return_to"), "{page}");
    }
}

#[tokio::test]
async fn any_page_takes_a_return_address_and_keeps_its_other_parameters() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    for page in ["/", "/factors", "/factors/sms", "/sign-out", "/no-such-page"] {
        browser.open("/").await;
        browser.open(&link(page, ACCOUNT, None)).await;
        assert_eq!((browser.page.path(), browser.page.url.query()), (page, None));
        assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT);
    }
    let remove = "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001";
    browser.open(&format!("{remove}&{}", link("", ACCOUNT, None).trim_start_matches('?'))).await;
    assert_eq!(browser.page.heading(), "Remove the authenticator app?");
    assert_eq!(browser.page.url, world.portal.join(remove).unwrap());
}

// L-14
#[tokio::test]
async fn a_deep_link_outlives_sign_in_step_up_and_the_end_of_the_session() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/", ACCOUNT, Some("add:totp"))).await;
    assert!(!browser.page.url.as_str().contains("portal.example"), "the tenant learns nothing of it");
    assert!(browser.journey.iter().skip(1).all(|url| !url.as_str().contains("portal.example")));
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    // The session ends, sign-in succeeds silently, and the change needs a fresh sign-in.
    world.pass(Duration::minutes(11));
    browser.open("/factors/totp").await;
    assert_eq!(browser.page.heading(), "Sign in");
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    scan_and_confirm(&world, &mut browser, NORA).await;
    super::save_recovery_code(&mut browser).await;
    assert_back_with(&browser, "added", "totp");
}

#[tokio::test]
async fn error_pages_link_back_too() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:totp").await;
    world.tenant.faults().inject(Fault::new("POST", "/mfa/associate", FaultKind::html(500, "oh")));
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.status.as_u16(), 502);
    assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT);
    world.tenant.faults().clear();
    let form = { browser.open("/factors/totp").await.form("Show me the QR code") };
    world.pass(Duration::minutes(10));
    browser.send(&form).await;
    assert_eq!(browser.page.heading(), "Your visit has ended");
    assert_eq!(back_link(&browser).unwrap().as_str(), format!("{PORTAL}/"), "the next reader may be another");
}

#[tokio::test]
async fn a_return_address_is_forgotten_after_an_hour() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    let kept = browser.set_cookies.iter().find(|it| it.starts_with("mfa-portal-deep-link=")).unwrap().clone();
    assert!(kept.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age=3600"), "{kept}");
    assert!(!kept.contains("portal.example"), "{kept}");
    world.pass(Duration::minutes(59));
    browser.open("/signed-out").await;
    assert!(back_link(&browser).is_some());
    world.pass(Duration::minutes(1));
    browser.plant(kept.split(';').next().unwrap());
    browser.open("/signed-out").await;
    assert!(back_link(&browser).is_none());
}

#[tokio::test]
async fn signing_out_drops_the_action_and_keeps_the_way_back_to_the_site_alone() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:totp").await;
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    assert_eq!(
        (browser.page.path(), back_link(&browser).unwrap().as_str()),
        ("/signed-out", &*format!("{PORTAL}/")),
        "the next person here did not come from this account's page"
    );
    browser.open("/").await;
    browser.pass_sign_in("eight@example.com").await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert_eq!(browser.page.path(), "/");
}

/// Their visit has ended.
#[tokio::test]
async fn signing_out_ends_the_visit_for_the_same_person_too() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:email").await;
    browser.open("/sign-out").await;
    browser.press("Sign out", &[]).await;
    world.pass(Duration::seconds(31));
    browser.open("/").await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!((browser.page.path(), back_link(&browser).unwrap().as_str()), ("/", &*format!("{PORTAL}/")));
}

#[tokio::test]
async fn a_new_deep_link_replaces_the_earlier_one() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, ALEX, "add:totp").await;
    let other = format!("{PORTAL}/profile");
    browser.open(&link("/", &other, None)).await;
    assert_eq!(back_link(&browser).unwrap().as_str(), other);
    browser.follow("Remove authenticator app").await;
    browser.follow("Keep it").await;
    assert_eq!(browser.page.path(), "/", "nothing is left of the action");
    // A link with a return address elsewhere replaces it too.
    browser.open(&link("/", "https://evil.example", None)).await;
    assert!(back_link(&browser).is_none());
}

#[tokio::test]
async fn without_a_return_address_the_portal_url_is_the_way_back() {
    let flags = [("return-origins", PORTAL), ("portal-url", "https://portal.example.com/home")];
    let world = World::with(&flags).await;
    let mut browser = world.browser();
    browser.open("/signed-out").await;
    assert_eq!(browser.page.link("Back to your account").as_str(), "https://portal.example.com/home");
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    assert_eq!(browser.page.link("Back to your account").as_str(), ACCOUNT);
    let flags = [("return-origins", PORTAL), ("portal-url", "https://intranet.example.com/")];
    let world = World::with(&flags).await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    assert_eq!(browser.page.link(BACK).as_str(), ACCOUNT);
    assert!(!browser.page.html.contains("intranet"));
}

#[tokio::test]
async fn a_portal_under_a_path_has_a_return_cookie_of_its_own() {
    let flags = [("return-origins", PORTAL), ("app-base-url", "http://127.0.0.1:{port}/account/security")];
    let world = World::with(&flags).await;
    let mut browser = world.browser();
    browser.open(&link("", ACCOUNT, Some("add:sms"))).await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.path(), "/account/security/factors/sms");
    assert_eq!(browser.page.link("Go back").path(), "/account/security/leave");
    let kept = browser.set_cookies.iter().find(|it| it.contains("deep-link")).unwrap();
    assert!(kept.starts_with("mfa-portal-deep-link-"), "{kept}");
    browser.follow("Go back").await;
    assert_back_with(&browser, "cancelled", "sms");
}

#[tokio::test]
async fn opening_a_deep_link_changes_nothing() {
    let world = world().await;
    let browser = world.signed_in(ALEX).await;
    world.tenant.journal().clear();
    for action in ["add:totp", "replace:totp", "remove:totp", "recovery-code", "list"] {
        for _ in 0..2 {
            let at = world.portal.join(link("/", ACCOUNT, Some(action)).trim_start_matches('/')).unwrap();
            browser.client().head(at.clone()).send().await.unwrap();
            browser.tab().go(at).await;
        }
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    // A POST is no deep link.
    let posted = browser.client().post(world.portal.join("?return_to=https://portal.example.com/").unwrap());
    assert!(posted.send().await.unwrap().headers().get("set-cookie").is_none());
}

#[tokio::test]
async fn a_removed_return_origin_is_no_longer_linked() {
    let world = world().await;
    let mut browser = world.browser();
    browser.open(&link("/signed-out", ACCOUNT, None)).await;
    let later: World = world.beside(&[("return-origins", "https://other.example")]);
    let mut moved = later.browser();
    browser.cookies().split("; ").for_each(|cookie| moved.plant(&format!("{cookie}; Path=/")));
    moved.open("/signed-out").await;
    assert!(!moved.page.html.contains("portal.example"));
}
