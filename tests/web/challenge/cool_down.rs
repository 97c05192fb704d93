//! At most one message to a phone or mailbox in thirty seconds, however often people click.

use emulated_tenant::FaultKind;
use reqwest::StatusCode;
use time::Duration;

use super::{
    ALEX, CALL_ME, CHALLENGE, CHECK, CODE, EDDA, TEXT_ME, TRY_APP, TRY_PHONE, TYPE_A_CODE, at_the_list,
    start_try,
};
use crate::factors::ON_ITS_WAY;
use crate::support::World;

#[tokio::test]
async fn another_code_can_be_sent_after_thirty_seconds() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    world.pass(Duration::seconds(29));
    browser.press("Send another code", &[]).await;
    assert_eq!((browser.page.limit().as_str(), world.devices(ALEX).messages().len()), (ON_ITS_WAY, 1));
    assert!(browser.page.title().starts_with("Error:"));
    assert!(browser.page.alert().contains("in one second"), "{}", browser.page.alert());
    let code = world.devices(ALEX).messages().remove(0).code;
    let mut form = browser.page.form(CHECK);
    form.set("code", &code);
    world.pass(Duration::SECOND);
    browser.press("Send another code", &[]).await;
    assert_eq!((browser.page.status.as_u16(), world.devices(ALEX).messages().len()), (200, 2));
    browser.send(&form).await;
    assert_eq!(
        browser.page.path(),
        "/",
        "the page that says to wait still takes the code: {}",
        browser.page.text()
    );
}

#[tokio::test]
async fn a_double_click_sends_one_message_and_both_pages_take_its_code() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let form = browser.page.form(TEXT_ME);
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    let mut statuses = [one.unwrap().status().as_u16(), two.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, world.devices(ALEX).messages().len()), ([303, 303], 1));
    browser.send(&form).await;
    let code = world.devices(ALEX).messages().remove(0).code;
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
}

#[tokio::test]
async fn a_call_waits_for_the_cool_down_of_a_text_to_its_number() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    for (passed, messages) in [(0, 1), (29, 1), (1, 2)] {
        world.pass(Duration::seconds(passed));
        browser.open("/").await;
        browser.follow(TRY_PHONE).await;
        browser.press(CALL_ME, &[]).await;
        assert_eq!((browser.page.status.as_u16(), world.devices(ALEX).messages().len()), (200, messages));
    }
}

#[tokio::test]
async fn a_text_and_a_call_at_once_are_one_message() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let (text, call) = (browser.page.form(TEXT_ME), browser.page.form(CALL_ME));
    let (one, two) = tokio::join!(browser.request(&text).send(), browser.request(&call).send());
    assert_eq!([one.unwrap().status(), two.unwrap().status()], [StatusCode::SEE_OTHER; 2]);
    assert_eq!(world.devices(ALEX).messages().len(), 1);
}

#[tokio::test]
async fn the_cool_down_is_counted_per_person() {
    let world = World::new().await;
    let _alex = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let _edda = start_try(&world, EDDA, "Test your phone ending 0958", TEXT_ME).await;
    assert_eq!([ALEX, EDDA].map(|it| world.devices(it).messages().len()), [1, 1]);
}

#[tokio::test]
async fn an_app_code_has_no_cool_down() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    for _ in 0..3 {
        browser.open("/").await;
        browser.follow(TRY_APP).await;
        browser.press(TYPE_A_CODE, &[]).await;
        assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    }
}

#[tokio::test]
async fn the_cool_down_outlasts_a_successful_try() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = world.devices(ALEX).messages().remove(0).code;
    browser.press(CHECK, &[(CODE, &code)]).await;
    browser.follow(TRY_PHONE).await;
    browser.press(TEXT_ME, &[]).await;
    assert_eq!((browser.page.limit().as_str(), browser.page.heading().as_str()), (ON_ITS_WAY, TRY_PHONE));
    assert!(browser.page.alert().contains("30 seconds"), "{}", browser.page.text());
    assert_eq!(world.devices(ALEX).messages().len(), 1);
}

#[tokio::test]
async fn a_message_that_may_have_been_sent_counts_as_sent() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let form = browser.page.form(TEXT_ME);
    world.upset("POST", CHALLENGE, FaultKind::DropAfter);
    browser.send(&form).await;
    assert_eq!(browser.page.status, 502, "{}", browser.page.text());
    browser.send(&form).await;
    assert_eq!((browser.page.limit().as_str(), world.devices(ALEX).messages().len()), (ON_ITS_WAY, 1));
    world.pass(Duration::seconds(30));
    browser.send(&form).await;
    assert_eq!((browser.page.status.as_u16(), world.devices(ALEX).messages().len()), (200, 2));
}

#[tokio::test]
async fn with_limits_off_there_is_no_cool_down() {
    let world = World::with(&[("limits", "off")]).await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    browser.press("Send another code", &[]).await;
    assert_eq!((browser.page.status.as_u16(), world.devices(ALEX).messages().len()), (200, 2));
}
