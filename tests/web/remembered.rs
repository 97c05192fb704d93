//! The portal's memory of a person: dates, names, pairs and the last changes made here.

mod outlives;

use emulated_tenant::{Factor, FaultKind, Gate};
use mfa_portal::internals::seen;
use proptest::prelude::*;
use time::Duration;

use crate::audit::Stream;
use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::redis::Redis;
use crate::support::{Browser, LIST, World};

const ALEX: &str = "app.phone@example.com";
const NAMED: &str = "Edda’s iPhone";

async fn world() -> World {
    World::with(&[("proof", "any")]).await
}

async fn add_app(world: &World, browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let code = app_code(world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser.open("/").await;
}

async fn name(browser: &mut Browser, link: &str, name: &str) {
    browser.open("/").await;
    browser.follow(link).await;
    browser.press("Save the name", &[("Name", name)]).await;
}

#[tokio::test]
async fn the_list_says_when_an_authenticator_was_added_and_what_was_changed() {
    let world = world().await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    let today = browser.page.texts(".history li");
    assert_eq!(today.len(), 1, "{}", browser.page.text());
    assert!(today[0].starts_with("Authenticator app added"), "{today:?}");
    assert!(browser.page.text_of(".entry .title").contains("Added "), "{}", browser.page.text());
    browser.follow("Remove authenticator app").await;
    let remove = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    browser.press(&remove, &[]).await;
    let sure = browser.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    browser.press(&sure, &[]).await;
    browser.open("/").await;
    let changes = browser.page.texts(".history li");
    assert!(changes.len() == 2 && changes[0].contains("app removed"), "{changes:?}");
    assert!(browser.page.text().contains("Changes made elsewhere are not listed."));
}

#[tokio::test]
async fn a_name_tells_one_app_from_another_on_the_list_and_on_its_controls() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    add_app(&world, &mut browser).await;
    assert!(browser.page.text().contains("Authenticator app (2)"), "{}", browser.page.text());
    name(&mut browser, "Give it a name: Authenticator app (1)", &format!("  {NAMED} ")).await;
    assert_eq!((browser.page.path(), browser.page.notice().starts_with("Name saved.")), ("/", true));
    assert!(
        browser.page.texts(".entry h3").contains(&NAMED.to_owned()),
        "{:?}",
        browser.page.texts(".entry h3")
    );
    assert!(!browser.page.text().contains("(1)"), "nothing is numbered: {}", browser.page.text());
    for act in ["Test", "Remove", "Replace", "Rename"] {
        let label = format!("{act} {NAMED}");
        assert!(browser.page.controls().contains(&label), "{label}: {:?}", browser.page.controls());
    }
    browser.follow(&format!("Remove {NAMED}")).await;
    assert_eq!(browser.page.heading(), format!("Remove {NAMED}?"));
    name(&mut browser, &format!("Rename {NAMED}"), &"x".repeat(41)).await;
    assert!(browser.page.alert().contains("too long"), "{}", browser.page.text());
    name(&mut browser, &format!("Rename {NAMED}"), "").await;
    assert!(!browser.page.text().contains(NAMED), "an empty name takes it away");
}

/// Other changes are made before they are remembered; here the record is the change.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_store_may_not_have_taken_is_not_told_as_given() {
    let Some(redis) = Redis::start() else { return };
    let stream = Stream::new();
    let settings = [("proof", "any"), ("session-store", &redis.url()), ("audit-log", &stream.setting())];
    let world = World::with(&settings).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    let mut form = browser.page.form("Save the name");
    form.set("name", NAMED);
    let gate = Gate::new();
    world.upset("GET", LIST, FaultKind::HoldResponse(gate.clone()));
    let naming = tokio::spawn(async move {
        browser.send(&form).await;
        browser
    });
    gate.reached().await;
    // It can be read and not be written.
    redis.ask::<()>("CONFIG SET min-replicas-to-write 1");
    gate.open();
    let browser = naming.await.unwrap();
    assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
    stream.first("store_failed").await;
    assert!(stream.of(&["named"]).is_empty(), "{}", stream.text());
}

#[tokio::test]
async fn names_that_are_markup_are_text() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    name(&mut browser, "Give it a name: Authenticator app", "<b>\"&'\u{202e}x</b>").await;
    assert!(browser.page.texts(".entry h3").contains(&"<b>\"&'x</b>".to_owned()), "{}", browser.page.html);
}

#[tokio::test]
async fn names_hold_no_characters_that_nobody_can_see() {
    let world = world().await;
    for (typed, shown) in [
        ("A\u{1}B", "AB"),
        ("A\u{fff9}B\u{fffa}C\u{fffb}", "ABC"),
        ("A\u{85}\u{7f}B", "A B"),
        ("A \u{200b} B\u{202e}", "A B"),
        ("\u{9b}31mAB", "31mAB"),
        ("\u{2800}A\u{2800}\u{1d159}B\u{fffc}", "A B"),
    ] {
        let mut browser = world.signed_in(ALEX).await;
        browser.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
        browser.press("Save the name", &[("Name", typed)]).await;
        assert!(
            browser.page.texts(".entry h3").contains(&shown.to_owned()),
            "{typed:?}: {}",
            browser.page.text()
        );
        assert!(browser.page.html.contains(&format!(">{shown}<")), "{typed:?}");
        browser.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
        browser.press("Save the name", &[("Name", "\u{2}\u{fffa}\u{200d}")]).await;
        assert!(browser.page.texts(".entry h3").contains(&"Authenticator app".to_owned()), "{typed:?}");
        world.pass(Duration::seconds(31));
    }
}

#[tokio::test]
async fn a_name_of_nothing_that_can_be_seen_is_none() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    for nothing in
        ["\u{2800}", "\u{301}\u{20dd}", "\u{13441}\u{1d159}", "\u{3164}\u{ffa0}", "\u{fffc} \u{488}"]
    {
        name(&mut browser, "Give it a name: Authenticator app", nothing).await;
        assert!(browser.page.texts(".entry h3").contains(&"Authenticator app".to_owned()), "{nothing:?}");
    }
}

proptest! {
    /// Marks, separators, controls, formats and what no standard assigns, each kind as the tables of another library
    /// have it, and the blanks among letters and symbols.
    #[test]
    fn no_kind_of_blank_makes_a_name(
        nothing in "[\\p{M}\\p{Z}\\p{Cc}\\p{Cf}\\p{Co}\\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}\u{13441}\u{13442}\u{1d159}]{0,20}",
        letter in "[\\p{Lu}\\p{Ll}\\p{Nd}\\p{Sc}\\p{Pd}]",
    ) {
        prop_assert_eq!(seen(&nothing), None);
        let name = seen(&format!("{nothing}{letter}{nothing}"));
        prop_assert!(name.is_some_and(|name| name.contains(&letter) && !name.starts_with(' ')));
    }
}

#[tokio::test]
async fn a_name_for_a_guessed_pair_does_not_make_it_a_known_one() {
    let world = world().await;
    let mut browser = world.signed_in("push@example.com").await;
    let named = browser.page.controls().into_iter().find(|it| it.starts_with("Give it a name: ")).unwrap();
    name(&mut browser, &named, "Work phone").await;
    let another = emulated_tenant::Authenticator::new(Factor::Totp, "dev_Another00000001").active();
    world.tenant.change_person("push@example.com", |pia| pia.authenticators.push(another));
    browser.open("/").await;
    let listed = |factor| {
        let all = world.tenant.authenticators("push@example.com");
        all.iter().filter(|it| it.factor == factor && it.active).count()
    };
    assert_eq!((listed(Factor::Push), listed(Factor::Totp)), (1, 2));
    let removals = browser.page.controls().into_iter().filter(|it| it.starts_with("Remove ")).count();
    assert_eq!(removals, 3, "push and each app alone: {}", browser.page.text());
}

#[tokio::test]
async fn a_removal_without_an_answer_enters_the_history_once_the_list_shows_it() {
    for (fault, retried, expected) in [
        (FaultKind::DropAfter, false, 1),
        (FaultKind::DropAfter, true, 1),
        (FaultKind::Drop, false, 0),
        (FaultKind::Drop, true, 1),
    ] {
        let world = world().await;
        let mut browser = world.signed_in(ALEX).await;
        browser.open("/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001").await;
        let form = browser.page.form("Remove the authenticator app");
        world.upset("DELETE", LIST, fault);
        // The list is read before the removal and must succeed then; it fails only afterwards.
        world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
        world.upset_always("GET", LIST, FaultKind::Drop);
        browser.send(&form).await;
        assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
        world.tenant.faults().clear();
        if retried {
            browser.send(&form).await;
        }
        browser.open("/").await;
        let removed = |browser: &Browser| {
            browser.page.texts(".history li").iter().filter(|it| it.contains("app removed")).count()
        };
        assert_eq!(removed(&browser), expected, "{}", browser.page.text());
        browser.open("/").await;
        assert_eq!(removed(&browser), expected, "once");
        // Much later it is another's removal.
        world.pass(Duration::minutes(3));
        browser.open("/").await;
        world.tenant.change_person(ALEX, |alex| alex.authenticators.retain(|it| it.factor != Factor::Totp));
        browser.open("/").await;
        assert_eq!(removed(&browser), expected, "{}", browser.page.text());
    }
}

#[tokio::test]
async fn two_phones_with_push_are_two_entries() {
    let world = world().await;
    for _ in 0..2 {
        let mut browser = crate::factors::push::start_push(&world, NOTHING).await;
        assert!(world.devices(NOTHING).approve_push());
        browser.follow(crate::factors::push::APPROVED).await;
        world.pass(Duration::minutes(1));
    }
    let browser = world.signed_in(NOTHING).await;
    let factors = world.tenant.authenticators(NOTHING);
    let active = |factor| factors.iter().filter(|it| it.factor == factor && it.active).count();
    assert_eq!((active(Factor::Push), active(Factor::Totp)), (2, 2));
    let entries = browser.page.texts(".entry h3");
    assert_eq!(entries.iter().filter(|it| !it.starts_with("Recovery")).count(), 2, "{entries:?}");
}

#[tokio::test]
async fn at_most_twenty_changes_are_remembered_and_all_can_be_forgotten() {
    let world = World::with(&[("proof", "any"), ("limits", "off")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    for _ in 0..22 {
        add_app(&world, &mut browser).await;
        world.pass(Duration::seconds(31));
        browser = world.signed_in(NOTHING).await;
    }
    assert_eq!(browser.page.texts(".history li").len(), 20);
    browser.press("Forget names, dates and changes", &[]).await;
    assert!(browser.page.notice().contains("are forgotten"), "{}", browser.page.text());
    let left = browser.page.texts(".history li");
    assert!(left.len() == 1 && left[0].starts_with("Names, dates and changes forgotten"), "{left:?}");
    assert!(!browser.page.text().contains("Added "), "{}", browser.page.text());
    assert!(
        !browser.page.buttons().contains(&"Forget names, dates and changes".to_owned()),
        "nothing is left"
    );
}

#[tokio::test]
async fn without_days_nothing_is_remembered_or_offered() {
    let world = World::with(&[("proof", "any"), ("remember-days", "0")]).await;
    let mut browser = world.signed_in(ALEX).await;
    add_app(&world, &mut browser).await;
    assert!(!browser.page.text().contains("Added "), "{}", browser.page.text());
    assert_eq!(browser.page.count(".history"), 0);
    assert!(
        browser.page.controls().iter().all(|it| !it.starts_with("Give it a name:")),
        "{:?}",
        browser.page.controls()
    );
}

#[tokio::test]
async fn what_is_remembered_ends_with_its_days_unless_a_visit_renews_it() {
    let world = World::with(&[("proof", "any"), ("remember-days", "30")]).await;
    let mut browser = world.signed_in(NOTHING).await;
    add_app(&world, &mut browser).await;
    for (days, remembered) in [(29, true), (29, true), (31, false)] {
        world.pass(Duration::days(days));
        world.tenant.sign_out_everywhere();
        browser = world.signed_in(NOTHING).await;
        assert_eq!(browser.page.count(".history") > 0, remembered, "{days}: {}", browser.page.text());
    }
}

#[tokio::test]
async fn the_bytes_at_rest_hold_no_name() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let world =
        World::with(&[("proof", "any"), ("session-store", &format!("sqlite:{}", path.display()))]).await;
    let mut browser = world.signed_in(ALEX).await;
    name(&mut browser, "Give it a name: Authenticator app", "Zebrafinch").await;
    assert!(browser.page.text().contains("Zebrafinch"), "{}", browser.page.text());
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(10).any(|part| part == b"Zebrafinch"));
    }
}
