//! The portal's memory of a person: dates, names, pairs and the last changes made here.

mod outlives;

use emulated_tenant::Factor;
use time::Duration;

use crate::factors::{CODE, CONFIRM, NOTHING, SCAN, app_code};
use crate::support::{Browser, World};

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
    name(&mut browser, "Name: Authenticator app (1)", &format!("  {NAMED} ")).await;
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

#[tokio::test]
async fn names_that_are_markup_are_text() {
    let world = world().await;
    let mut browser = world.signed_in(ALEX).await;
    name(&mut browser, "Name: Authenticator app", "<b>\"&'\u{202e}x</b>").await;
    assert!(browser.page.texts(".entry h3").contains(&"<b>\"&'x</b>".to_owned()), "{}", browser.page.html);
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
    assert_eq!(browser.page.texts(".history li").len(), 0);
    assert!(!browser.page.text().contains("Added "), "{}", browser.page.text());
}

#[tokio::test]
async fn without_days_nothing_is_remembered_or_offered() {
    let world = World::with(&[("proof", "any"), ("remember-days", "0")]).await;
    let mut browser = world.signed_in(ALEX).await;
    add_app(&world, &mut browser).await;
    assert!(!browser.page.text().contains("Added "), "{}", browser.page.text());
    assert_eq!(browser.page.count(".history"), 0);
    assert!(
        browser.page.controls().iter().all(|it| !it.starts_with("Name:")),
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
    name(&mut browser, "Name: Authenticator app", "Zebrafinch").await;
    assert!(browser.page.text().contains("Zebrafinch"), "{}", browser.page.text());
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(10).any(|part| part == b"Zebrafinch"));
    }
}
