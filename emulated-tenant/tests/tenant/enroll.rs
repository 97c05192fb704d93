//! `GET /mfa/authenticators` and `POST /mfa/associate`.

use emulated_tenant::{Authenticator, ChannelSpelling, Factor};
use serde_json::{Value, json};

use crate::client::{APP_PHONE, EIGHT, NOTHING, PUSH, World, oob};

const INVALID: &str = "401 invalid_grant The mfa_token provided is invalid. Try getting a new token.";

#[tokio::test]
async fn the_list_shows_every_authenticator_as_auth0_does() {
    let world = World::start().await;
    let token = world.sign_in(APP_PHONE).await;
    let list = world.list(&token).await;
    let expected = json!([
        { "id": "email|dev_appphoneexamplec", "authenticator_type": "oob", "active": true, "oob_channel": "email",
          "name": "*********@exam*******" },
        { "id": "totp|dev_AppPhoneTotp0001", "authenticator_type": "otp", "active": true },
        { "id": "recovery-code|dev_AppPhoneReco0001", "authenticator_type": "recovery-code", "active": true },
        { "id": "sms|dev_AppPhonePhon0001", "authenticator_type": "oob", "active": true, "oob_channel": "sms",
          "name": "XXXXXXXX0167" },
        { "id": "voice|dev_AppPhonePhon0001", "authenticator_type": "oob", "active": true, "oob_channel": "voice",
          "name": "XXXXXXXX0167" },
    ]);
    assert_eq!((list.status, list.body), (200, expected));
}

#[tokio::test]
async fn demo_people_have_the_authenticators_they_are_named_after() {
    let world = World::start().await;
    assert_eq!(world.list(&world.sign_in(NOTHING).await).await.body, json!([]));
    let eight = world.tenant.authenticators(EIGHT);
    assert_eq!((eight.len(), eight.iter().filter(|one| !one.active).count()), (8, 3));
    let push = world.tenant.authenticators(PUSH);
    assert_eq!(
        push.iter().map(|one| one.factor).collect::<Vec<_>>(),
        [Factor::Email, Factor::Push, Factor::Totp]
    );
}

#[tokio::test]
async fn list_entries_spell_the_channel_as_the_setting_says() {
    let world = World::with(|settings| settings.type_field = true).await;
    let token = world.sign_in(APP_PHONE).await;
    for (spelling, name, value) in [
        (ChannelSpelling::ChannelsText, "oob_channels", json!("email")),
        (ChannelSpelling::ChannelsList, "oob_channels", json!(["email"])),
        (ChannelSpelling::Absent, "oob_channel", Value::Null),
    ] {
        world.tenant.configure(|settings| settings.channel_spelling = spelling);
        assert_eq!(world.list(&token).await.body[0][name], value);
    }
    assert_eq!(world.list(&token).await.body[3]["type"], "phone");
}

#[tokio::test]
async fn a_malformed_or_expired_token_is_invalid() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    assert_eq!(world.list("nonsense").await.line(), INVALID);
    assert_eq!(world.list(&format!("{token}x")).await.line(), INVALID);
    world.tenant.clock().advance(std::time::Duration::from_secs(600));
    assert_eq!(world.list(&token).await.line(), INVALID);
    assert_eq!(world.associate_sms(&token).await.line(), INVALID);
    assert_eq!(world.remove(&token, "totp|dev_x").await.line(), INVALID);
}

#[tokio::test]
async fn a_userinfo_token_does_not_open_the_mfa_api() {
    let world = World::start().await;
    let token = world.tokens(NOTHING, &[("audience", "")]).await.text("access_token");
    assert_eq!(world.list(&token).await.line(), INVALID);
}

#[tokio::test]
async fn associating_an_app_returns_a_secret_and_an_otpauth_uri() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let answer = world.associate(&token, &json!({ "authenticator_types": ["otp"] })).await;
    assert_eq!((answer.status, &*answer.text("authenticator_type")), (200, "otp"));
    let secret = answer.text("secret");
    assert_eq!(secret.len(), 32);
    let expected = format!(
        "otpauth://totp/Example%20Company:nothing%40example.com?secret={secret}&issuer=Example%20Company\
         &algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(answer.text("barcode_uri"), expected);
    assert_eq!(answer.body["recovery_codes"][0].as_str().unwrap().len(), 24);
}

#[tokio::test]
async fn only_the_first_association_returns_a_recovery_code() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    assert!(world.associate_sms(&token).await.body["recovery_codes"].is_array());
    for one in world.tenant.authenticators(NOTHING) {
        world.remove(&token, &one.id).await;
    }
    assert!(world.associate_sms(&token).await.body["recovery_codes"].is_null());
    world.tenant.add_person(emulated_tenant::Person::new("Nobody's Code", "none@example.com"));
    world.tenant.configure(|settings| settings.recovery_codes = false);
    world.tenant.sign_out_everywhere();
    let token = world.sign_in("none@example.com").await;
    assert!(world.associate_sms(&token).await.body["recovery_codes"].is_null());
}

#[tokio::test]
async fn a_phone_becomes_a_pair_with_one_suffix_if_both_channels_are_enabled() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let answer = world.associate_sms(&token).await;
    assert_eq!((&*answer.text("binding_method"), &*answer.text("oob_channel")), ("prompt", "sms"));
    let oob_code = answer.text("oob_code");
    assert!(oob_code.starts_with("Fe26.2*SERVER_") && oob_code.len() > 500);
    let suffixes = |all: &[Authenticator]| {
        let phones = all.iter().filter(|one| matches!(one.factor, Factor::Sms | Factor::Voice));
        phones.map(|one| one.id.split_once('|').unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    let pair = suffixes(&world.tenant.authenticators(NOTHING));
    assert!(pair.len() == 2 && pair[0] == pair[1]);
    world.tenant.configure(|settings| settings.factors = vec![Factor::Voice]);
    let answer = world.associate(&token, &oob("voice", &json!({ "phone_number": "+12025550199" }))).await;
    assert_eq!(answer.text("oob_channel"), "voice");
    assert_eq!(suffixes(&world.tenant.authenticators(NOTHING)).len(), 3);
}

#[tokio::test]
async fn push_brings_an_otp_twin_with_another_suffix() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let answer = world.associate(&token, &oob("auth0", &json!({}))).await;
    assert_eq!(answer.text("oob_channel"), "auth0");
    assert!(answer.body.get("binding_method").is_none() && answer.body.get("secret").is_none());
    assert!(answer.text("barcode_uri").contains("?enrollment_tx_id="));
    let all = world.tenant.authenticators(NOTHING);
    assert_eq!((all[0].factor, all[1].factor), (Factor::Push, Factor::Totp));
    assert_eq!((all[0].twin.as_ref(), all[1].twin.as_ref()), (Some(&all[1].id), Some(&all[0].id)));
}

#[tokio::test]
async fn an_email_goes_to_the_given_address_or_to_the_profile() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    assert_eq!(
        world.associate(&token, &oob("email", &json!({ "email": "other@example.org" }))).await.status,
        200
    );
    assert_eq!(world.associate(&token, &oob("email", &json!({}))).await.status, 200);
    let to: Vec<_> = world.tenant.devices(NOTHING).messages().into_iter().map(|message| message.to).collect();
    assert_eq!(to, ["other@example.org", NOTHING]);
    let wrong = world.associate(&token, &oob("email", &json!({ "email": "nonsense" }))).await;
    assert_eq!(wrong.line(), "400 invalid_request The email is invalid.");
}

#[tokio::test]
async fn an_invalid_association_is_refused() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    for number in ["2025550123", "+0123456789", "+1202", "+1202555012x", "+1234567890123456"] {
        let answer = world.associate(&token, &oob("sms", &json!({ "phone_number": number }))).await;
        assert_eq!(answer.line(), "400 invalid_request The phone number is invalid.", "{number}");
    }
    for (body, line) in [
        (json!({}), "400 invalid_request Missing required parameter: authenticator_types"),
        (json!({ "authenticator_types": ["opt"] }), "400 invalid_request Invalid authenticator type: opt"),
        (
            json!({ "authenticator_types": ["oob"] }),
            "400 invalid_request Missing required parameter: oob_channels",
        ),
        (oob("pigeon", &json!({})), "400 invalid_request Invalid oob_channel: pigeon"),
        (oob("sms", &json!({})), "400 invalid_request Missing required parameter: phone_number"),
    ] {
        assert_eq!(world.associate(&token, &body).await.line(), line);
    }
    world.tenant.configure(|settings| settings.factors = vec![Factor::Totp]);
    let refused = world.associate_sms(&token).await;
    assert_eq!(
        refused.line(),
        "400 unsupported_challenge_type The authenticator type or channel is not enabled."
    );
}

#[tokio::test]
async fn an_association_may_send_a_string_channel_and_the_token_in_the_body() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    let body = json!({
        "mfa_token": token, "authenticator_types": ["oob"], "oob_channels": "sms", "phone_number": "+12025550123",
    });
    let answer = world.http.post(world.at("mfa/associate")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn eleven_texts_in_an_hour_are_too_many() {
    let world = World::start().await;
    let token = world.sign_in(NOTHING).await;
    for _ in 0..10 {
        assert_eq!(world.associate_sms(&token).await.status, 200);
    }
    let too_many = world.associate_sms(&token).await;
    let line = "400 invalid_request Too many SMS sent by the user. Wait for some minutes before retrying.";
    assert_eq!(too_many.line(), line);
    world.tenant.clock().advance(std::time::Duration::from_secs(3600));
    assert_eq!(world.associate_sms(&world.sign_in(NOTHING).await).await.status, 200);
}

#[tokio::test]
async fn the_fifty_second_authenticator_is_refused() {
    let world = World::start().await;
    let unfinished = (0..51).map(|n| Authenticator::new(Factor::Totp, &format!("dev_{n:016}")));
    world.tenant.change_person(NOTHING, |person| person.authenticators.extend(unfinished));
    let refused = world.associate_sms(&world.sign_in(NOTHING).await).await;
    assert_eq!(
        refused.line(),
        "400 invalid_request The user has reached the maximum number of authenticators."
    );
}
