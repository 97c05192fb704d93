//! Text that people copy out of a page (an address, a number, a reference) stands in an element of its own, and no
//! invisible character comes along.

use emulated_tenant::{Factor, Fault, FaultKind};

use crate::support::{Browser, World};

const NORA: &str = "nothing@example.com";
const MARKS: [char; 2] = ['\u{2068}', '\u{2069}'];

async fn signed_in(world: &World, language: &str) -> Browser {
    let mut browser = Browser::speaking(world, language);
    browser.open("/").await;
    browser.pass_sign_in(NORA).await;
    browser
}

/// Whether the page has an element that holds exactly this text.
fn stands_alone(browser: &Browser, text: &str) -> bool {
    browser.page.texts("bdi").iter().any(|it| it == text)
}

#[tokio::test]
async fn address_and_number_stand_in_elements_of_their_own() {
    for language in ["en", "de", "fr", "es", "ja", "ar"] {
        let world = World::new().await;
        let mut browser = signed_in(&world, language).await;
        assert!(stands_alone(&browser, NORA), "{language}: {}", browser.page.html);
        browser.open("/factors/sms").await;
        let mut form = browser.page.form(&browser.page.buttons()[0]);
        form.set("phone_number", "+44 7700 900123");
        browser.send(&form).await;
        let numbers = browser.page.texts("bdi").into_iter().filter(|it| it.contains("900123"));
        assert_eq!(numbers.collect::<Vec<_>>(), ["+44 7700 900123"], "{language}: {}", browser.page.html);
        browser.open("/factors/email").await;
        let mut form = browser.page.form(&browser.page.buttons()[0]);
        form.set("email", "nora.new@example.com");
        browser.send(&form).await;
        assert!(stands_alone(&browser, "nora.new@example.com"), "{language}: {}", browser.page.html);
        assert_eq!(world.devices(NORA).messages().last().unwrap().channel, Factor::Email);
    }
}

#[tokio::test]
async fn the_reference_of_an_error_stands_in_an_element_of_its_own() {
    let world = World::new().await;
    for language in ["en", "ar"] {
        let mut browser = signed_in(&world, language).await;
        let away = Fault::new("GET", "/mfa/authenticators", FaultKind::html(503, "<h1>Away</h1>"));
        world.tenant.faults().inject(away);
        browser.open("/").await;
        world.tenant.faults().clear();
        let reference = browser.page.header("x-request-id").to_owned();
        assert!(
            reference.len() > 5 && stands_alone(&browser, &reference),
            "{language}: {}",
            browser.page.html
        );
        assert!(!browser.page.html.split("</title>").next().unwrap().contains(MARKS));
    }
}

#[tokio::test]
async fn the_downloaded_recovery_code_holds_no_marks() {
    let world = World::new().await;
    let mut browser = signed_in(&world, "ar").await;
    browser.open("/factors/totp").await;
    let form = browser.page.form(&browser.page.buttons()[0]);
    browser.send(&form).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    let button = browser.page.buttons().into_iter().next().unwrap();
    let mut form = browser.page.form(&button);
    form.set("code", &code);
    browser.send(&form).await;
    assert_eq!(browser.page.path(), "/recovery-code");
    browser.open("/recovery-code/download").await;
    assert!(browser.page.html.contains(NORA) && !browser.page.html.contains(MARKS), "{}", browser.page.html);
}
