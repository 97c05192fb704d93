//! `/lost-phone`: a person who lost their phone, or has a new one, is led through; never is the password alone left.

mod plans;

use emulated_tenant::{DEMO_PASSWORD, Factor};
use time::Duration;

use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";
const PUSH: &str = "push@example.com";
const LINK: &str = "Lost your phone, or got a new one?";
const GO_ON: &str = "Continue";
const REMOVE: &str = "Remove them now";

fn active(world: &World, email: &str, factor: Factor) -> Vec<String> {
    let all = world.tenant.authenticators(email).into_iter();
    all.filter(|it| it.active && it.factor == factor).map(|it| it.id).collect()
}

fn protections(world: &World, email: &str) -> usize {
    let kinds = [Factor::Totp, Factor::Sms, Factor::Voice, Factor::Push];
    kinds.into_iter().map(|factor| active(world, email, factor).len()).sum()
}

/// Signs in with the recovery code, as somebody whose other factors are gone.
async fn by_recovery_code(world: &World, email: &str) -> Browser {
    let mut browser = world.browser();
    browser.open("/sign-in").await;
    browser.press("Continue", &[("E-mail address", email), ("Password", DEMO_PASSWORD)]).await;
    if !browser.page.heading().starts_with("How do you want") {
        browser.press("Try another way", &[]).await;
    }
    let recovery = browser.page.controls().into_iter().find(|it| it.contains("ecovery")).unwrap();
    browser.press(&recovery, &[]).await;
    let code = world.devices(email).recovery_code().unwrap();
    browser.press("Continue", &[("Code", &code)]).await;
    let go_on = browser.page.buttons().into_iter().next().unwrap();
    browser.press(&go_on, &[]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
    browser
}

async fn mark(browser: &mut Browser, labels: &[&str]) {
    browser.open("/").await;
    browser.follow(LINK).await;
    let marks: Vec<_> = labels.iter().map(|label| (*label, "yes")).collect();
    browser.press(GO_ON, &marks).await;
}

async fn add_app(world: &World, browser: &mut Browser, name: &str) {
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[("Name (optional)", name)]).await;
    world.pass(Duration::seconds(31));
    let code = app_code(world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
}

#[tokio::test]
async fn what_was_on_a_lost_phone_goes_at_once_where_another_factor_remains() {
    let world = World::new().await;
    let mut other = world.signed_in(ALEX).await;
    world.pass(Duration::seconds(31));
    let mut browser = world.signed_in(ALEX).await;
    mark(&mut browser, &["Authenticator app"]).await;
    assert_eq!(browser.page.heading(), "Your lost phone", "{}", browser.page.text());
    assert_eq!(active(&world, ALEX, Factor::Totp).len(), 1, "nothing goes unasked");
    browser.press(REMOVE, &[]).await;
    assert!(active(&world, ALEX, Factor::Totp).is_empty());
    assert_eq!(active(&world, ALEX, Factor::Sms).len(), 1);
    assert!(browser.page.text().contains("Done. The old ones are removed."), "{}", browser.page.text());
    world.tenant.sign_out_everywhere();
    other.open("/").await;
    assert_ne!(other.page.path(), "/", "the other sessions have ended");
    add_app(&world, &mut browser, "New phone").await;
    assert_eq!(browser.page.path(), "/lost-phone", "{}", browser.page.text());
    assert!(browser.page.text().contains("Done. The new one works."), "{}", browser.page.text());
    browser.press("Back to my list", &[]).await;
    assert_eq!((browser.page.path(), protections(&world, ALEX)), ("/", 3));
    assert!(browser.page.text().contains("New phone"), "{}", browser.page.text());
}

#[tokio::test]
async fn without_another_factor_the_new_one_comes_first_and_the_old_ones_go_with_its_confirmation() {
    let world = World::new().await;
    let old = active(&world, ALEX, Factor::Totp);
    let mut browser = by_recovery_code(&world, ALEX).await;
    mark(&mut browser, &["Authenticator app", "Phone ending 0167"]).await;
    assert_eq!(protections(&world, ALEX), 3, "nothing goes before a new one works");
    assert!(browser.page.text().contains("removed as soon as the new one works"), "{}", browser.page.text());
    assert!(browser.page.controls().iter().any(|it| it.starts_with("Add an authenticator app")));
    add_app(&world, &mut browser, "").await;
    assert_eq!(browser.page.path(), "/lost-phone");
    let now = active(&world, ALEX, Factor::Totp);
    assert!(now.len() == 1 && now != old && protections(&world, ALEX) == 1, "{now:?}");
    assert!(browser.page.text().contains("Done. The old ones are removed."), "{}", browser.page.text());
}

#[tokio::test]
async fn an_address_alone_does_not_let_the_old_ones_go() {
    let world = World::new().await;
    let mut browser = by_recovery_code(&world, ALEX).await;
    mark(&mut browser, &["Authenticator app", "Phone ending 0167"]).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", "spare@example.org")]).await;
    let code = world.devices(ALEX).messages().pop().unwrap().code;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(protections(&world, ALEX), 3);
}

#[tokio::test]
async fn in_another_session_the_old_ones_stay_until_the_person_removes_them() {
    let world = World::new().await;
    let mut browser = by_recovery_code(&world, ALEX).await;
    mark(&mut browser, &["Authenticator app", "Phone ending 0167"]).await;
    world.pass(Duration::minutes(11));
    world.tenant.sign_out_everywhere();
    let mut later = by_recovery_code(&world, ALEX).await;
    assert!(later.page.text().contains("Not finished: your lost phone"), "{}", later.page.text());
    add_app(&world, &mut later, "").await;
    assert_eq!(protections(&world, ALEX), 4, "nothing goes by itself in another session");
    later.open("/lost-phone").await;
    later.press(REMOVE, &[]).await;
    assert_eq!(protections(&world, ALEX), 1, "{}", later.page.text());
}

#[tokio::test]
async fn nothing_marked_is_a_mistake_and_nothing_goes() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    mark(&mut browser, &[]).await;
    assert!(browser.page.alert().contains("Mark at least one"), "{}", browser.page.text());
    assert_eq!(protections(&world, ALEX), 3);
}

#[tokio::test]
async fn ids_that_are_not_the_persons_are_refused_and_nothing_goes() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow(LINK).await;
    for id in ["totp|dev_PushTotpTotp0001", "recovery-code|dev_AppPhoneReco0001", "..", "totp|dev_x/../y", ""]
    {
        let mut form = browser.page.form(GO_ON);
        form.set(&format!("on-phone:{id}"), "yes");
        form.set("on-phone:totp|dev_AppPhoneTotp0001", "yes");
        browser.tab().send(&form).await;
        assert_eq!(protections(&world, ALEX), 3, "{id}");
    }
}

#[tokio::test]
async fn each_one_moves_to_a_new_phone_while_the_old_one_works() {
    let world = World::new().await;
    let old = active(&world, ALEX, Factor::Totp);
    let mut browser = world.signed_in(ALEX).await;
    browser.follow(LINK).await;
    browser.press("Move to my new phone", &[]).await;
    assert_eq!(browser.page.heading(), "Your new phone");
    let move_app =
        browser.page.controls().into_iter().find(|it| it.starts_with("Authenticator app")).unwrap();
    browser.follow(&move_app).await;
    browser.press("Set up the new one", &[]).await;
    browser.press(SCAN, &[("Name (optional)", "Pixel")]).await;
    world.pass(Duration::seconds(31));
    let code = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert!(active(&world, ALEX, Factor::Totp).len() == 2, "the old one works until the new one does");
    browser.press("Remove the old app", &[]).await;
    assert_eq!(browser.page.path(), "/lost-phone", "the next one is offered");
    assert!(!browser.page.controls().iter().any(|it| it.starts_with("Authenticator app")));
    assert!(active(&world, ALEX, Factor::Totp) != old && protections(&world, ALEX) == 3);
    let left: Vec<_> = browser.page.controls().into_iter().filter(|it| it.contains("0167")).collect();
    assert!(left.len() == 1 && left[0].contains("Only if your number changes"), "{left:?}");
    browser.press("Stop these steps", &[]).await;
    assert_eq!(browser.page.path(), "/");
    assert!(browser.page.text().contains("Pixel"), "{}", browser.page.text());
}

#[tokio::test]
async fn apps_that_nobody_can_tell_apart_all_give_way_to_a_new_one() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = world.signed_in(ALEX).await;
    assert!(!browser.page.text().contains("cannot tell your apps apart"), "one app needs no telling");
    add_app(&world, &mut browser, "").await;
    let old = active(&world, ALEX, Factor::Totp);
    browser.open("/").await;
    assert!(browser.page.text().contains("cannot tell your apps apart"), "{}", browser.page.text());
    browser.follow("Set up one new app").await;
    browser.press("Set up one new app", &[]).await;
    assert_eq!(browser.page.path(), "/factors/totp");
    assert_eq!(active(&world, ALEX, Factor::Totp), old, "nothing goes before the new one works");
    add_app(&world, &mut browser, "Edda’s iPhone").await;
    let now = active(&world, ALEX, Factor::Totp);
    assert!(now.len() == 1 && !old.contains(&now[0]), "{now:?}");
}

#[tokio::test]
async fn two_apps_and_two_push_phones_enrolled_here_are_four_things_with_names() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    for name in ["Edda’s iPhone", "Edda’s tablet"] {
        add_app(&world, &mut browser, name).await;
        world.pass(Duration::minutes(1));
        browser = world.signed_in(NOTHING).await;
    }
    for name in ["Work phone", "Old phone"] {
        browser.open("/factors/push").await;
        browser.press(SCAN, &[("Name (optional)", name)]).await;
        assert!(world.devices(NOTHING).approve_push());
        browser.follow(crate::factors::push::APPROVED).await;
        world.pass(Duration::minutes(1));
        browser = world.signed_in(NOTHING).await;
    }
    let entries = browser.page.texts(".entry h3");
    let entries: Vec<_> = entries.into_iter().filter(|it| !it.starts_with("Recovery")).collect();
    let mut sorted = entries.clone();
    sorted.sort();
    assert_eq!(sorted, ["Edda’s iPhone", "Edda’s tablet", "Old phone", "Work phone"], "{entries:?}");
    assert!(!browser.page.text().contains("(1)") && !browser.page.text().contains("cannot tell"));
}

// The counting that guesses a pair would take the app away together with the push phone.
#[tokio::test]
async fn an_app_that_was_set_up_here_is_no_twin_of_a_push_phone_that_was_set_up_elsewhere() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser, "").await;
    let push = emulated_tenant::Authenticator::new(Factor::Push, "dev_Elsewhere00001").active();
    world.tenant.change_person(NOTHING, |person| person.authenticators.push(push));
    browser.open("/").await;
    let mut removals: Vec<_> =
        browser.page.controls().into_iter().filter(|it| it.starts_with("Remove ")).collect();
    removals.sort();
    assert_eq!(
        removals,
        ["Remove authenticator app", "Remove push notifications"],
        "{}",
        browser.page.text()
    );
    for removal in removals {
        browser.open("/").await;
        browser.follow(&removal).await;
        assert!(!browser.page.text().contains("the other goes with it"), "{}", browser.page.text());
    }
}

#[tokio::test]
async fn a_sign_in_by_recovery_code_offers_the_way_by_itself_where_the_tenant_says_so() {
    for (says, offered) in [(true, true), (false, false)] {
        let world = World::new().await;
        world.tenant.configure(|settings| settings.recovery_code_claim = says);
        let browser = by_recovery_code(&world, ALEX).await;
        let text = browser.page.text();
        assert_eq!(text.contains("You signed in with your recovery code"), offered, "{text}");
        assert!(browser.page.controls().iter().any(|it| it == LINK), "the link is there for everybody");
        world.tenant.sign_out_everywhere();
        let usual = world.signed_in(PUSH).await;
        assert!(!usual.page.text().contains("You signed in with your recovery code"));
    }
}

#[tokio::test]
async fn a_name_that_is_too_long_comes_back_to_its_field() {
    let world = World::new().await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/factors/totp").await;
    let long = "x".repeat(41);
    browser.press(SCAN, &[("Name (optional)", &long)]).await;
    assert!(browser.page.alert().contains("too long"), "{}", browser.page.text());
    assert_eq!(browser.page.attr("#name", "value"), Some(long));
}

#[tokio::test]
async fn steps_that_are_stopped_say_that_the_marked_ones_still_work() {
    let world = World::new().await;
    let mut browser = by_recovery_code(&world, ALEX).await;
    mark(&mut browser, &["Authenticator app", "Phone ending 0167"]).await;
    browser.open("/").await;
    assert!(browser.page.text().contains("Not finished: your lost phone"), "{}", browser.page.text());
    browser.follow("Go on").await;
    browser.press("Stop these steps", &[]).await;
    assert!(browser.page.notice().contains("can still be used to sign in"), "{}", browser.page.text());
    assert!(!browser.page.text().contains("Not finished"), "{}", browser.page.text());
}
