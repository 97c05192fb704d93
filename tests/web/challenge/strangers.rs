//! Authenticator ids and tries that belong to somebody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulated_tenant::{Factor, FaultKind};
use serde_json::json;
use time::Duration;

use super::{ALEX, CHECK, CODE, EDDA, TEXT_ME, TRY_APP, TRY_PHONE, TYPE_A_CODE, at_the_list, start_try};
use crate::support::{TOKEN, World};

// I-01, V-07
#[tokio::test]
async fn foreign_unfinished_and_invented_ids_are_not_found() {
    let world = World::new().await;
    let mut browser = at_the_list(&world, ALEX).await;
    world.tenant.change_person(ALEX, |alex| {
        alex.authenticators.push(emulated_tenant::Authenticator::new(Factor::Sms, "dev_unfinished"));
    });
    browser.follow(TRY_PHONE).await;
    let form = browser.page.form(TEXT_ME);
    let ids =
        ["sms|dev_EightPhonPhon001", "sms|dev_unfinished", "recovery-code|dev_AppPhoneReco0001", "", "../x"];
    for id in ids {
        let mut form = form.clone();
        form.set("id", id);
        browser.send(&form).await;
        assert_eq!((id, browser.page.status.as_u16()), (id, 404), "{}", browser.page.text());
        let query: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        assert_eq!(browser.open(&format!("/authenticators/try?id={query}")).await.status, 404, "{id}");
    }
    assert_eq!(world.changes(), Vec::<String>::new(), "the tenant was asked for nothing");
    assert_eq!(world.devices(EDDA).messages().len(), 0);
}

#[tokio::test]
async fn another_persons_try_is_not_found() {
    let world = World::new().await;
    let owner = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = world.devices(ALEX).last_code(Factor::Sms).unwrap();
    let mut stranger = start_try(&world, EDDA, TRY_APP, TYPE_A_CODE).await;
    let mut form = stranger.page.form(CHECK);
    form.action.set_path(&format!("{}/confirm", owner.page.path()));
    form.set("code", &code);
    world.tenant.journal().clear();
    stranger.send(&form).await;
    assert_eq!(stranger.page.status, 404);
    assert_eq!(stranger.go(owner.page.url.clone()).await.status, 404);
    assert_eq!(world.changes(), Vec::<String>::new());
    let mut owner = owner;
    owner.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(owner.page.path(), "/", "the owner's try is untouched");
}

#[tokio::test]
async fn a_token_of_another_person_proves_nothing() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token =
        [part(json!({"alg": "HS256"})), part(json!({"sub": "auth0|eight"})), "x".to_owned()].join(".");
    let answer = json!({"access_token": token, "token_type": "Bearer"});
    world.upset("POST", TOKEN, FaultKind::json(200, &answer.to_string()));
    browser.press(CHECK, &[(CODE, "123456")]).await;
    assert_eq!(browser.page.status, 500);
    assert!(!browser.open("/").await.text().contains("The authenticator app works."));
}

#[tokio::test]
async fn no_token_or_oob_code_reaches_the_page_and_the_session_stays() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    assert!(!browser.page.html.contains("Fe26.2") && !browser.page.url.as_str().contains("Fe26"));
    let (cookies, code) = (browser.cookies(), world.devices(ALEX).last_code(Factor::Sms).unwrap());
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.cookies(), cookies, "the proof's token is thrown away");
}

#[tokio::test]
async fn a_try_is_forgotten_after_ten_minutes() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.token_lifetime = 3600);
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    world.pass(Duration::minutes(10));
    browser.go(browser.page.url.clone()).await;
    assert_eq!(browser.page.status, 404);
}
