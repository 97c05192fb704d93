//! Which language a reader gets, and how it is remembered.

use reqwest::StatusCode;

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

fn language(browser: &Browser) -> String {
    browser.page.attr("html", "lang").unwrap()
}

/// What the tenant was asked to speak at the last sign-in.
fn asked_of_the_tenant(browser: &Browser) -> String {
    let authorize = browser.journey.iter().find(|url| url.path() == "/authorize").unwrap();
    authorize.query_pairs().find(|(name, _)| name == "ui_locales").unwrap().1.into_owned()
}

/// A world in which Nora's profile has a language.
async fn with_profile(locale: &str) -> World {
    let world = World::new().await;
    world.tenant.change_person(NORA, |person| person.locale = Some(locale.to_owned()));
    world
}

#[tokio::test]
async fn a_browsers_languages_are_taken_in_the_order_of_their_weights() {
    let world = World::new().await;
    for (asked, given) in [
        ("de", "de"),
        ("de-AT", "de"),
        ("en;q=0.5, de;q=0.9", "de"),
        ("de;q=0.5, en;q=0.9", "en"),
        ("de;q=0, en", "en"),
        ("xx, de;q=0.1", "de"),
        ("en;q=0.3, de;Q=0.9", "de"),
        ("en;q=9, de;q=0.1", "de"),
        ("en;q=inf, de;q=0.1", "de"),
        ("de-DE-u-co-phonebk, en;q=0.9", "de"),
        ("xx", "en"),
        ("*", "en"),
        ("", "en"),
    ] {
        let mut browser = Browser::speaking(&world, asked);
        browser.open("/signed-out").await;
        assert_eq!(language(&browser), given, "{asked}");
    }
}

#[tokio::test]
async fn the_switch_leads_to_the_same_page_in_another_language_and_is_remembered() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.follow("Deutsch").await;
    assert_eq!((browser.page.path(), language(&browser).as_str()), ("/factors/sms", "de"));
    assert_eq!(browser.page.heading(), "Nummer für SMS hinzufügen");
    browser.open("/").await;
    assert_eq!(language(&browser), "de", "remembered");
    browser.follow("English").await;
    assert_eq!((browser.page.path(), language(&browser).as_str()), ("/", "en"));
}

#[tokio::test]
async fn a_page_about_one_authenticator_stays_about_it_in_another_language() {
    let world = World::new().await;
    let mut browser = world.signed_in("app.phone@example.com").await;
    browser.follow("Remove authenticator app").await;
    let id = browser.page.url.query_pairs().find(|(name, _)| name == "id").unwrap().1.into_owned();
    browser.follow("Deutsch").await;
    assert_eq!(browser.page.heading(), "Authenticator-App entfernen?");
    assert!(browser.page.url.query_pairs().any(|(name, value)| name == "id" && value == id));
}

#[tokio::test]
async fn a_page_with_a_mistake_offers_the_page_it_came_from() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "1")]).await;
    assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.follow("Deutsch").await;
    assert_eq!(
        (browser.page.path(), browser.page.heading().as_str()),
        ("/factors/sms", "Nummer für SMS hinzufügen")
    );
}

#[tokio::test]
async fn what_was_chosen_outlives_the_visit_and_goes_along_to_the_tenant() {
    let world = World::new().await;
    let mut browser = Browser::speaking(&world, "fr-CA, en;q=0.5");
    browser.open("/?lang=de").await;
    assert_eq!(asked_of_the_tenant(&browser), "de fr-CA en");
    browser.pass_sign_in(NORA).await;
    assert_eq!(language(&browser), "de");
    let kept = browser.set_cookies.iter().find(|it| it.starts_with("mfa-portal-language=de;")).unwrap();
    assert!(kept.contains("Max-Age=34560000") && kept.contains("HttpOnly"), "400 days: {kept}");
}

#[tokio::test]
async fn a_language_that_there_is_not_is_neither_taken_nor_remembered() {
    let world = World::new().await;
    let mut browser = Browser::speaking(&world, "de");
    for unknown in ["xx", "", "de%3B%20Path%3D/x", "../../etc"] {
        browser.open(&format!("/signed-out?lang={unknown}")).await;
        assert_eq!(language(&browser), "de", "{unknown}");
    }
    assert!(
        browser.set_cookies.iter().all(|it| !it.starts_with("mfa-portal-language")),
        "{:?}",
        browser.set_cookies
    );
}

#[tokio::test]
async fn the_profiles_language_comes_before_the_browsers_and_holds_on_error_pages_too() {
    let world = with_profile("de-CH").await;
    let mut browser = Browser::speaking(&world, "en");
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(language(&browser), "de");
    browser.open("/no-such-page").await;
    assert_eq!((language(&browser).as_str(), browser.page.heading().as_str()), ("de", "Hier ist nichts"));
    browser.follow("English").await;
    browser.open("/").await;
    assert_eq!(language(&browser), "en", "what is chosen comes first");
}

#[tokio::test]
async fn the_next_person_in_the_same_browser_has_their_own_language() {
    let world = with_profile("de").await;
    let mut browser = Browser::speaking(&world, "en");
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(language(&browser), "de");
    browser.follow("Abmelden").await;
    browser.press("Abmelden", &[]).await;
    browser.open("/").await;
    browser.pass_sign_in("eight@example.com").await;
    assert_eq!(language(&browser), "en");
}
