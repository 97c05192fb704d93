//! Grouping of authenticators into entries: push with its TOTP twin, a number's text and voice.

use emulated_tenant::ChannelSpelling;
use serde_json::{Value, json};

use super::{removals, show_list};
use crate::support::World;

fn push(id: &str) -> Value {
    json!({"id": id, "authenticator_type": "oob", "active": true, "oob_channel": "auth0", "name": "Pixel"})
}

fn totp(id: &str) -> Value {
    json!({"id": id, "authenticator_type": "otp", "active": true})
}

fn phone(channel: &str, device: &str, ending: &str) -> Value {
    let (id, name) = (format!("{channel}|{device}"), format!("XXXXXXXX{ending}"));
    json!({"id": id, "authenticator_type": "oob", "active": true, "oob_channel": channel, "name": name})
}

#[tokio::test]
async fn push_and_two_totp_authenticators_stay_apart() {
    let (_world, browser) =
        show_list(&json!([push("push|dev_a"), totp("totp|dev_b"), totp("totp|dev_c")])).await;
    let kinds: Vec<_> =
        browser.page.entries().iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["Push", "Authenticator", "Authenticator"]);
}

#[tokio::test]
async fn two_push_and_one_totp_authenticator_stay_apart() {
    let (_world, browser) =
        show_list(&json!([push("push|dev_a"), push("push|dev_b"), totp("totp|dev_c")])).await;
    assert_eq!(browser.page.entries().len(), 3);
}

#[tokio::test]
async fn an_unfinished_totp_authenticator_is_no_twin_of_push() {
    let unfinished = json!({"id": "totp|dev_b", "authenticator_type": "otp", "active": false});
    let (_world, browser) = show_list(&json!([push("push|dev_a"), unfinished, totp("totp|dev_c")])).await;
    assert_eq!(browser.page.entries().len(), 1, "one active of each: a pair");
    let unfinished = json!({"id": "totp|dev_b", "authenticator_type": "otp", "active": false});
    let (_world, browser) = show_list(&json!([push("push|dev_a"), unfinished])).await;
    assert_eq!(removals(&browser), ["Remove push notifications"]);
    assert!(!browser.page.text().contains("codes the Auth0 Guardian app shows"), "no code generator works");
}

#[tokio::test]
async fn the_totp_twin_may_be_listed_before_push() {
    let (_world, browser) = show_list(&json!([totp("totp|dev_c"), push("push|dev_a")])).await;
    assert_eq!(removals(&browser), ["Remove push notifications"]);
}

#[tokio::test]
async fn two_numbers_are_two_entries_each_with_its_own_calls() {
    let listed = json!([
        phone("sms", "dev_one", "1111"),
        phone("voice", "dev_two", "2222"),
        phone("voice", "dev_one", "1111"),
        phone("sms", "dev_two", "2222"),
    ]);
    let (_world, browser) = show_list(&listed).await;
    assert_eq!(removals(&browser), ["Remove phone ending 1111", "Remove phone ending 2222"]);
}

#[tokio::test]
async fn a_number_for_messages_only_or_for_calls_only_says_so() {
    let (_world, browser) =
        show_list(&json!([phone("sms", "dev_one", "1111"), phone("voice", "dev_two", "2222")])).await;
    assert_eq!(removals(&browser), ["Remove phone ending 1111", "Remove phone ending 2222"]);
    assert_eq!(
        browser.page.texts("li.entry small"),
        ["Text message", "Give it a name", "Call", "Give it a name"]
    );
}

#[tokio::test]
async fn messages_and_calls_to_one_number_that_are_no_pair_are_numbered() {
    let (_world, browser) =
        show_list(&json!([phone("sms", "dev_one", "1111"), phone("voice", "dev_two", "1111")])).await;
    assert_eq!(removals(&browser), ["Remove phone ending 1111 (1)", "Remove phone ending 1111 (2)"]);
}

#[tokio::test]
async fn a_number_whose_mask_hides_the_ending_shows_the_whole_mask() {
    let mut masked = phone("sms", "dev_one", "");
    masked["name"] = json!("+1123XXXXX");
    let (_world, browser) = show_list(&json!([masked])).await;
    assert!(browser.page.entries()[0].contains("+1123XXXXX"), "{:?}", browser.page.entries());
}

#[tokio::test]
async fn an_id_that_is_listed_twice_is_shown_once() {
    let unfinished = json!({"id": "totp|dev_a", "authenticator_type": "otp", "active": false});
    let (_world, browser) = show_list(&json!([totp("totp|dev_a"), totp("totp|dev_a"), unfinished])).await;
    assert_eq!(removals(&browser), ["Remove authenticator app"]);
}

#[tokio::test]
async fn indistinguishable_authenticators_are_numbered() {
    let (_world, browser) = show_list(&json!([
        totp("totp|dev_a"),
        totp("totp|dev_b"),
        phone("sms", "dev_c", "1111"),
        phone("sms", "dev_d", "1111"),
        phone("sms", "dev_e", "2222"),
    ]))
    .await;
    assert_eq!(
        removals(&browser),
        [
            "Remove authenticator app (1)",
            "Remove authenticator app (2)",
            "Remove phone ending 1111 (1)",
            "Remove phone ending 1111 (2)",
            "Remove phone ending 2222",
        ]
    );
    assert!(browser.page.entries()[1].starts_with("Authenticator app (2)"), "{:?}", browser.page.entries());
}

#[tokio::test]
async fn every_spelling_of_the_channel_gives_the_same_list() {
    let spellings = [
        ChannelSpelling::Channel,
        ChannelSpelling::ChannelsText,
        ChannelSpelling::ChannelsList,
        ChannelSpelling::Absent,
    ];
    for email in ["app.phone@example.com", "push@example.com", "eight@example.com"] {
        let mut lists = Vec::new();
        for spelling in spellings {
            for type_field in [false, true] {
                let world = World::new().await;
                world.tenant.configure(|settings| {
                    settings.channel_spelling = spelling;
                    settings.type_field = type_field;
                });
                let browser = world.signed_in(email).await;
                lists.push((browser.page.entries(), removals(&browser)));
            }
        }
        assert!(!lists[0].0.is_empty());
        assert!(lists.iter().all(|list| *list == lists[0]), "{email}: {lists:#?}");
    }
}

#[tokio::test]
async fn a_channel_in_capitals_is_the_same_channel() {
    let listed = json!([{"id": "dev_1", "authenticator_type": "oob", "active": true, "oob_channels": "SMS",
        "name": "XXXX0001"}]);
    let (_world, browser) = show_list(&listed).await;
    assert!(browser.page.entries()[0].contains("Text message"), "{:?}", browser.page.entries());
}

#[tokio::test]
async fn kinds_the_mfa_api_cannot_manage_are_shown_as_managed_elsewhere() {
    let listed = json!([
        {"id": "webauthn-roaming|dev_a", "authenticator_type": "webauthn-roaming", "active": true, "name": "YubiKey"},
        {"id": "webauthn-platform|dev_b", "authenticator_type": "webauthn-platform", "active": true},
        {"id": "duo|dev_c", "authenticator_type": "duo", "active": true},
        {"id": "hologram|dev_d", "authenticator_type": "hologram", "active": true},
    ]);
    let (_world, browser) = show_list(&listed).await;
    let entries = browser.page.entries();
    assert_eq!(entries.len(), 4);
    assert!(entries.iter().all(|it| it.contains("Managed elsewhere")), "{entries:?}");
    assert!(entries[0].starts_with("Security key or passkey YubiKey"), "{entries:?}");
    assert_eq!(removals(&browser), Vec::<String>::new());
}
