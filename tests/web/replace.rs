//! `/authenticators/replace`: the new app or number is added first, and only then is the old one removed.

use emulated_tenant::Factor;
use time::Duration;

use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";

fn apps(world: &World) -> Vec<String> {
    let apps =
        world.tenant.authenticators(ALEX).into_iter().filter(|it| it.active && it.factor == Factor::Totp);
    apps.map(|it| it.id).collect()
}

/// A person on the page with the QR code of the new app.
async fn at_qr_code(world: &World) -> Browser {
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Replace authenticator app").await;
    browser.press("Set up the new one", &[]).await;
    browser.press("Show me the QR code", &[]).await;
    browser
}

async fn confirmed(world: &World) -> Browser {
    let mut browser = at_qr_code(world).await;
    world.pass(Duration::seconds(31));
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(ALEX).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    browser
}

#[tokio::test]
async fn a_new_app_replaces_the_old_one() {
    let world = World::new().await;
    let old = apps(&world);
    let mut browser = confirmed(&world).await;
    assert_eq!(browser.page.path(), "/authenticators/remove");
    assert!(browser.page.notice().contains("The new one works"), "{}", browser.page.html);
    assert_eq!(apps(&world).len(), 2, "the old one stays until the person says so");
    browser.press("Remove the old app", &[]).await;
    assert!(browser.page.notice().starts_with("Authenticator app replaced."), "{}", browser.page.notice());
    let now = apps(&world);
    assert!(now.len() == 1 && now != old, "{old:?} {now:?}");
}

// O-12
#[tokio::test]
async fn each_page_of_a_series_says_how_far_one_has_come() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/factors/totp").await;
    says_part(&browser, "Part 1 of 2");
    browser.press("Show me the QR code", &[]).await;
    says_part(&browser, "Part 2 of 2");
    says_part(&at_qr_code(&World::new().await).await, "Part 1 of 2: set up the new one");
    says_part(&confirmed(&World::new().await).await, "Part 2 of 2: remove the old one");
}

/// The step is in the title as well, which a screen reader says first.
fn says_part(browser: &Browser, step: &str) {
    assert_eq!(browser.page.text_of(".part"), step);
    let title = browser.page.text_of("title");
    assert!(title.ends_with(&format!(" – {step} – Northwind")), "{title}");
}

#[tokio::test]
async fn a_replacement_stopped_halfway_is_remembered_on_the_list() {
    let world = World::new().await;
    let old = apps(&world);
    drop(confirmed(&world).await);
    world.pass(Duration::minutes(30));
    world.tenant.sign_out_everywhere();
    let mut browser = world.signed_in(ALEX).await;
    assert!(browser.page.text().contains("The old one is still there"));
    let titles =
        browser.page.texts(".entry .title").into_iter().filter(|it| it.starts_with("Authenticator app"));
    let marked: Vec<_> = titles.map(|it| it.contains("The old one")).collect();
    assert!(marked.len() == 2 && marked[0] != marked[1], "{marked:?}: {}", browser.page.text());
    browser.follow("Remove the old one").await;
    browser.press("Remove the old app", &[]).await;
    assert!(!apps(&world).contains(&old[0]));
    assert!(!browser.page.text().contains("The old one is still there"));
}

#[tokio::test]
async fn a_cancelled_replacement_changes_nothing() {
    let world = World::new().await;
    let (old, unfinished) = (apps(&world), world.unfinished(ALEX));
    let mut browser = at_qr_code(&world).await;
    browser.press("Cancel this set-up", &[]).await;
    assert_eq!((apps(&world), world.unfinished(ALEX)), (old, unfinished));
    assert!(!browser.page.text().contains("The old one is still there"));
}

#[tokio::test]
async fn a_number_can_be_replaced_by_phone_call() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    let link = browser.page.controls().into_iter().find(|it| it.starts_with("Replace phone ending")).unwrap();
    browser.follow(&link).await;
    browser.press("Set up the new one", &[]).await;
    assert_eq!(browser.page.path(), "/factors/sms");
    browser.press("Call me instead", &[("Phone number", "+44 7700 900999")]).await;
    let code = world.devices(ALEX).last_code(Factor::Voice).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.path(), "/authenticators/remove");
    browser.press("Remove the old number", &[]).await;
    assert!(browser.page.notice().starts_with("Number replaced."), "{}", browser.page.notice());
    let numbers: Vec<String> =
        browser.page.entries().into_iter().filter(|it| it.starts_with("Phone ending")).collect();
    assert!(matches!(&numbers[..], [only] if only.contains("0999")), "{numbers:?}");
}

#[tokio::test]
async fn replacing_an_id_not_on_the_list_is_a_404() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    for id in ["totp|dev_AAAAAAAAAAAAAAAA", "..%2f..%2fapi%2fv2", ""] {
        browser.open(&format!("/authenticators/replace?id={id}")).await;
        assert_eq!(browser.page.status.as_u16(), 404, "{id}");
    }
}
