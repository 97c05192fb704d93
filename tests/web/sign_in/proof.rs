//! The proof that a change needs: one by a factor where the list shows a factor that protects.

use emulated_tenant::{Factor, Tamper};
use reqwest::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use super::{ALEX, LIST, NORA, parameter};
use crate::support::process::{self, Process};
use crate::support::{Browser, Form, Log, World};

const MULTI_FACTOR: &str = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";
pub(super) const PROVE_AGAIN: &str = "Please confirm that it is you";
const NOT_PROVED: &str = "Your sign-in did not include your second step";
const APP: &str = "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001";
/// A change: its page, its button, and the fields that it needs.
pub(super) type Change = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
pub(super) const CHANGES: [Change; 8] = [
    (APP, "Remove the authenticator app", &[]),
    ("/authenticators/replace?id=totp%7Cdev_AppPhoneTotp0001", "Set up the new one", &[]),
    ("/factors/totp", "Show me the QR code", &[]),
    ("/factors/sms", "Send the code", &[("phone_number", "+44 7700 900123")]),
    ("/factors/email", "Send the code", &[("email", "alex@example.net")]),
    ("/factors/push", "Show me the QR code", &[]),
    ("/recovery-code", "Get a new recovery code", &[]),
    ("/authenticators/try?id=totp%7Cdev_AppPhoneTotp0001", "Type a code from the app", &[]),
];

pub(super) async fn world(proof: &str) -> World {
    World::with(&[
        ("proof", proof),
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await
}

/// Sets whether the tenant's tokens say that a factor was used.
pub(super) fn set_amr(world: &World, amr: bool) {
    world.tenant.configure(|settings| settings.amr = amr);
}

/// The form of a change, filled in.
pub(super) async fn filled_in(
    browser: &mut Browser,
    page: &str,
    button: &str,
    fields: &[(&str, &str)],
) -> Form {
    browser.open(page).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{page} only asks, so a password is enough for it");
    let mut form = browser.page.form(button);
    for (name, value) in fields {
        form.set(name, value);
    }
    form
}

/// Whether the portal asked the tenant for a change; the calls of a sign-in do not count.
pub(super) fn has_changed(world: &World) -> bool {
    world.changes().iter().any(|call| call != "POST /oauth/token")
}

/// Tries a change that a step-up precedes: refused first, with a link that leads through the tenant and back.
async fn step_up_for_change(world: &World, browser: &mut Browser) {
    let form = filled_in(browser, APP, "Remove the authenticator app", &[]).await;
    world.tenant.journal().clear();
    browser.send(&form).await;
    assert_eq!((browser.page.status, browser.page.heading().as_str()), (StatusCode::FORBIDDEN, PROVE_AGAIN));
    browser.follow("Continue").await;
    world.pass(Duration::seconds(31));
    browser.pass_sign_in(ALEX).await;
    assert_eq!((browser.page.status, browser.page.path()), (StatusCode::OK, "/authenticators/remove"));
    assert!(!has_changed(world), "nothing is submitted for the person");
    browser.press("Remove the authenticator app", &[]).await;
}

fn has_app(world: &World) -> bool {
    world.tenant.authenticators(ALEX).iter().any(|it| it.factor == Factor::Totp && it.active)
}

// U-02, U-07, V-01
#[tokio::test]
async fn a_password_alone_changes_nothing_of_a_protected_person() {
    let world = world("factor").await;
    set_amr(&world, false);
    let mut browser = world.signed_in(ALEX).await;
    for (page, button, fields) in CHANGES {
        let form = filled_in(&mut browser, page, button, fields).await;
        world.tenant.journal().clear();
        browser.send(&form).await;
        assert_eq!((page, browser.page.status), (page, StatusCode::FORBIDDEN));
        assert_eq!((page, browser.page.heading().as_str()), (page, PROVE_AGAIN));
        assert!(!has_changed(&world), "{page}: {:?}", world.changes());
    }
}

#[tokio::test]
async fn clearing_unfinished_ones_needs_the_proof_too() {
    let world = World::new().await;
    let unfinished = emulated_tenant::Authenticator::new(Factor::Totp, "dev_Unfinished000001");
    world.tenant.change_person(ALEX, |person| person.authenticators.push(unfinished));
    set_amr(&world, false);
    let mut browser = world.signed_in(ALEX).await;
    browser.press("Clear it", &[]).await;
    assert_eq!((browser.page.heading().as_str(), world.unfinished(ALEX)), (PROVE_AGAIN, 1));
}

#[tokio::test]
async fn a_step_up_with_a_factor_allows_the_change() {
    let world = world("factor").await;
    set_amr(&world, false);
    let mut browser = world.signed_in(ALEX).await;
    set_amr(&world, true);
    step_up_for_change(&world, &mut browser).await;
    assert!(!has_app(&world), "{}", browser.page.text());
}

// U-02
#[tokio::test]
async fn a_tenant_that_never_says_amr_is_named_to_person_and_operator() {
    let (world, log) = (world("factor").await, Log::begin());
    set_amr(&world, false);
    let mut browser = world.signed_in(ALEX).await;
    step_up_for_change(&world, &mut browser).await;
    assert_eq!((browser.page.status, browser.page.heading().as_str()), (StatusCode::FORBIDDEN, NOT_PROVED));
    assert!(
        browser.page.text().contains("Nothing was changed") && browser.page.text().contains("support team")
    );
    assert!(has_app(&world) && !has_changed(&world));
    assert!(log.text().contains("ID token proves no factor after a step-up"), "{}", log.text());
}

#[tokio::test]
async fn a_tenant_that_never_challenges_again_is_named_too() {
    let world = world("factor").await;
    world.tenant.configure(|settings| settings.forced_sign_in_skips_challenge = true);
    let mut browser = world.signed_in(ALEX).await;
    world.pass(Duration::minutes(11));
    browser.open(APP).await;
    browser.pass_sign_in(ALEX).await;
    step_up_for_change(&world, &mut browser).await;
    assert_eq!((browser.page.heading().as_str(), has_app(&world)), (NOT_PROVED, true));
}

#[tokio::test]
async fn a_password_is_enough_where_proof_is_any() {
    let world = world("any").await;
    set_amr(&world, false);
    let mut browser = world.signed_in(ALEX).await;
    let form = filled_in(&mut browser, APP, "Remove the authenticator app", &[]).await;
    browser.send(&form).await;
    assert!(!has_app(&world), "{}", browser.page.text());
}

/// Signed in anew by a tenant whose reused session challenges again: a new proof by a factor, an old `auth_time`.
async fn challenged_again(world: &World) -> Browser {
    world.tenant.configure(|settings| settings.session_skips_challenge = false);
    let mut browser = world.signed_in(ALEX).await;
    world.pass(Duration::minutes(11));
    browser.open("/").await;
    assert!(browser.page.path().starts_with("/u/"), "a challenge without a password: {}", browser.page.url);
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.heading(), LIST);
    browser
}

// U-01
#[tokio::test]
async fn a_challenge_in_a_reused_session_counts_from_its_token() {
    let world = world("factor").await;
    let mut browser = challenged_again(&world).await;
    let form = filled_in(&mut browser, APP, "Remove the authenticator app", &[]).await;
    browser.send(&form).await;
    assert!(!has_app(&world), "{}", browser.page.text());
}

#[tokio::test]
async fn a_recent_proof_wants_a_recent_sign_in_too() {
    let world = world("recent").await;
    let mut browser = challenged_again(&world).await;
    browser.open(APP).await;
    assert_eq!(browser.page.heading(), "Sign in");
    world.pass(Duration::seconds(31));
    browser.pass_sign_in(ALEX).await;
    browser.press("Remove the authenticator app", &[]).await;
    assert!(!has_app(&world), "{}", browser.page.text());
}

// U-02
#[tokio::test]
async fn the_forms_of_amr_and_acr_that_prove_a_factor() {
    for (amr, acr, proves) in [
        (json!(["mfa"]), Value::Null, true),
        (json!(["pwd", "mfa", "otp"]), Value::Null, true),
        (json!([]), json!(MULTI_FACTOR), true),
        (json!([]), Value::Null, false),
        (json!(["otp"]), Value::Null, false),
        (json!(["MFA", "mfa ", "mfa,otp"]), json!(""), false),
        (json!(["pwd"]), json!("http://schemas.openid.net/pape/policies/2007/06/multi-factor/"), false),
        (json!(["pwd"]), json!("urn:mace:incommon:iap:silver"), false),
    ] {
        let world = World::new().await;
        let said = (amr.clone(), acr.clone());
        world.tenant.tamper_id_token(Tamper::edit(move |token| {
            (token.claims["amr"], token.claims["acr"]) = said.clone();
        }));
        let mut browser = world.signed_in(ALEX).await;
        let form = filled_in(&mut browser, APP, "Remove the authenticator app", &[]).await;
        browser.send(&form).await;
        assert_eq!((has_app(&world), &amr, &acr), (!proves, &amr, &acr));
    }
}

/// Adds an app for Nora, whom nothing protects before.
async fn add_app(world: &World, browser: &mut Browser) {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let code = world.devices(NORA).totp_code_of(&key).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert!(world.tenant.authenticators(NORA).iter().any(|it| it.factor == Factor::Totp && it.active));
}

// U-02, U-03
#[tokio::test]
async fn the_first_factor_needs_a_password_and_every_later_change_the_factor() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    add_app(&world, &mut browser).await;
    let form =
        filled_in(&mut browser, "/factors/sms", "Send the code", &[("phone_number", "+44 7700 900123")])
            .await;
    browser.send(&form).await;
    assert_eq!(browser.page.heading(), PROVE_AGAIN);
    browser.follow("Continue").await;
    world.pass(Duration::seconds(31));
    browser.pass_sign_in(NORA).await;
    assert_eq!(browser.page.path(), "/factors/sms");
    browser.press("Send the code", &[]).await;
    assert_eq!(world.devices(NORA).messages().len(), 1, "{}", browser.page.text());
}

// U-02, U-03
#[tokio::test]
async fn a_set_up_begun_before_the_first_factor_is_not_confirmed_by_a_password() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let mut owner = world.signed_in(NORA).await;
    add_app(&world, &mut owner).await;
    let code = world.devices(NORA).messages().last().unwrap().code.clone();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.heading(), "Your visit has ended", "the first factor ends this session");
    assert!(!world.tenant.authenticators(NORA).iter().any(|it| it.factor == Factor::Sms && it.active));
}

// U-01
#[tokio::test]
async fn a_sign_in_asks_for_a_factor_only_when_it_is_forced() {
    let world = World::new().await;
    let mut browser = world.signed_in(NORA).await;
    let asked = |browser: &Browser, name| {
        let url = browser.journey.iter().find(|url| url.path() == "/authorize").unwrap();
        parameter(url, name)
    };
    world.pass(Duration::minutes(11));
    browser.open("/").await;
    assert_eq!(
        (asked(&browser, "max_age").as_deref(), asked(&browser, "acr_values")),
        (Some("2592000"), None)
    );
    browser.open("/factors/totp").await;
    assert_eq!(asked(&browser, "max_age").as_deref(), Some("0"));
    assert_eq!(asked(&browser, "acr_values").as_deref(), Some(MULTI_FACTOR));
}

#[tokio::test]
async fn the_start_warns_where_a_password_is_enough() {
    let tenant = process::tenant().await;
    let any = Process::start(&tenant, &[("PROOF", "any")]).output();
    let line = any.lines().find(|line| line.contains("password suffices for every change")).unwrap();
    assert!(line.contains("WARN") && line.contains("setting=\"PROOF\""), "{line}");
    let usual = Process::start(&tenant, &[]).output();
    assert!(!usual.contains("password suffices"), "{usual}");
}
