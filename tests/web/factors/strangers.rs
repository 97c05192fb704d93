//! Enrollments of another person, of another factor, or no longer open.

use emulated_tenant::Factor;
use time::Duration;
use url::Url;

use super::{
    APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, key, start_sms, start_totp,
};
use crate::support::{ASSOCIATE, Page, World};

const ENDED: (u16, &str) = (410, "This set-up has ended");

fn status_and_heading(page: &Page) -> (u16, String) {
    (page.status.as_u16(), page.heading())
}

// I-01
#[tokio::test]
async fn another_persons_enrollment_looks_ended() {
    let world = World::new().await;
    let owner = start_totp(&world, APP_PHONE).await;
    let (there, code) = (owner.page.url.clone(), app_code(&world, &owner.page));
    let mut stranger = start_totp(&world, NOTHING).await;
    let own_form = stranger.page.form(CONFIRM);
    world.tenant.journal().clear();
    stranger.go(there.clone()).await;
    assert_eq!(status_and_heading(&stranger.page), (ENDED.0, ENDED.1.to_owned()));
    assert!(!stranger.page.html.contains(&key(&owner.page)[..8]));
    for act in ["confirm", "cancel"] {
        let mut form = own_form.clone();
        form.action = Url::parse(&format!("{there}/{act}")).unwrap();
        form.set("code", &code);
        stranger.send(&form).await;
    }
    assert_eq!(world.changes(), Vec::<String>::new(), "the tenant was asked for nothing");
    assert_eq!(count(&world, APP_PHONE, Factor::Totp, false), 1, "the owner's set-up is untouched");
    let mut owner = owner;
    owner.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(owner.page.path(), "/");
}

// I-11
#[tokio::test]
async fn an_enrollment_cannot_be_reached_under_another_factor() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    let id = browser.page.path().rsplit('/').next().unwrap().to_owned();
    let resend = browser.page.form("Send another code");
    world.pass(Duration::seconds(31));
    world.tenant.journal().clear();
    for factor in ["totp", "voice", "email"] {
        browser.open(&format!("/factors/{factor}/{id}")).await;
        assert_eq!(status_and_heading(&browser.page), (ENDED.0, ENDED.1.to_owned()));
        let mut form = resend.clone();
        form.action = world.portal.join(&format!("factors/{factor}/{id}/resend")).unwrap();
        browser.send(&form).await;
        assert!(browser.page.status.is_client_error());
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

// I-11
#[tokio::test]
async fn an_invented_id_looks_like_an_ended_enrollment() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    for id in [
        "nonsense",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "%00",
        "..%2f..%2fsign-out",
        "%F0%9F%92%A9",
        "a%0d%0aset-cookie:x=y",
    ] {
        browser.open(&format!("/factors/totp/{id}")).await;
        assert_eq!((id, status_and_heading(&browser.page)), (id, (ENDED.0, ENDED.1.to_owned())));
    }
}

#[tokio::test]
async fn an_enrollment_lapses_after_ten_minutes_and_can_be_started_anew() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    world.pass(Duration::minutes(11));
    browser.go(there).await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!(status_and_heading(&browser.page), (ENDED.0, ENDED.1.to_owned()));
    assert_eq!(world.unfinished(APP_PHONE), 1, "looking clears nothing");
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_ne!(key(&browser.page), before);
    assert_eq!(world.unfinished(APP_PHONE), 1, "the lapsed one was cleared");
    assert_eq!(world.calls("POST", ASSOCIATE), 2);
}

#[tokio::test]
async fn a_lapsed_number_is_cleared_with_its_twin() {
    let world = World::new().await;
    let mut browser = start_sms(&world, APP_PHONE).await;
    assert_eq!(world.unfinished(APP_PHONE), 2);
    world.pass(Duration::minutes(11));
    browser.open("/factors/sms").await;
    browser.pass_sign_in(APP_PHONE).await;
    browser.press("Send the code", &[("Phone number", NUMBER)]).await;
    assert!(browser.page.path().starts_with("/factors/sms/"));
    assert_eq!(world.unfinished(APP_PHONE), 2);
    browser.press(CANCEL, &[]).await;
    assert_eq!(world.unfinished(APP_PHONE), 0);
}

#[tokio::test]
async fn cancelling_an_ended_enrollment_says_that_nothing_was_added() {
    let world = World::new().await;
    let mut browser = start_totp(&world, APP_PHONE).await;
    let form = browser.page.form(CANCEL);
    browser.send(&form).await;
    browser.send(&form).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("Nothing was added"), "{}", browser.page.notice());
}
