//! The language of pages: Accept-Language, profile, the switch, and how the choice is remembered.

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";

fn language(browser: &Browser) -> String {
    browser.page.attr("html", "lang").unwrap()
}

/// The `ui_locales` that the last sign-in sent to the tenant.
fn ui_locales_sent(browser: &Browser) -> String {
    let authorize = browser.journey.iter().find(|url| url.path() == "/authorize").unwrap();
    authorize.query_pairs().find(|(name, _)| name == "ui_locales").unwrap().1.into_owned()
}

async fn world_with_profile_locale(locale: &str) -> World {
    let world = World::new().await;
    world.tenant.change_person(NORA, |person| person.locale = Some(locale.to_owned()));
    world
}

#[tokio::test]
async fn accept_language_is_followed_by_weight() {
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
        ("en;q=1e-1, de;q=0.05", "de"),
        ("en;q=+0.5, de;q=0.1", "de"),
        ("en;q=.5, de;q=0.1", "de"),
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
async fn only_plain_tags_reach_the_tenant() {
    let world = World::new().await;
    let mut browser = Browser::speaking(&world, "es-'41A, it-<b>x, de_AT, pt-BR");
    browser.open("/").await;
    assert_eq!(ui_locales_sent(&browser), "de-AT pt-BR de");
}

#[tokio::test]
async fn the_language_switch_keeps_the_page_and_is_remembered() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.follow("Deutsch").await;
    assert_eq!((browser.page.path(), language(&browser).as_str()), ("/factors/sms", "de"));
    assert_eq!(browser.page.heading(), "Telefonnummer hinzufügen");
    browser.open("/").await;
    assert_eq!(language(&browser), "de", "remembered");
    browser.follow("English").await;
    assert_eq!((browser.page.path(), language(&browser).as_str()), ("/", "en"));
}

#[tokio::test]
async fn the_language_switch_keeps_the_authenticator_in_the_url() {
    let world = World::new().await;
    let mut browser = world.signed_in("app.phone@example.com").await;
    browser.follow("Remove authenticator app").await;
    let id = browser.page.url.query_pairs().find(|(name, _)| name == "id").unwrap().1.into_owned();
    browser.follow("Deutsch").await;
    assert_eq!(browser.page.heading(), "Authenticator-App entfernen?");
    assert!(browser.page.url.query_pairs().any(|(name, value)| name == "id" && value == id));
}

#[tokio::test]
async fn the_language_switch_after_a_form_error_leads_to_its_page() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "1")]).await;
    assert!(browser.page.title().starts_with("Error:"));
    browser.follow("Deutsch").await;
    assert_eq!(
        (browser.page.path(), browser.page.heading().as_str()),
        ("/factors/sms", "Telefonnummer hinzufügen")
    );
}

#[tokio::test]
async fn a_chosen_language_outlives_the_visit_and_is_sent_to_the_tenant() {
    let world = World::new().await;
    let mut browser = Browser::speaking(&world, "fr-CA, en;q=0.5");
    browser.open("/?lang=de").await;
    assert_eq!(ui_locales_sent(&browser), "de fr-CA en");
    browser.pass_sign_in(NORA).await;
    assert_eq!(language(&browser), "de");
    let kept = browser.set_cookies.iter().find(|it| it.starts_with("mfa-portal-language=de;")).unwrap();
    assert!(kept.contains("Max-Age=34560000") && kept.contains("HttpOnly"), "400 days: {kept}");
}

#[tokio::test]
async fn an_unknown_language_is_neither_shown_nor_remembered() {
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
async fn the_profiles_language_precedes_the_browsers_on_error_pages_too() {
    let world = world_with_profile_locale("de-CH").await;
    let mut browser = Browser::speaking(&world, "en");
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    assert_eq!(language(&browser), "de");
    browser.open("/no-such-page").await;
    assert_eq!(
        (language(&browser).as_str(), browser.page.heading().as_str()),
        ("de", "Seite nicht gefunden")
    );
    browser.follow("English").await;
    browser.open("/").await;
    assert_eq!(language(&browser), "en", "what is chosen comes first");
}

#[tokio::test]
async fn the_next_person_in_the_same_browser_has_their_own_language() {
    let world = world_with_profile_locale("de").await;
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
