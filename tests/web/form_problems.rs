//! A form with a mistake leads back to its own page: reloading it, coming back to it and leaving it open change
//! nothing.

use emulated_tenant::Factor;
use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};
use time::Duration;

use crate::support::{Browser, Form, World};

const NORA: &str = "nothing@example.com";
const ALEX: &str = "app.phone@example.com";
const TRY_APP: &str = "/authenticators/try?id=totp%7Cdev_AppPhoneTotp0001";
const TRY_PHONE: &str = "/authenticators/try?id=sms%7Cdev_AppPhonePhon0001";

/// The typed text, by label.
type Typed = &'static [(&'static str, &'static str)];

/// A way into a mistake.
struct Case {
    person: &'static str,
    page: &'static str,
    /// The button that leads from the page to the form, and what is typed for it.
    first: Option<(&'static str, Typed)>,
    form: (&'static str, Typed),
    /// Words of the mistake.
    says: &'static str,
}

const SEND: &str = "Send the code";
const CODE: &str = "Six-digit code";
const CONFIRM: &str = "Confirm";
const CHECK: &str = "Check code";
const ANOTHER: (&str, Typed) = ("Send another code", &[]);
const WRONG: Typed = &[(CODE, "000000")];
const NUMBER: Typed = &[("Phone number", "+44 7700 900123")];
const TEXTED: Option<(&str, Typed)> = Some((SEND, NUMBER));
const SCANNED: Option<(&str, Typed)> = Some(("Show me the QR code", &[]));
const ASKED_APP: Option<(&str, Typed)> = Some(("Type a code from the app", &[]));
const TEXTED_TRIAL: Option<(&str, Typed)> = Some(("Send me a text message", &[]));
const CALLED_TRIAL: Option<(&str, Typed)> = Some(("Call me", &[]));

const CASES: [Case; 12] = [
    nora("/factors/sms", None, (SEND, &[("Phone number", "")]), "Type a phone number"),
    nora("/factors/voice", None, ("Call me now", &[("Phone number", "+44 12")]), "too short"),
    nora("/factors/email", None, (SEND, &[("E-mail address", "nobody")]), "An address looks like"),
    nora("/factors/sms", TEXTED, (CONFIRM, &[(CODE, "12")]), "six digits"),
    nora("/factors/sms", TEXTED, (CONFIRM, WRONG), "not the code we sent"),
    nora("/factors/sms", TEXTED, ANOTHER, "still on its way"),
    nora("/factors/totp", SCANNED, (CONFIRM, WRONG), "is wrong"),
    nora("/factors/totp", SCANNED, (CONFIRM, &[(CODE, "")]), "six digits"),
    alex(TRY_APP, ASKED_APP, (CHECK, WRONG), "is wrong"),
    alex(TRY_APP, ASKED_APP, (CHECK, &[(CODE, "1")]), "six digits"),
    alex(TRY_PHONE, TEXTED_TRIAL, ANOTHER, "still on its way"),
    alex(TRY_PHONE, CALLED_TRIAL, (CHECK, WRONG), "not the code we sent"),
];

const fn nora(
    page: &'static str,
    first: Option<(&'static str, Typed)>,
    form: (&'static str, Typed),
    says: &'static str,
) -> Case {
    Case { person: NORA, page, first, form, says }
}

const fn alex(
    page: &'static str,
    first: Option<(&'static str, Typed)>,
    form: (&'static str, Typed),
    says: &'static str,
) -> Case {
    Case { person: ALEX, page, first, form, says }
}

impl Case {
    /// A browser on the form's page, and the form filled in.
    async fn filled(&self, world: &World) -> (Browser, Form) {
        let mut browser = world.signed_in(self.person).await;
        browser.open(self.page).await;
        if let Some((button, typed)) = self.first {
            browser.press(button, typed).await;
        }
        let (button, typed) = self.form;
        let mut form = browser.page.form(button);
        for (label, value) in typed {
            form.set(&browser.page.field(label), value);
        }
        (browser, form)
    }
}

/// Whether the page reports a problem with its form.
fn has_problem(browser: &Browser) -> bool {
    browser.page.title().starts_with("Error:") && !browser.page.alert().is_empty()
}

#[tokio::test]
async fn a_mistake_leads_to_a_page_that_can_be_reloaded() {
    for case in &CASES {
        let world = World::new().await;
        let (mut browser, form) = case.filled(&world).await;
        browser.send(&form).await;
        let name = format!("{} {:?}", case.page, case.form);
        assert_eq!((browser.page.status, browser.journey.len()), (StatusCode::OK, 2), "{name}");
        world.tenant.journal().clear();
        for _ in 0..3 {
            let there = browser.page.url.clone();
            browser.go(there).await;
            assert!(
                has_problem(&browser) && browser.page.alert().contains(case.says),
                "{name}: {}",
                browser.page.text()
            );
        }
        assert!(world.changes().is_empty(), "{name}: {:?}", world.changes());
    }
}

#[tokio::test]
async fn a_mistake_is_forgotten_by_the_next_submit_or_after_two_minutes() {
    for case in &CASES {
        let world = World::new().await;
        let (mut browser, form) = case.filled(&world).await;
        browser.send(&form).await;
        let there = browser.page.url.clone();
        world.pass(Duration::seconds(119));
        // A wait ends by itself.
        let waits = case.form.1.is_empty();
        assert_eq!(has_problem_at(&mut browser, &there).await, !waits, "{}", case.says);
        world.pass(Duration::seconds(2));
        assert!(!has_problem_at(&mut browser, &there).await, "{}: {}", case.says, browser.page.text());
    }
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.press(SEND, &[("Phone number", "1")]).await;
    assert!(has_problem(&browser));
    browser.press(SEND, NUMBER).await;
    assert_eq!(world.devices(NORA).messages().len(), 1);
    browser.open("/factors/sms").await;
    assert!(!has_problem(&browser), "{}", browser.page.text());
}

async fn has_problem_at(browser: &mut Browser, page: &url::Url) -> bool {
    browser.go(page.clone()).await;
    has_problem(browser)
}

#[tokio::test]
async fn a_mistake_is_shown_on_its_own_form_and_session_alone() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.press(SEND, &[("Phone number", "12")]).await;
    for other in ["/factors/voice", "/factors/email", "/factors/totp", "/factors", "/"] {
        browser.open(other).await;
        assert!(!has_problem(&browser), "{other}");
    }
    let mut elsewhere = world.signed_in(NORA).await;
    elsewhere.open("/factors/sms").await;
    assert!(!has_problem(&elsewhere), "another browser of the same person");
    browser.open("/factors/sms").await;
    assert!(has_problem(&browser) && browser.page.html.contains("value=\"12\""), "another page used it up");
}

#[tokio::test]
async fn a_refused_code_is_not_put_back_and_a_misshapen_one_is() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    for (typed, shown) in [("000000", ""), ("12 34", "12 34"), ("1234567", "1234567"), ("000001", "")] {
        browser.press("Confirm", &[(CODE, typed)]).await;
        assert_eq!(browser.page.attr("#code", "value").as_deref(), Some(shown), "{typed}");
        assert_eq!(browser.page.attr("[autofocus]", "id").as_deref(), Some("code"), "{typed}");
    }
}

#[tokio::test]
async fn a_limit_shows_on_the_form_with_what_was_typed() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for last in 0..9 {
        browser.open("/factors/sms").await;
        browser.press(SEND, &[("Phone number", &format!("+44 7700 90010{last}"))]).await;
    }
    assert_eq!(
        (browser.page.path(), browser.page.limit().as_str()),
        ("/factors/sms", "Too many codes were sent")
    );
    assert!(browser.page.html.contains("value=\"+44 7700 900108\""), "{}", browser.page.html);
    assert!(has_problem(&browser));
    let there = browser.page.url.clone();
    world.tenant.journal().clear();
    browser.go(there).await;
    assert!(has_problem(&browser) && world.changes().is_empty());
}

#[tokio::test]
async fn a_page_without_a_form_still_answers_429() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    for _ in 0..300 {
        browser.open("/").await;
    }
    assert_eq!(browser.page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!browser.page.header("retry-after").is_empty());
}

#[tokio::test]
async fn advice_about_the_phones_clock_comes_with_the_second_wrong_code() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    for (typed, advised) in
        [("000000", false), ("000001", true), ("12", false), ("000002", false), ("000003", true)]
    {
        browser.press("Confirm", &[(CODE, typed)]).await;
        assert_eq!(browser.page.text().contains("Is your phone’s clock right?"), advised, "{typed}");
        assert!(!browser.page.text().contains("UTC"));
    }
    assert!(world.tenant.authenticators(NORA).iter().all(|it| it.factor != Factor::Totp || !it.active));
}

#[tokio::test]
async fn every_form_answers_with_a_redirect_after_a_mistake() {
    for case in &CASES {
        let world = World::new().await;
        let (browser, form) = case.filled(&world).await;
        let answer = browser.request(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", case.says);
        let to = form.action.join(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
        let again = browser.client().request(Method::GET, to).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::OK, "{}", case.says);
    }
}
