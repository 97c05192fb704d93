//! Adding an e-mail address.

use emulated_tenant::Factor;
use serde_json::{Value, json};
use time::Duration;

use super::{ANOTHER_CODE, APP_PHONE, CANCEL, CODE, CONFIRM, count, different_code, mistake, sent_code};
use crate::support::{ASSOCIATE, Browser, World};

const ADDRESS: &str = "alex.private@work.example.org";

async fn start_email(world: &World) -> Browser {
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", ADDRESS)]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser
}

#[tokio::test]
async fn an_address_is_added_and_can_be_removed_unlike_the_profiles_own() {
    let world = World::new().await;
    let mut browser = start_email(&world).await;
    assert!(browser.page.path().starts_with("/factors/email/"));
    assert!(browser.page.text().contains(ADDRESS), "it says where to");
    let associate = world.tenant.journal().last("POST", ASSOCIATE).unwrap();
    let expected = json!({"authenticator_types": ["oob"], "oob_channels": ["email"], "email": ADDRESS});
    assert_eq!(serde_json::from_str::<Value>(&associate.body).unwrap(), expected);
    let message = world.devices(APP_PHONE).messages().pop().unwrap();
    assert_eq!((message.channel, message.to.as_str()), (Factor::Email, ADDRESS));
    browser.press(CONFIRM, &[(CODE, &message.code)]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.notice().contains("E-mail address added"));
    let removals: Vec<_> =
        browser.page.controls().into_iter().filter(|it| it.starts_with("Remove e-mail address")).collect();
    assert_eq!(removals, [format!("Remove e-mail address {ADDRESS}")], "in full, because it was typed here");
    assert_eq!(count(&world, APP_PHONE, Factor::Email, true), 2);
}

/// A tenant shows them masked before the second step.
#[tokio::test]
async fn the_password_alone_reads_no_address_in_full() {
    let world = World::new().await;
    let nobody = "nothing@example.com";
    let mut browser = world.signed_in(nobody).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", ADDRESS)]).await;
    let code = world.devices(nobody).last_code(Factor::Email).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(browser.page.notice().contains("E-mail address added"), "{}", browser.page.text());
    for remove in [false, true] {
        let mut other = world.signed_in(nobody).await;
        let list = other.page.text();
        assert!(!list.contains(ADDRESS) && list.contains("E-mail"), "{list}");
        if !remove {
            let form = other.page.controls().into_iter().find(|it| it.starts_with("Remove e-mail")).unwrap();
            other.follow(&form).await;
            assert!(!other.page.text().contains(ADDRESS), "{}", other.page.text());
            let remove = other.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
            other.press(&remove, &[]).await;
        }
    }
}

#[tokio::test]
async fn an_invalid_address_is_refused_without_a_tenant_call_and_kept() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/email").await;
    world.tenant.journal().clear();
    let long = format!("{}@example.com", "x".repeat(250));
    for typed in [
        "",
        "  ",
        "alex",
        "alex@",
        "@example.com",
        "alex@example",
        "a@b@example.com",
        "alex@.example.com",
        "alex@example.com.",
        "alex@example.com。",
        "alex@example.com．",
        "alex@｡example.com",
        "alex@exa mple.com",
        "a@example.com,b@example.com",
        "a@example.com;b@example.com",
        "<a@example.com>",
        "a@example.com\u{0}",
        &long,
    ] {
        browser.press("Send the code", &[("E-mail address", typed)]).await;
        mistake(&browser.page, "email");
        if !typed.contains('\0') {
            assert_eq!(
                browser.page.attr("#email", "value").as_deref(),
                Some(typed),
                "what was typed is kept"
            );
        }
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

/// Parts that a mail program writes around an address (RFC 5322 §3.2.2, §3.4, RFC 3986 §3.2), and none has its mailbox.
const SIGNS: [char; 13] = [',', ';', '<', '>', '(', ')', '[', ']', ':', '/', '?', '\\', '\u{7f}'];

#[tokio::test]
async fn an_address_with_a_port_comment_or_list_is_refused_without_a_call() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/email").await;
    world.tenant.journal().clear();
    let signs = SIGNS.into_iter().flat_map(|sign| {
        [
            format!("al{sign}ex@example.com"),
            format!("{sign}alex@example.com"),
            format!("alex{sign}@example.com"),
            format!("alex@exam{sign}ple.com"),
            format!("alex@{sign}example.com"),
            format!("alex@example.com{sign}"),
        ]
    });
    let whole = [
        "alex@example.com:25",
        "alex:secret@example.com",
        "alex(work)@example.com",
        "alex@(work)example.com",
        "alex@example.com(work)",
        "Alex<alex@example.com>",
        "alex@example.com,nora@example.com",
        "nora@example.com;alex@example.com",
        "alex@[192.0.2.1]",
        "alex@192.0.2.1",
        "alex@192.0.2.0x1",
        "alex@[IPv6:2001:db8::1]",
        "https://alex@example.com",
        "mailto:mailto:alex@example.com",
        "alex@example.com?subject=x",
        "alex@example.com/x",
        "alex@example.com#x",
        "alex@mail.example%2ecom",
        "alex@mail.example.com%2f",
        "alex@mail.ex%61mple.com",
    ];
    for typed in signs.chain(whole.map(ToOwned::to_owned)) {
        browser.press("Send the code", &[("E-mail address", &typed)]).await;
        assert!(browser.page.path() == "/factors/email", "{typed}: {}", browser.page.text());
        mistake(&browser.page, "email");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn spaces_around_an_address_do_not_matter() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", " alex+mfa@example.org ")]).await;
    assert_eq!(world.devices(APP_PHONE).messages()[0].to, "alex+mfa@example.org");
}

#[tokio::test]
async fn the_address_field_has_type_and_autocomplete_email() {
    let world = World::new().await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/factors/email").await;
    assert_eq!(browser.page.field("E-mail address"), "email");
    assert_eq!(browser.page.attr("#email", "type").as_deref(), Some("email"));
    assert_eq!(browser.page.attr("#email", "autocomplete").as_deref(), Some("email"));
}

#[tokio::test]
async fn a_wrong_code_can_be_retried_and_an_expired_one_sent_anew() {
    let world = World::new().await;
    let mut browser = start_email(&world).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &different_code(&code))]).await;
    assert!(mistake(&browser.page, "code").contains("not the code we sent"));
    world.pass(Duration::minutes(5));
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(mistake(&browser.page, "code").contains("has expired"));
    browser.press(ANOTHER_CODE, &[]).await;
    let code = sent_code(&world, APP_PHONE);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/");
}

#[tokio::test]
async fn another_address_replaces_the_first_and_cancelling_clears_it() {
    let world = World::new().await;
    let mut browser = start_email(&world).await;
    let typed = world.devices(APP_PHONE).messages().pop().unwrap().to;
    browser.follow("Use another address").await;
    assert_eq!(browser.page.attr("#email", "value"), Some(typed), "nobody types it twice");
    browser.press("Send the code", &[("E-mail address", "other@work.example.org")]).await;
    assert_eq!((world.unfinished(APP_PHONE), world.devices(APP_PHONE).messages().len()), (1, 2));
    browser.press(CANCEL, &[]).await;
    assert_eq!((browser.page.path(), world.unfinished(APP_PHONE)), ("/", 0));
}
