//! Doing things twice: reloads, the Back button, double clicks, two tabs.

use emulated_tenant::Factor;
use reqwest::Response;
use reqwest::header::LOCATION;
use time::Duration;

use super::{
    APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, key, start_sms, start_totp,
};
use crate::support::{ASSOCIATE, Browser, TOKEN, World};

fn status_and_location(response: &Response) -> (u16, String) {
    let target = response.headers().get(LOCATION).map(|it| it.to_str().unwrap().to_owned());
    (response.status().as_u16(), target.unwrap_or_default())
}

/// Presses a button twice at once. Returns status and `Location` of both answers.
async fn double_click(browser: &Browser, button: &str, typed: &[(&str, &str)]) -> [(u16, String); 2] {
    let mut form = browser.page.form(button);
    for (label, value) in typed {
        form.set(&browser.page.field(label), value);
    }
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    [status_and_location(&one.unwrap()), status_and_location(&two.unwrap())]
}

// E-01
#[tokio::test]
async fn reloading_the_page_starts_nothing_new() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    for _ in 0..5 {
        browser.go(there.clone()).await;
        assert_eq!(key(&browser.page), before);
    }
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-03
#[tokio::test]
async fn going_back_and_starting_again_resumes_the_same_enrollment() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    for _ in 0..20 {
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        assert_eq!((&browser.page.url, key(&browser.page)), (&there, before.clone()));
    }
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_on_start_is_one_association_and_one_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    let [one, two] = double_click(&browser, SCAN, &[]).await;
    assert_eq!(one, two);
    assert!(one.0 == 303 && one.1.starts_with("/factors/totp/"), "{one:?}");
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_across_two_replicas_is_one_association() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("shared.db").display());
    let world = World::with(&[("session-store", &store)]).await;
    let replica = world.beside(&[("session-store", &store)]);
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/totp").await;
    let here = browser.page.form(SCAN);
    let mut there = here.clone();
    there.action = replica.portal.join("factors/totp").unwrap();
    let origin = there.action.origin().ascii_serialization();
    let second = browser.client().post(there.action.clone()).header("origin", origin).form(&there.fields);
    let (one, two) = tokio::join!(browser.request(&here).send(), second.send());
    assert_eq!(status_and_location(&one.unwrap()), status_and_location(&two.unwrap()));
    assert_eq!((world.calls("POST", ASSOCIATE), world.unfinished(APP_PHONE)), (1, 1));
}

// E-02
#[tokio::test]
async fn a_double_click_sends_one_message() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/sms").await;
    let [one, two] = double_click(&browser, "Send the code", &[("Phone number", NUMBER)]).await;
    assert_eq!(one, two);
    assert_eq!(world.devices(APP_PHONE).messages().len(), 1);
}

// E-02
#[tokio::test]
async fn a_double_click_on_confirm_confirms_once() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    let [one, two] = double_click(&browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    browser.open("/").await;
    assert!(browser.page.notice().starts_with("Authenticator app added"), "{}", browser.page.text());
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
}

// E-09
#[tokio::test]
async fn sending_the_right_code_again_after_back_is_harmless() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let code = app_code(&world, &browser.page);
    let mut form = browser.page.form(CONFIRM);
    form.set("code", &code);
    browser.send(&form).await;
    let asked = world.calls("POST", TOKEN);
    browser.send(&form).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
    assert!(browser.page.notice().starts_with("Authenticator app added"));
    assert_eq!(world.calls("POST", TOKEN), asked, "the tenant is not asked about a finished set-up");
}

// E-09
#[tokio::test]
async fn sending_the_right_sms_code_twice_at_once_is_harmless() {
    let world = World::new().await;
    let browser = start_sms(&world, APP_PHONE).await;
    let code = super::sent_code(&world, APP_PHONE);
    let [one, two] = double_click(&browser, CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    assert_eq!(count(&world, APP_PHONE, Factor::Sms, true), 2);
}

// O-06
#[tokio::test]
async fn a_finished_enrollment_shows_no_key_after_going_back() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, secret) = (browser.page.url.clone(), key(&browser.page));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser.go(there).await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.page.heading().as_str()),
        (410, "This set-up has ended")
    );
    assert!(!browser.page.html.replace(' ', "").contains(&secret));
}

// S-13, E-04
#[tokio::test]
async fn two_tabs_share_one_enrollment_and_either_can_confirm_it() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.open("/factors/totp").await;
    two.press(SCAN, &[]).await;
    assert_eq!((&one.page.url, key(&one.page)), (&two.page.url, key(&two.page)));
    let code = app_code(&world, &two.page);
    one.press(CONFIRM, &[(CODE, &code)]).await;
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((one.page.path(), two.page.path()), ("/", "/"));
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, true), 2);
}

// I-11
#[tokio::test]
async fn an_enrollment_cancelled_in_one_tab_cannot_be_confirmed_in_another() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    let code = app_code(&world, &two.page);
    one.press(CANCEL, &[]).await;
    let asked = world.calls("POST", TOKEN);
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!((two.page.status.as_u16(), two.page.heading().as_str()), (410, "This set-up has ended"));
    assert_eq!((world.calls("POST", TOKEN), count(&world, APP_PHONE, Factor::Totp, true)), (asked, 1));
}

// E-04
#[tokio::test]
async fn an_outdated_tab_never_confirms_the_newer_enrollment() {
    let world = World::new().await;
    let mut one = start_totp(&world, APP_PHONE).await;
    let old_code = app_code(&world, &one.page);
    let mut two = one.tab();
    two.go(one.page.url.clone()).await;
    two.press(CANCEL, &[]).await;
    two.open("/factors/totp").await;
    two.press(SCAN, &[]).await;
    assert_ne!(two.page.url, one.page.url);
    one.press(CONFIRM, &[(CODE, &old_code)]).await;
    assert_eq!(one.page.status, 410, "it says that it was replaced");
    let code = app_code(&world, &two.page);
    two.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(two.page.path(), "/", "and the newer one is untouched");
}

// S-13
#[tokio::test]
async fn two_factors_can_be_set_up_side_by_side() {
    let world = World::new().await;
    let mut app = start_totp(&world, APP_PHONE).await;
    let mut phone = app.tab();
    phone.open("/factors/sms").await;
    phone.press("Send the code", &[("Phone number", NUMBER)]).await;
    let (app_code, sent) = (app_code(&world, &app.page), super::sent_code(&world, APP_PHONE));
    phone.press(CONFIRM, &[(CODE, &sent)]).await;
    app.press(CONFIRM, &[(CODE, &app_code)]).await;
    assert_eq!((app.page.path(), phone.page.path()), ("/", "/"));
    assert_eq!(
        (count(&world, APP_PHONE, Factor::Totp, true), count(&world, APP_PHONE, Factor::Sms, true)),
        (2, 2)
    );
}

#[tokio::test]
async fn cancelling_twice_at_once_is_harmless() {
    let world = World::new().await;
    let browser = start_totp(&world, APP_PHONE).await;
    let [one, two] = double_click(&browser, CANCEL, &[]).await;
    assert_eq!((one.clone(), two), ((303, "/".to_owned()), one));
    assert_eq!(world.unfinished(APP_PHONE), 0);
}

// E-03
#[tokio::test]
async fn reloads_and_double_clicks_leave_one_unfinished_enrollment_per_factor() {
    let world = World::with(&[("limits", "off")]).await;
    world.tenant.configure(|settings| settings.recovery_codes = false);
    let mut first = world.signed_in(NOTHING).await;
    let mut second = first.tab();
    for round in 0..25 {
        first.open("/factors/totp").await;
        double_click(&first, SCAN, &[]).await;
        second.open("/factors/sms").await;
        double_click(&second, "Send the code", &[("Phone number", NUMBER)]).await;
        second.open("/factors/totp").await;
        second.press(SCAN, &[]).await;
        let here = second.page.path().to_owned();
        second.open(&here).await;
        if round % 5 == 0 {
            first.open("/factors/email").await;
            let address = format!("nora{round}@example.org");
            double_click(&first, "Send the code", &[("E-mail address", &address)]).await;
        }
        world.pass(Duration::seconds(3));
    }
    for factor in [Factor::Totp, Factor::Sms, Factor::Email] {
        assert!(count(&world, NOTHING, factor, false) <= 1, "{factor:?}");
    }
    assert_eq!(world.tenant.journal().count("POST", "/mfa/associate"), 2 + 5);
}
