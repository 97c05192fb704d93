//! Sending another code during an enrollment.

use emulated_tenant::{Factor, FaultKind};
use time::Duration;

use super::{ANOTHER_CODE, APP_PHONE, CODE, CONFIRM, ON_ITS_WAY, count, mistake, sent_code, start_sms};
use crate::support::{ASSOCIATE, LIST, World};

#[tokio::test]
async fn within_thirty_seconds_no_further_message_is_sent() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    world.pass(Duration::seconds(10));
    browser.press(ANOTHER_CODE, &[]).await;
    assert_eq!(browser.page.limit(), ON_ITS_WAY);
    assert!(browser.page.alert().contains("in 20 seconds"), "{}", browser.page.text());
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "the code that was sent still works");
}

#[tokio::test]
async fn after_thirty_seconds_a_new_code_comes_to_the_same_number() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let (there, first) = (browser.page.url.clone(), sent_code(&world, APP_PHONE));
    world.pass(Duration::seconds(30));
    browser.press(ANOTHER_CODE, &[]).await;
    assert_eq!((&browser.page.url, browser.page.status.as_u16()), (&there, 200));
    assert!(browser.page.notice().contains("sent another code"), "{}", browser.page.notice());
    let messages = world.devices(APP_PHONE).messages();
    assert_eq!((messages.len(), messages[1].to.as_str()), (2, "+447700900123"));
    assert_eq!(world.unfinished(APP_PHONE), 2, "nothing piles up at the tenant");
    browser.press(CONFIRM, &[(CODE, &first)]).await;
    assert!(mistake(&browser.page, "code").contains("Type the newest one"));
    let second = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &second)]).await;
    assert_eq!(browser.page.path(), "/");
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 2);
}

#[tokio::test]
async fn resends_with_an_unreadable_list_do_not_pile_up() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    for _ in 0..3 {
        world.pass(Duration::seconds(31));
        // The list before the association succeeds, the one after it and its retry fail.
        world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
        world.upset("GET", LIST, FaultKind::Drop);
        world.upset("GET", LIST, FaultKind::Drop);
        browser.press(ANOTHER_CODE, &[]).await;
        assert!(browser.page.notice().contains("sent another code"), "{}", browser.page.text());
        assert!(count(&world, APP_PHONE, Factor::Sms, false) <= 2, "the newest, and what it outdates");
    }
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
}

#[tokio::test]
async fn a_double_click_on_resend_sends_one_message() {
    let world = World::new().await;
    let browser = start_sms(&world, APP_PHONE).await;
    world.pass(Duration::seconds(31));
    let form = browser.page.form(ANOTHER_CODE);
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    for answer in [one.unwrap(), two.unwrap()] {
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["location"].to_str().unwrap(), browser.page.path());
    }
    assert_eq!(world.devices(APP_PHONE).messages().len(), 2);
}

// E-01
#[tokio::test]
async fn reloading_after_a_resend_sends_nothing() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    world.pass(Duration::seconds(31));
    browser.press(ANOTHER_CODE, &[]).await;
    let there = browser.page.url.clone();
    browser.go(there).await;
    assert_eq!((browser.page.notice(), world.devices(APP_PHONE).messages().len()), (String::new(), 2));
}

#[tokio::test]
async fn a_resend_refused_by_the_tenant_leaves_the_first_code_valid() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let (there, code) = (browser.page.url.clone(), sent_code(&world, APP_PHONE));
    world.pass(Duration::seconds(31));
    let refusal = r#"{"error":"invalid_request","error_description":"Too many SMS sent by the user. Wait for some minutes before retrying."}"#;
    world.upset("POST", ASSOCIATE, FaultKind::json(400, refusal));
    browser.press(ANOTHER_CODE, &[]).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (429, "Too many codes were sent")
    );
    browser.go(there).await;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
}

// R-06
#[tokio::test]
async fn the_tenants_message_limit_is_explained() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    for _ in 0..9 {
        world.pass(Duration::seconds(31));
        browser.press(ANOTHER_CODE, &[]).await;
        assert_eq!(browser.page.status, 200);
    }
    world.pass(Duration::seconds(31));
    browser.press(ANOTHER_CODE, &[]).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (429, "Too many codes were sent")
    );
    assert_eq!(world.devices(APP_PHONE).messages().len(), 10);
    assert_eq!(world.unfinished(APP_PHONE), 2);
}

#[tokio::test]
async fn a_resend_over_our_own_limit_leaves_the_last_code_valid() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let there = browser.page.url.clone();
    for _ in 0..10 {
        world.pass(Duration::seconds(31));
        browser.press(ANOTHER_CODE, &[]).await;
        if !browser.page.limit().is_empty() {
            break;
        }
    }
    assert_eq!((browser.page.limit().as_str(), &browser.page.url), ("Too many codes were sent", &there));
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
    assert_eq!(
        world.devices(APP_PHONE).messages().len(),
        world.calls("POST", ASSOCIATE),
        "none was refused there"
    );
    let code = sent_code(&world, APP_PHONE);
    browser.go(there).await;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "the last one that was sent still works");
}
