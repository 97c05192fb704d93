//! Codes that were sent, and typed wrongly or too late.

use emulated_tenant::Factor;
use time::Duration;

use super::{ANOTHER_CODE, APP_PHONE, CODE, CONFIRM, count, mistake, other_than, sent_code, texted};
use crate::support::World;

#[tokio::test]
async fn a_wrong_code_keeps_the_set_up_open_and_says_why() {
    let world = World::new().await;
    let mut browser = texted(&world, APP_PHONE).await;
    let (code, there) = (sent_code(&world, APP_PHONE), browser.page.url.clone());
    let wrong = other_than(&code);
    browser.press(CONFIRM, &[(CODE, &wrong)]).await;
    assert!(mistake(&browser.page, "code").contains("not the code we sent"));
    assert_eq!(browser.page.attr("#code", "value"), Some(wrong), "what was typed is kept");
    assert!(browser.page.text().contains("+44 20 7946 0123"));
    browser.go(there).await;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "a wrong code does not burn the right one");
}

#[tokio::test]
async fn what_cannot_be_a_code_is_refused_without_a_call() {
    let world = World::new().await;
    let mut browser = texted(&world, APP_PHONE).await;
    world.tenant.journal().clear();
    for typed in ["", "12345", "1234567", "code", "12 34 5"] {
        browser.press(CONFIRM, &[(CODE, typed)]).await;
        assert!(mistake(&browser.page, "code").contains("six digits"), "{typed}");
    }
    assert_eq!(world.tenant.journal().requests().len(), 0);
}

#[tokio::test]
async fn a_code_older_than_five_minutes_is_too_old_and_another_one_helps() {
    let world = World::new().await;
    let mut browser = texted(&world, APP_PHONE).await;
    let old = sent_code(&world, APP_PHONE);
    world.pass(Duration::minutes(5));
    browser.press(CONFIRM, &[(CODE, &old)]).await;
    assert!(mistake(&browser.page, "code").contains("too old"), "{}", browser.page.alert());
    browser.press(ANOTHER_CODE, &[]).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((browser.page.path(), count(&world, APP_PHONE, Factor::Sms, true)), ("/", 2));
}

#[tokio::test]
async fn the_tenants_own_limit_of_wrong_codes_asks_for_patience() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = texted(&world, APP_PHONE).await;
    let code = sent_code(&world, APP_PHONE);
    for _ in 0..10 {
        browser.press(CONFIRM, &[(CODE, &other_than(&code))]).await;
        assert!(mistake(&browser.page, "code").contains("not the code"));
    }
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(mistake(&browser.page, "code").contains("too many wrong codes"), "{}", browser.page.alert());
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 1);
}
