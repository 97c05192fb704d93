//! Lost answers of the tenant: the page says only what the list confirms.

use emulated_tenant::{Factor, FaultKind};

use super::{APP_PHONE, CODE, CONFIRM, SCAN, app_code, count, key, sent_code, start_sms, start_totp};
use crate::support::{ASSOCIATE, LIST, TOKEN, World};

// E-05
#[tokio::test]
async fn a_confirmation_whose_answer_is_lost_is_shown_as_done() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().starts_with("Authenticator app added"));
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
}

#[tokio::test]
async fn a_confirmed_number_whose_answer_is_lost_is_shown_as_done() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let code = sent_code(&world, APP_PHONE);
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("added"));
}

#[tokio::test]
async fn a_confirmation_that_never_arrived_changed_nothing_and_is_not_repeated() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, code) = (browser.page.url.clone(), app_code(&world, &browser.page));
    world.tenant.journal().clear();
    world.upset("POST", TOKEN, FaultKind::Drop);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(world.calls("POST", TOKEN), 1, "a POST is never repeated");
    assert_eq!(browser.page.status, 502);
    assert!(
        browser.page.text().contains("Nothing was changed"),
        "the list has told: {}",
        browser.page.text()
    );
    browser.go(there).await;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "the set-up is still open");
}

#[tokio::test]
async fn with_the_list_down_too_the_outcome_is_unknown() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    world.upset_always("GET", LIST, FaultKind::Drop);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.status, 502);
    assert!(
        browser.page.text().contains("We do not know whether the change was made"),
        "{}",
        browser.page.text()
    );
    world.tenant.faults().clear();
    let mut form = browser.page.url.clone();
    form.set_path("/");
    browser.go(form).await;
    assert_eq!(browser.page.entries().iter().filter(|it| it.starts_with("Authenticator app")).count(), 2);
}

// E-05
#[tokio::test]
async fn a_second_click_after_a_lost_answer_finds_the_factor_added() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    let mut form = browser.page.form(CONFIRM);
    form.set("code", &code);
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    world.upset_always("GET", LIST, FaultKind::Drop);
    browser.send(&form).await;
    assert_eq!(browser.page.status, 502);
    world.tenant.faults().clear();
    browser.send(&form).await;
    assert_eq!(browser.page.path(), "/", "the code is used up, and the list says that it worked");
    assert!(browser.page.notice().starts_with("Authenticator app added"));
}

// E-06
#[tokio::test]
async fn a_lost_association_is_reported_as_unknown_and_not_repeated() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    world.upset("POST", ASSOCIATE, FaultKind::DropAfter);
    browser.press(SCAN, &[]).await;
    assert_eq!(browser.page.status, 502);
    assert!(
        browser.page.text().contains("We do not know whether the change was made"),
        "{}",
        browser.page.text()
    );
    assert_eq!(world.calls("POST", ASSOCIATE), 1);
    browser.open("/").await;
    assert!(browser.page.text().contains("One set-up was never finished"));
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(key(&browser.page).len(), 32, "another try has a key of its own");
}

#[tokio::test]
async fn an_enrollment_without_a_known_authenticator_id_still_works() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    world.upset("POST", ASSOCIATE, FaultKind::Delay(std::time::Duration::from_millis(1)));
    let before = world.calls("GET", LIST);
    browser.press(SCAN, &[]).await;
    assert_eq!(world.calls("GET", LIST), before + 2, "a list before and a list after");
    let code = app_code(&world, &browser.page);
    world.upset_always("GET", LIST, FaultKind::Drop);
    let mut form = browser.page.form(CONFIRM);
    form.set("code", &code);
    browser.send(&form).await;
    // The older app's code would have been accepted too.
    assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
    assert!(
        browser.page.text().contains("We do not know whether the change was made"),
        "{}",
        browser.page.text()
    );
    world.tenant.faults().clear();
    browser.send(&form).await;
    assert_eq!((browser.page.path(), count(&world, APP_PHONE, Factor::Totp, true)), ("/", 2));
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.text());
}
