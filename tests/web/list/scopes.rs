//! Tokens with fewer scopes than requested: only permitted actions are offered, the rest is explained.

use emulated_tenant::Factor;

use super::removals;
use crate::support::{Browser, Log, Page, World};

async fn signed_in_with_scopes(scopes: &[&str]) -> (World, Browser) {
    let world = World::new().await;
    let all = ["openid", "profile", "email"].iter().chain(scopes).map(ToString::to_string).collect();
    world.tenant.configure(|settings| settings.granted_scopes = Some(all));
    let browser = world.signed_in("app.phone@example.com").await;
    world.tenant.journal().clear();
    (world, browser)
}

#[tokio::test]
async fn without_the_enroll_scope_nothing_is_offered_and_nothing_added() {
    let (world, mut browser) = signed_in_with_scopes(&["read:authenticators", "remove:authenticators"]).await;
    assert_eq!(browser.page.entries().len(), 4);
    assert!(!browser.page.controls().iter().any(|it| it.starts_with("Add ")));
    assert_eq!(removals(&browser).len(), 2);
    for path in ["/factors", "/factors/totp", "/factors/sms", "/factors/email"] {
        browser.open(path).await;
        assert_eq!((browser.page.status.as_u16(), path), (403, path));
        assert_eq!(browser.page.heading(), "This is not allowed here");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn without_the_remove_scope_nothing_can_be_removed() {
    let (world, mut browser) = signed_in_with_scopes(&["read:authenticators", "enroll"]).await;
    assert_eq!(removals(&browser), Vec::<String>::new());
    assert!(browser.page.controls().iter().any(|it| it.starts_with("Add ")));
    browser.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001").await;
    assert_eq!(browser.page.status, 403);
    assert_eq!(world.changes(), Vec::<String>::new());
}

/// A phone may approve without a session, so what nobody could remove is not begun.
// S-15
#[tokio::test]
async fn without_the_remove_scope_no_phone_gets_anything_to_approve() {
    let (world, mut browser) = signed_in_with_scopes(&["read:authenticators", "enroll"]).await;
    browser.open("/factors/push").await;
    browser.press("Show me the QR code", &[]).await;
    assert_eq!(browser.page.status, 403);
    assert_eq!(browser.page.heading(), "This is not allowed here");
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_read_scope_is_explained() {
    let (world, browser) = signed_in_with_scopes(&["enroll", "remove:authenticators"]).await;
    assert_eq!(browser.page.status, 403);
    assert_eq!(browser.page.heading(), "This is not allowed here");
    assert_eq!(world.calls("GET", crate::support::LIST), 0);
}

// L-18
#[tokio::test]
async fn a_read_only_grant_is_explained() {
    let (_world, browser) = signed_in_with_scopes(&["read:authenticators"]).await;
    assert_eq!(browser.page.entries().len(), 4);
    assert!(browser.page.text().contains("but not change them"), "{}", browser.page.text());
    assert_eq!(removals(&browser), Vec::<String>::new());
}

#[tokio::test]
async fn the_log_names_every_missing_scope_once_a_sign_in() {
    const ALL: [&str; 3] = ["read:authenticators", "enroll", "remove:authenticators"];
    for granted in 0_usize..7 {
        let has = |(at, scope): (usize, &'static str)| (granted >> at & 1 == 1, scope);
        let (kept, missing): (Vec<_>, Vec<_>) =
            ALL.into_iter().enumerate().map(has).partition(|(has, _)| *has);
        let kept: Vec<_> = kept.into_iter().map(|(_, scope)| scope).collect();
        let log = Log::begin();
        let (_world, mut browser) = signed_in_with_scopes(&kept).await;
        browser.open("/").await;
        browser.open("/factors").await;
        let text = log.text();
        let told: Vec<_> = text.lines().filter(|line| line.contains("token lacks scopes")).collect();
        assert_eq!(told.len(), 1, "{kept:?}: {told:?}");
        let missing: Vec<_> = missing.into_iter().map(|(_, scope)| scope).collect();
        assert!(told[0].contains(&format!("missing=\"{}\"", missing.join(" "))), "{told:?}");
        assert!(told[0].contains("authorize it for the MFA API"), "where to grant it: {told:?}");
        assert!(!browser.page.text().to_lowercase().contains("try again"), "{}", browser.page.text());
    }
    let log = Log::begin();
    signed_in_with_scopes(&ALL).await;
    assert!(!log.text().contains("token lacks scopes"));
}

#[tokio::test]
async fn a_factor_the_tenant_lacks_is_not_offered_again_in_this_visit() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.factors.retain(|factor| *factor != Factor::Email));
    let mut browser = world.signed_in("nothing@example.com").await;
    let offered = |page: &Page| page.controls().iter().any(|it| it.starts_with("Add an e-mail address"));
    assert!(offered(&browser.page), "nobody can know before");
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", "nora@example.org")]).await;
    assert_eq!(browser.page.heading(), "This way is not available here");
    browser.open("/").await;
    assert!(!offered(&browser.page), "{:?}", browser.page.controls());
    world.pass(time::Duration::minutes(11));
    world.tenant.configure(|settings| settings.factors.push(Factor::Email));
    let browser = world.signed_in("nothing@example.com").await;
    assert!(offered(&browser.page), "it may be switched on again");
}
