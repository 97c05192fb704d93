//! Set-ups that are not this person's, not of this factor, or not open any more.

use emulated_tenant::Factor;
use time::Duration;
use url::Url;

use super::{
    APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, NUMBER, SCAN, app_code, count, key, scanning, texted,
};
use crate::support::{ASSOCIATE, Page, World};

const ENDED: (u16, &str) = (410, "This set-up has ended");

fn said(page: &Page) -> (u16, String) {
    (page.status.as_u16(), page.heading())
}

#[tokio::test]
async fn another_persons_set_up_looks_as_if_it_had_ended() {
    let world = World::new().await;
    let owner = scanning(&world, APP_PHONE).await;
    let (there, code) = (owner.page.url.clone(), app_code(&world, &owner.page));
    let mut stranger = scanning(&world, NOTHING).await;
    let own_form = stranger.page.form(CONFIRM);
    world.tenant.journal().clear();
    stranger.go(there.clone()).await;
    assert_eq!(said(&stranger.page), (ENDED.0, ENDED.1.to_owned()));
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

#[tokio::test]
async fn the_set_up_of_one_factor_is_none_of_another() {
    let world = World::new().await;
    let mut browser = texted(&world, APP_PHONE).await;
    let id = browser.page.path().rsplit('/').next().unwrap().to_owned();
    let resend = browser.page.form("Send another code");
    world.pass(Duration::seconds(31));
    world.tenant.journal().clear();
    for factor in ["totp", "voice", "email"] {
        browser.open(&format!("/factors/{factor}/{id}")).await;
        assert_eq!(said(&browser.page), (ENDED.0, ENDED.1.to_owned()));
        let mut form = resend.clone();
        form.action = world.portal.join(&format!("factors/{factor}/{id}/resend")).unwrap();
        browser.send(&form).await;
        assert!(browser.page.status.is_client_error());
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_that_nobody_was_given_is_an_ended_set_up() {
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
        assert_eq!((id, said(&browser.page)), (id, (ENDED.0, ENDED.1.to_owned())));
    }
}

#[tokio::test]
async fn a_set_up_left_open_for_ten_minutes_has_lapsed_and_leads_on_to_a_new_one() {
    let world = World::new().await;
    let mut browser = scanning(&world, APP_PHONE).await;
    let (there, before) = (browser.page.url.clone(), key(&browser.page));
    world.pass(Duration::minutes(11));
    browser.go(there).await;
    browser.pass_sign_in(APP_PHONE).await;
    assert_eq!(said(&browser.page), (ENDED.0, ENDED.1.to_owned()));
    assert_eq!(world.unfinished(APP_PHONE), 1, "looking clears nothing");
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_ne!(key(&browser.page), before);
    assert_eq!(world.unfinished(APP_PHONE), 1, "the lapsed one was cleared");
    assert_eq!(world.calls("POST", ASSOCIATE), 2);
}

#[tokio::test]
async fn a_lapsed_number_is_cleared_with_its_pair() {
    let world = World::new().await;
    let mut browser = texted(&world, APP_PHONE).await;
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
async fn cancelling_what_has_lapsed_says_that_nothing_was_added() {
    let world = World::new().await;
    let mut browser = scanning(&world, APP_PHONE).await;
    let form = browser.page.form(CANCEL);
    browser.send(&form).await;
    browser.send(&form).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("Nothing was added"), "{}", browser.page.notice());
}
