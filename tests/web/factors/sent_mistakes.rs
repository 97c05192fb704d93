//! Codes sent by text that are mistyped, malformed or expired.

use emulated_tenant::Factor;
use time::Duration;

use super::{ANOTHER_CODE, APP_PHONE, CODE, CONFIRM, count, different_code, mistake, sent_code, start_sms};
use crate::support::World;

#[tokio::test]
async fn a_wrong_code_is_explained_and_can_be_retried() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let (code, there) = (sent_code(&world, APP_PHONE), browser.page.url.clone());
    let wrong = different_code(&code);
    browser.press(CONFIRM, &[(CODE, &wrong)]).await;
    assert!(mistake(&browser.page, "code").contains("not the code we sent"));
    assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(""), "a refused code is not put back");
    assert!(browser.page.text().contains("+44 7700 900123"));
    browser.go(there).await;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "a wrong code does not burn the right one");
}

#[tokio::test]
async fn malformed_codes_are_refused_without_a_tenant_call() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    world.tenant.journal().clear();
    for typed in ["", "12345", "1234567", "code", "12 34 5"] {
        browser.press(CONFIRM, &[(CODE, typed)]).await;
        assert!(mistake(&browser.page, "code").contains("six digits"), "{typed}");
    }
    assert_eq!(world.tenant.journal().requests().len(), 0);
}

#[tokio::test]
async fn an_expired_code_is_refused_and_a_resend_helps() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let old = sent_code(&world, APP_PHONE);
    world.pass(Duration::minutes(5));
    browser.press(CONFIRM, &[(CODE, &old)]).await;
    assert!(mistake(&browser.page, "code").contains("has expired"), "{}", browser.page.alert());
    assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(""));
    browser.press(ANOTHER_CODE, &[]).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((browser.page.path(), count(&world, APP_PHONE, Factor::Sms, true)), ("/", 2));
}

#[tokio::test]
async fn the_tenants_limit_of_wrong_codes_is_explained() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let code = sent_code(&world, APP_PHONE);
    for _ in 0..10 {
        browser.press(CONFIRM, &[(CODE, &different_code(&code))]).await;
        assert!(mistake(&browser.page, "code").contains("not the code"));
    }
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(mistake(&browser.page, "code").contains("Too many wrong codes"), "{}", browser.page.alert());
    assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(""));
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 1);
}
