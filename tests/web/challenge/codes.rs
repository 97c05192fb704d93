//! Trying a factor by typing a code: every channel works, and every failure has its own message.

use emulated_tenant::{Factor, FaultKind, Refusal};
use serde_json::{Value, json};
use time::Duration;

use super::{
    ALEX, CALL_ME, CHALLENGE, CHECK, CODE, EDDA, PIA, TEXT_ME, TRY_APP, TRY_PHONE, TRY_PUSH, TYPE_A_CODE,
    start_try,
};
use crate::factors::mistake;
use crate::support::{TOKEN, World};

fn last_code_sent(world: &World, email: &str, channel: Factor) -> String {
    world.devices(email).last_code(channel).unwrap()
}

fn wrong_code(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

#[tokio::test]
async fn a_code_from_an_app_works() {
    let world = World::new().await;
    let before = world.tenant.authenticators(ALEX);
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    let code = world.devices(ALEX).totp_code(0).unwrap();
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.text().contains("The authenticator app works."), "{}", browser.page.text());
    let now = world.tenant.authenticators(ALEX);
    assert!(
        now.iter().zip(&before).all(|(now, before)| (&now.id, now.active) == (&before.id, before.active))
    );
}

#[tokio::test]
async fn codes_by_text_and_by_call_work() {
    for (button, channel, says) in [
        (TEXT_ME, Factor::Sms, "Text messages to the number ending 0167 work."),
        (CALL_ME, Factor::Voice, "Phone calls to the number ending 0167 work."),
    ] {
        let world = World::new().await;
        let mut browser = start_try(&world, ALEX, TRY_PHONE, button).await;
        assert_eq!(world.devices(ALEX).messages().len(), 1);
        let code = last_code_sent(&world, ALEX, channel);
        browser.press(CHECK, &[(CODE, &code)]).await;
        assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
        assert!(browser.page.text().contains(says), "{}", browser.page.text());
    }
}

#[tokio::test]
async fn a_code_by_email_works() {
    let world = World::new().await;
    let link = "Test e-mail to …@exam…";
    let mut browser = start_try(&world, EDDA, link, "Send me an e-mail").await;
    let code = last_code_sent(&world, EDDA, Factor::Email);
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert!(browser.page.text().contains("Codes by e-mail work."), "{}", browser.page.text());
}

#[tokio::test]
async fn the_totp_codes_of_a_push_device_work() {
    let world = World::new().await;
    let mut browser = start_try(&world, PIA, TRY_PUSH, TYPE_A_CODE).await;
    let code = world.devices(PIA).totp_code(0).unwrap();
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert!(browser.page.text().contains("The authenticator app works."), "{}", browser.page.text());
}

#[tokio::test]
async fn the_challenge_and_verify_requests_match_auth0s_documentation() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let challenge = world.tenant.journal().last("POST", CHALLENGE).unwrap();
    let mut body: Value = serde_json::from_str(&challenge.body).unwrap();
    let token = body.as_object_mut().unwrap().remove("mfa_token").unwrap();
    let application = world.tenant.settings();
    assert_eq!(
        body,
        json!({"client_id": application.client_id, "client_secret": application.client_secret,
            "challenge_type": "oob", "authenticator_id": "sms|dev_AppPhonePhon0001"})
    );
    let answer: Value = serde_json::from_str(&challenge.response).unwrap();
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    browser.press(CHECK, &[(CODE, &code)]).await;
    let verify = world.tenant.journal().last("POST", TOKEN).unwrap();
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(verify.body.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    assert_eq!(field("mfa_token"), token.as_str());
    assert_eq!(
        (field("oob_code"), field("binding_code")),
        (answer["oob_code"].as_str(), Some(code.as_str()))
    );
}

#[tokio::test]
async fn a_second_wrong_app_code_explains_clock_drift() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    let code = world.devices(ALEX).totp_code(0).unwrap();
    for drifts in [false, true] {
        browser.press(CHECK, &[(CODE, wrong_code(&code))]).await;
        assert!(mistake(&browser.page, "code").contains("Type your app’s newest code"));
        assert_eq!(browser.page.text().contains("Is your phone’s clock right?"), drifts);
    }
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "the right one still works");
}

#[tokio::test]
async fn a_code_from_an_app_with_a_wrong_clock_is_refused() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    let early = world.devices(ALEX).totp_code(0).unwrap();
    world.pass(Duration::minutes(3));
    browser.press(CHECK, &[(CODE, &early)]).await;
    assert!(mistake(&browser.page, "code").contains("wrong or expired"));
}

#[tokio::test]
async fn a_wrong_text_code_points_at_the_newest_message() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    browser.press(CHECK, &[(CODE, wrong_code(&code))]).await;
    assert!(mistake(&browser.page, "code").contains("not the code we sent"));
    assert!(!browser.page.text().contains("clock"), "a message knows no clock");
    assert_eq!(
        browser.page.attr("#code", "value").as_deref(),
        Some(""),
        "nobody types the right one in front of it"
    );
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
}

#[tokio::test]
async fn malformed_codes_are_not_sent_to_the_tenant() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    for typed in ["", "12345", "1234567", "abcdef"] {
        browser.press(CHECK, &[(CODE, typed)]).await;
        mistake(&browser.page, "code");
    }
    assert_eq!(world.calls("POST", TOKEN), 0);
}

#[tokio::test]
async fn an_expired_code_can_be_requested_again() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    world.pass(Duration::minutes(5));
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert!(mistake(&browser.page, "code").contains("has expired"));
    browser.press("Send another code", &[]).await;
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert!(
        browser.page.text().contains("Text messages to the number ending 0167 work."),
        "{}",
        browser.page.text()
    );
}

#[tokio::test]
async fn wrong_codes_are_stopped_before_the_tenant_locks_sign_in() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    for _ in 0..5 {
        browser.press(CHECK, &[(CODE, wrong_code(&code))]).await;
    }
    let asked = world.calls("POST", TOKEN);
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert!(mistake(&browser.page, "code").contains("Too many wrong codes"));
    assert_eq!(world.calls("POST", TOKEN), asked, "the tenant's ten are not used up");
}

// R-06
#[tokio::test]
async fn the_tenants_limit_of_wrong_codes_is_explained() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let refusal = r#"{"error":"invalid_request","error_description":"Too many failed codes. Wait for some minutes before retrying."}"#;
    world.upset("POST", TOKEN, FaultKind::json(400, refusal));
    browser.press(CHECK, &[(CODE, "123456")]).await;
    assert!(mistake(&browser.page, "code").contains("Too many wrong codes"));
}

#[tokio::test]
async fn a_double_click_on_the_right_code_works_once() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_APP, TYPE_A_CODE).await;
    let mut form = browser.page.form(CHECK);
    form.set("code", &world.devices(ALEX).totp_code(0).unwrap());
    let (one, two) = tokio::join!(browser.request(&form).send(), browser.request(&form).send());
    for answer in [one.unwrap(), two.unwrap()] {
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"].as_bytes()),
            (303, &b"/".as_slice())
        );
    }
    assert_eq!(world.calls("POST", TOKEN), 1);
    browser.send(&form).await;
    assert_eq!((browser.page.path(), world.calls("POST", TOKEN)), ("/", 1), "after the Back button too");
}

#[tokio::test]
async fn a_refused_challenge_is_explained_and_can_be_repeated_at_once() {
    let world = World::new().await;
    let mut browser = super::at_the_list(&world, ALEX).await;
    browser.follow(TRY_PHONE).await;
    let form = browser.page.form(TEXT_ME);
    let refusals = [
        (world.tenant.settings().refusals.too_many_sms, 429, "Too many codes were sent"),
        (world.tenant.settings().refusals.too_many_pushes, 429, "Too many codes were sent"),
        (world.tenant.settings().refusals.unknown_authenticator, 404, "It is not there any more"),
        (world.tenant.settings().refusals.unsupported_challenge, 409, "This way is not available here"),
    ];
    for (Refusal { status, error, description }, code, heading) in refusals {
        let body = json!({"error": error, "error_description": description}).to_string();
        world.upset("POST", CHALLENGE, FaultKind::json(status, &body));
        browser.send(&form).await;
        assert_eq!((browser.page.status.as_u16(), browser.page.heading().as_str()), (code, heading));
    }
    browser.send(&form).await;
    assert_eq!(browser.page.status, 200, "nothing had been sent: {}", browser.page.text());
}

#[tokio::test]
async fn a_lost_answer_says_that_nothing_was_changed() {
    let world = World::new().await;
    let mut browser = start_try(&world, ALEX, TRY_PHONE, TEXT_ME).await;
    let code = last_code_sent(&world, ALEX, Factor::Sms);
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    browser.press(CHECK, &[(CODE, &code)]).await;
    assert_eq!(browser.page.status, 502);
    assert!(browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
}
