//! The end of an `action`: the return to the other site, with `status` and `factor` in the address.

use emulated_tenant::Factor;
use time::Duration;

use super::{
    ACCOUNT, ALEX, FLAGS, NORA, assert_back_with, back_link, link, receive_and_confirm, save_recovery_code,
    scan_and_confirm, sign_in_with_action, world,
};
use crate::support::{Browser, World};

/// Alex has an app, a phone and no unsaved recovery code. Waits until the app shows a code that sign-in has not used.
async fn alex_with_action(world: &World, action: &str) -> Browser {
    let browser = sign_in_with_action(world, ALEX, action).await;
    world.pass(Duration::seconds(31));
    browser
}

#[tokio::test]
async fn adding_a_number_or_email_returns_with_added() {
    let number = ("Phone number", "+44 7700 900123");
    for (action, typed) in [
        ("sms", vec![number]),
        ("voice", vec![number]),
        ("email", vec![("E-mail address", "somebody@example.org")]),
    ] {
        let world = world().await;
        let mut browser = alex_with_action(&world, &format!("add:{action}")).await;
        assert_eq!(browser.page.path(), format!("/factors/{action}"));
        let button = if action == "voice" { "Call me now" } else { "Send the code" };
        browser.press(button, &typed).await;
        let channel = match action {
            "sms" => Factor::Sms,
            "voice" => Factor::Voice,
            _ => Factor::Email,
        };
        receive_and_confirm(&world, &mut browser, ALEX, channel).await;
        assert_back_with(&browser, "added", action);
    }
}

#[tokio::test]
async fn adding_an_app_returns_with_added() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "add:totp").await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    assert_back_with(&browser, "added", "totp");
    assert_eq!(browser.open("/").await.notice(), "", "what was said there is not said again here");
}

#[tokio::test]
async fn adding_push_returns_from_the_waiting_page_with_added() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "add:push").await;
    browser.press("Show me the QR code", &[]).await;
    assert!(world.devices(ALEX).approve_push());
    world.pass(Duration::seconds(6));
    browser.go(browser.page.url.clone()).await;
    assert_back_with(&browser, "added", "push");
}

#[tokio::test]
async fn a_first_factors_recovery_code_is_saved_before_the_return() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, NORA, "add:totp").await;
    scan_and_confirm(&world, &mut browser, NORA).await;
    save_recovery_code(&mut browser).await;
    assert_back_with(&browser, "added", "totp");
}

#[tokio::test]
async fn a_cancelled_first_enrollment_returns_without_showing_the_recovery_code() {
    let world = world().await;
    let mut browser = sign_in_with_action(&world, NORA, "add:totp").await;
    browser.press("Show me the QR code", &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    assert_back_with(&browser, "cancelled", "totp");
}

#[tokio::test]
async fn a_cancelled_enrollment_returns_with_cancelled_and_leaves_nothing() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "add:totp").await;
    browser.press("Show me the QR code", &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    assert_back_with(&browser, "cancelled", "totp");
    assert_eq!(world.unfinished(ALEX), 0);
}

#[tokio::test]
async fn going_back_before_starting_returns_with_cancelled() {
    for (action, link, factor) in [
        ("add:totp", "Go back", "totp"),
        ("add:sms", "Go back", "sms"),
        ("add:email", "Go back", "email"),
        ("add:push", "Go back", "push"),
        ("replace:totp", "Go back", "totp"),
        ("remove:totp", "Keep it", "totp"),
        ("recovery-code", "Go back", "recovery-code"),
    ] {
        let world = world().await;
        let mut browser = alex_with_action(&world, action).await;
        browser.follow(link).await;
        assert_back_with(&browser, "cancelled", factor);
    }
}

#[tokio::test]
async fn replacing_the_only_app_returns_once_the_old_one_is_removed() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "replace:totp").await;
    assert_eq!(browser.page.heading(), "Move to a new authenticator app");
    browser.press("Set up the new one", &[]).await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    assert_eq!(browser.page.path(), "/authenticators/remove");
    browser.press("Remove the old app", &[]).await;
    assert_back_with(&browser, "replaced", "totp");
}

#[tokio::test]
async fn keeping_the_old_app_returns_with_added() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "replace:totp").await;
    browser.press("Set up the new one", &[]).await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    browser.follow("Keep it").await;
    assert_back_with(&browser, "added", "totp");
}

#[tokio::test]
async fn with_several_numbers_the_person_chooses_which_to_replace() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "add:sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    receive_and_confirm(&world, &mut browser, ALEX, Factor::Sms).await;
    browser.open(&link("/", ACCOUNT, Some("replace:voice"))).await;
    assert_eq!(browser.page.heading(), "Which one do you want to replace?");
    let choices = browser.page.texts(".choice");
    assert!(
        matches!(&choices[..], [one, two] if one.contains("0167") != two.contains("0167")),
        "{choices:?}"
    );
    browser.follow(&choices[0]).await;
    assert_eq!(browser.page.path(), "/authenticators/replace");
    browser.follow("Go back").await;
    assert_back_with(&browser, "cancelled", "voice");
}

#[tokio::test]
async fn replacing_without_an_old_one_leads_to_adding() {
    let world = world().await;
    let browser = sign_in_with_action(&world, NORA, "replace:totp").await;
    assert_eq!(browser.page.path(), "/factors/totp");
}

#[tokio::test]
async fn removing_an_app_returns_with_removed() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "remove:totp").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert_back_with(&browser, "removed", "totp");
}

#[tokio::test]
async fn a_double_click_on_remove_returns_the_same_status_twice() {
    let world = world().await;
    let browser = alex_with_action(&world, "remove:totp").await;
    let form = browser.page.form("Remove the authenticator app");
    let mut locations = Vec::new();
    // Both clicks send the same cookies.
    let requests =
        [browser.request(&form), browser.request(&form)].map(|it| it.header("cookie", browser.cookies()));
    for request in requests {
        let answer = request.send().await.unwrap();
        locations.push(answer.headers()["location"].to_str().unwrap().to_owned());
    }
    assert!(locations[0].contains("status=removed&factor=totp"), "{locations:?}");
    assert_eq!(locations[0], locations[1]);
}

#[tokio::test]
async fn removing_a_missing_factor_returns_with_unchanged() {
    let world = world().await;
    let browser = sign_in_with_action(&world, NORA, "remove:totp").await;
    assert_back_with(&browser, "unchanged", "totp");
    assert_eq!(world.changes().iter().filter(|it| it.contains("/mfa/")).count(), 0);
}

#[tokio::test]
async fn a_number_is_removed_as_sms_or_as_voice() {
    for name in ["sms", "voice"] {
        let world = world().await;
        let mut browser = alex_with_action(&world, &format!("remove:{name}")).await;
        browser.press("Remove the number", &[]).await;
        assert_back_with(&browser, "removed", "sms");
    }
}

#[tokio::test]
async fn the_first_change_ends_a_list_action() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "list").await;
    assert_eq!(browser.page.path(), "/");
    browser.follow("Remove authenticator app").await;
    browser.follow("Keep it").await;
    assert_eq!(browser.page.path(), "/", "nothing was done yet");
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert_back_with(&browser, "removed", "totp");
}

#[tokio::test]
async fn a_new_recovery_code_returns_with_replaced() {
    let management = [
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ];
    let world = World::with(&[&FLAGS[..], &management[..]].concat()).await;
    let mut browser = alex_with_action(&world, "recovery-code").await;
    browser.press("Get a new recovery code", &[]).await;
    save_recovery_code(&mut browser).await;
    assert_back_with(&browser, "replaced", "recovery-code");
}

#[tokio::test]
async fn saving_a_recovery_code_returns_with_unchanged() {
    let world = world().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    scan_and_confirm(&world, &mut browser, NORA).await;
    browser.open(&link("/", ACCOUNT, Some("recovery-code"))).await;
    save_recovery_code(&mut browser).await;
    assert_back_with(&browser, "unchanged", "recovery-code");
}

#[tokio::test]
async fn the_outcome_is_reported_once() {
    let world = world().await;
    let mut browser = alex_with_action(&world, "add:totp").await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    assert_back_with(&browser, "added", "totp");
    browser.open("/").await;
    browser.follow("Remove phone ending 0167").await;
    browser.press("Remove the number", &[]).await;
    assert_eq!(browser.page.path(), "/", "the visit for an action is over");
    assert_eq!(back_link(&browser).unwrap().as_str(), ACCOUNT, "the way back is still there");
}
