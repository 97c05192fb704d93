//! The end of an `action` visit: back at the other site, with what came of it.

use emulated_tenant::Factor;
use time::Duration;

use super::{
    ACCOUNT, ALEX, FLAGS, NORA, back, is_back_with, link, receive_and_confirm, save_recovery_code,
    scan_and_confirm, sent, world,
};
use crate::support::{Browser, World};

/// Somebody with an app, a phone and nothing unsaved, one code later than the one of the sign-in.
async fn alex(world: &World, action: &str) -> Browser {
    let browser = sent(world, ALEX, action).await;
    world.pass(Duration::seconds(31));
    browser
}

#[tokio::test]
async fn each_factor_that_a_link_names_is_added_and_the_person_is_back() {
    let number = ("Phone number", "+44 7700 900123");
    for (action, typed) in [
        ("sms", vec![number]),
        ("voice", vec![number]),
        ("email", vec![("E-mail address", "somebody@example.org")]),
    ] {
        let world = world().await;
        let mut browser = alex(&world, &format!("add:{action}")).await;
        assert_eq!(browser.page.path(), format!("/factors/{action}"));
        let button = if action == "voice" { "Call me now" } else { "Send the code" };
        browser.press(button, &typed).await;
        let channel = match action {
            "sms" => Factor::Sms,
            "voice" => Factor::Voice,
            _ => Factor::Email,
        };
        receive_and_confirm(&world, &mut browser, ALEX, channel).await;
        is_back_with(&browser, "added", action);
    }
}

#[tokio::test]
async fn an_app_is_added_and_the_person_is_back() {
    let world = world().await;
    let mut browser = alex(&world, "add:totp").await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    is_back_with(&browser, "added", "totp");
    assert_eq!(browser.open("/").await.notice(), "", "what was said there is not said again here");
}

#[tokio::test]
async fn push_is_added_and_the_page_that_waits_leads_back() {
    let world = world().await;
    let mut browser = alex(&world, "add:push").await;
    browser.press("Show me the QR code", &[]).await;
    assert!(world.devices(ALEX).approve_push());
    world.pass(Duration::seconds(6));
    browser.go(browser.page.url.clone()).await;
    is_back_with(&browser, "added", "push");
}

#[tokio::test]
async fn the_recovery_code_of_a_first_factor_is_saved_before_the_way_back() {
    let world = world().await;
    let mut browser = sent(&world, NORA, "add:totp").await;
    scan_and_confirm(&world, &mut browser, NORA).await;
    save_recovery_code(&mut browser).await;
    is_back_with(&browser, "added", "totp");
}

#[tokio::test]
async fn the_same_when_the_first_set_up_is_cancelled() {
    let world = world().await;
    let mut browser = sent(&world, NORA, "add:totp").await;
    browser.press("Show me the QR code", &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    save_recovery_code(&mut browser).await;
    is_back_with(&browser, "cancelled", "totp");
}

#[tokio::test]
async fn a_set_up_that_is_cancelled_is_told_and_leaves_nothing() {
    let world = world().await;
    let mut browser = alex(&world, "add:totp").await;
    browser.press("Show me the QR code", &[]).await;
    browser.press("Cancel this set-up", &[]).await;
    is_back_with(&browser, "cancelled", "totp");
    assert_eq!(world.unfinished(ALEX), 0);
}

#[tokio::test]
async fn whoever_does_not_begin_is_led_back_too() {
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
        let mut browser = alex(&world, action).await;
        browser.follow(link).await;
        is_back_with(&browser, "cancelled", factor);
    }
}

#[tokio::test]
async fn an_only_app_is_replaced_and_the_person_is_back_once_the_old_one_is_gone() {
    let world = world().await;
    let mut browser = alex(&world, "replace:totp").await;
    assert_eq!(browser.page.heading(), "Move to a new authenticator app");
    browser.press("Start", &[]).await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    assert_eq!(browser.page.path(), "/authenticators/remove");
    browser.press("Remove the old app", &[]).await;
    is_back_with(&browser, "replaced", "totp");
}

#[tokio::test]
async fn whoever_keeps_the_old_one_has_added_one() {
    let world = world().await;
    let mut browser = alex(&world, "replace:totp").await;
    browser.press("Start", &[]).await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    browser.follow("Keep it").await;
    is_back_with(&browser, "added", "totp");
}

#[tokio::test]
async fn of_several_the_person_chooses_which_one_is_replaced() {
    let world = world().await;
    let mut browser = alex(&world, "add:sms").await;
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
    is_back_with(&browser, "cancelled", "voice");
}

#[tokio::test]
async fn whoever_has_none_to_replace_adds_one() {
    let world = world().await;
    let browser = sent(&world, NORA, "replace:totp").await;
    assert_eq!(browser.page.path(), "/factors/totp");
}

#[tokio::test]
async fn an_app_is_removed_and_the_person_is_back() {
    let world = world().await;
    let mut browser = alex(&world, "remove:totp").await;
    browser.press("Remove the authenticator app", &[]).await;
    is_back_with(&browser, "removed", "totp");
}

#[tokio::test]
async fn a_double_click_says_the_same_twice() {
    let world = world().await;
    let browser = alex(&world, "remove:totp").await;
    let form = browser.page.form("Remove the authenticator app");
    let mut locations = Vec::new();
    // Both clicks carry the cookies of the page.
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
async fn what_is_not_there_to_remove_leaves_everything_unchanged() {
    let world = world().await;
    let browser = sent(&world, NORA, "remove:totp").await;
    is_back_with(&browser, "unchanged", "totp");
    assert_eq!(world.changes().iter().filter(|it| it.contains("/mfa/")).count(), 0);
}

#[tokio::test]
async fn a_number_is_removed_by_way_of_either_of_its_names() {
    for name in ["sms", "voice"] {
        let world = world().await;
        let mut browser = alex(&world, &format!("remove:{name}")).await;
        browser.press("Remove the number", &[]).await;
        is_back_with(&browser, "removed", "sms");
    }
}

#[tokio::test]
async fn on_a_list_visit_the_first_thing_done_is_the_end() {
    let world = world().await;
    let mut browser = alex(&world, "list").await;
    assert_eq!(browser.page.path(), "/");
    browser.follow("Remove authenticator app").await;
    browser.follow("Keep it").await;
    assert_eq!(browser.page.path(), "/", "nothing was done yet");
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    is_back_with(&browser, "removed", "totp");
}

#[tokio::test]
async fn a_new_recovery_code_is_in_the_place_of_the_old_one() {
    let management = [
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ];
    let world = World::with(&[&FLAGS[..], &management[..]].concat()).await;
    let mut browser = alex(&world, "recovery-code").await;
    browser.press("Get a new recovery code", &[]).await;
    save_recovery_code(&mut browser).await;
    is_back_with(&browser, "replaced", "recovery-code");
}

#[tokio::test]
async fn saving_a_code_changes_nothing() {
    let world = world().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    scan_and_confirm(&world, &mut browser, NORA).await;
    browser.open(&link("/", ACCOUNT, Some("recovery-code"))).await;
    save_recovery_code(&mut browser).await;
    is_back_with(&browser, "unchanged", "recovery-code");
}

#[tokio::test]
async fn the_end_is_told_once() {
    let world = world().await;
    let mut browser = alex(&world, "add:totp").await;
    scan_and_confirm(&world, &mut browser, ALEX).await;
    is_back_with(&browser, "added", "totp");
    browser.open("/").await;
    browser.follow("Remove text message or phone call, number ending 0167").await;
    browser.press("Remove the number", &[]).await;
    assert_eq!(browser.page.path(), "/", "the visit for an action is over");
    assert_eq!(back(&browser).unwrap().as_str(), ACCOUNT, "the way back is still there");
}
