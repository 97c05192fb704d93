//! The recovery code: the tenant issues it with a person's first association only, and the portal keeps it until the
//! person has saved it.

use emulated_tenant::{Factor, FaultKind};
use reqwest::header::{CONTENT_DISPOSITION, COOKIE};
use serde_json::json;
use time::Duration;

use crate::factors::{APP_PHONE, CANCEL, CODE, CONFIRM, NOTHING, app_code, mistake};
use crate::support::{ASSOCIATE, Browser, TOKEN, World};

const SAVED: &str = "I have saved it somewhere safe, and not only on my phone";
const DONE: &str = "Done";

/// A person's first enrollment, up to the page with the QR code.
async fn first_set_up(world: &World) -> Browser {
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    browser
}

/// The same, confirmed.
async fn confirmed(world: &World) -> Browser {
    let mut browser = first_set_up(world).await;
    let code = world.devices(NOTHING).totp_code(0).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser
}

/// The recovery codes on the page, without spaces.
fn codes(browser: &Browser) -> Vec<String> {
    browser.page.texts(".recovery").iter().map(|code| code.replace(' ', "")).collect()
}

async fn say_saved(browser: &mut Browser) {
    let mut form = browser.page.form(DONE);
    form.set(&browser.page.field(SAVED), "yes");
    browser.send(&form).await;
}

// K-02
#[tokio::test]
async fn the_first_confirmation_shows_the_code_from_the_association() {
    let world = World::new().await;
    let browser = confirmed(&world).await;
    assert_eq!(browser.page.path(), "/recovery-code");
    assert_eq!(codes(&browser), [world.devices(NOTHING).recovery_code().unwrap()]);
    let shown = browser.page.text_of(".recovery");
    assert!(shown.split(' ').all(|group| group.len() == 4), "in groups of four: {shown}");
    assert!(browser.page.notice().contains("Authenticator app added"), "{}", browser.page.notice());
}

#[tokio::test]
async fn the_code_is_not_shown_before_the_confirmation() {
    let world = World::new().await;
    let browser = first_set_up(&world).await;
    let code = world.devices(NOTHING).recovery_code().unwrap();
    assert!(!browser.page.html.contains(&code) && !browser.page.html.contains(&code[..4]));
}

// K-02
#[tokio::test]
async fn the_code_is_shown_again_until_confirmed_as_saved() {
    let world = World::new().await;
    let mut browser = confirmed(&world).await;
    let code = codes(&browser);
    for _ in 0..3 {
        browser.open("/").await;
        assert!(browser.page.text().contains("Save your recovery code"), "the list reminds");
        assert!(!browser.page.html.contains(&code[0]), "and does not show it");
        browser.follow("Show my recovery code").await;
        assert_eq!(codes(&browser), code);
    }
}

#[tokio::test]
async fn an_unsaved_code_waits_for_the_next_visit() {
    let world = World::new().await;
    let code = codes(&confirmed(&world).await);
    world.pass(Duration::hours(20));
    world.tenant.sign_out_everywhere();
    let mut browser = world.signed_in(NOTHING).await;
    assert!(browser.page.text().contains("Save your recovery code"));
    browser.open("/recovery-code").await;
    assert_eq!(codes(&browser), code);
}

#[tokio::test]
async fn confirming_as_saved_needs_the_checkbox() {
    let world = World::new().await;
    let mut browser = confirmed(&world).await;
    let code = codes(&browser);
    browser.press(DONE, &[]).await;
    assert!(mistake(&browser.page, "saved").contains("tick the box"));
    assert_eq!(codes(&browser), code, "it is still there");
    say_saved(&mut browser).await;
    assert_eq!(browser.page.path(), "/");
}

// K-02
#[tokio::test]
async fn a_saved_code_is_shown_nowhere() {
    let world = World::new().await;
    let mut browser = confirmed(&world).await;
    let code = codes(&browser).remove(0);
    say_saved(&mut browser).await;
    assert!(browser.page.notice().contains("Recovery code saved"), "{}", browser.page.notice());
    assert!(!browser.page.text().contains("Save your recovery code"));
    assert!(
        browser.page.entries().iter().any(|it| it.starts_with("Recovery code")),
        "the list has a line for it"
    );
    browser.open("/recovery-code").await;
    assert_eq!((codes(&browser), browser.page.status.as_u16()), (Vec::new(), 200));
    assert!(browser.page.text().contains("cannot be shown again"), "{}", browser.page.heading());
    assert!(!browser.page.html.replace(' ', "").contains(&code));
}

#[tokio::test]
async fn confirming_a_saved_recovery_code_twice_is_harmless() {
    let world = World::new().await;
    let mut browser = confirmed(&world).await;
    let mut form = browser.page.form(DONE);
    form.set("saved", "yes");
    browser.send(&form).await;
    browser.send(&form).await;
    assert_eq!((browser.page.path(), browser.page.status.as_u16()), ("/", 200));
}

/// Sets an app up and shows the code that waited since an earlier set-up.
async fn shown_by_the_next_set_up(browser: &mut Browser, world: &World, code: String) {
    assert!(!browser.page.html.contains(&code[..4]));
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let typed = app_code(world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &typed)]).await;
    assert_eq!((browser.page.path(), codes(browser)), ("/recovery-code", vec![code]));
}

// E-07
#[tokio::test]
async fn the_code_survives_a_cancelled_enrollment() {
    let world = World::new().await;
    let mut browser = first_set_up(&world).await;
    let code = world.devices(NOTHING).recovery_code().unwrap();
    browser.press(CANCEL, &[]).await;
    assert_eq!(browser.page.path(), "/", "{}", browser.page.text());
    shown_by_the_next_set_up(&mut browser, &world, code).await;
}

// E-07
#[tokio::test]
async fn the_code_survives_a_lapsed_enrollment() {
    let world = World::new().await;
    first_set_up(&world).await;
    let code = world.devices(NOTHING).recovery_code().unwrap();
    world.pass(Duration::days(20));
    world.tenant.sign_out_everywhere();
    let mut browser = world.signed_in(NOTHING).await;
    shown_by_the_next_set_up(&mut browser, &world, code).await;
}

// E-07
#[tokio::test]
async fn the_code_survives_a_lost_confirmation_answer() {
    let world = World::new().await;
    let mut browser = first_set_up(&world).await;
    world.upset("POST", TOKEN, FaultKind::DropAfter);
    let code = world.devices(NOTHING).totp_code(0).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/recovery-code");
    assert_eq!(codes(&browser), [world.devices(NOTHING).recovery_code().unwrap()]);
}

#[tokio::test]
async fn the_code_survives_a_failed_list_after_the_association() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    // The first two lists succeed. The third one, after the association, fails at both tries.
    for _ in 0..2 {
        world.upset("GET", crate::support::LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
    }
    world.upset("GET", crate::support::LIST, FaultKind::Drop);
    world.upset("GET", crate::support::LIST, FaultKind::Drop);
    browser.press("Show me the QR code", &[]).await;
    let code = world.devices(NOTHING).totp_code(0).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(codes(&browser), [world.devices(NOTHING).recovery_code().unwrap()]);
}

#[tokio::test]
async fn a_tab_with_an_earlier_code_does_not_erase_a_newer_one() {
    let world = World::with(&[
        ("auth0-management-client-id", "mfa-portal-management"),
        ("auth0-management-client-secret", "emulated-tenant-management-secret"),
    ])
    .await;
    let mut browser = world.signed_in(APP_PHONE).await;
    browser.open("/recovery-code").await;
    browser.press("Get a new recovery code", &[]).await;
    let mut old = browser.page.form("Done");
    old.set("saved", "yes");
    browser.send(&old).await;
    browser.open("/recovery-code").await;
    browser.press("Get a new recovery code", &[]).await;
    let newer = codes(&browser);
    browser.send(&old).await;
    assert_eq!((browser.page.path(), codes(&browser)), ("/recovery-code", newer.clone()));
    assert_eq!(newer, [world.devices(APP_PHONE).recovery_code().unwrap()]);
    say_saved(&mut browser).await;
    browser.open("/recovery-code").await;
    assert!(codes(&browser).is_empty());
}

#[tokio::test]
async fn a_second_enrollment_brings_no_new_code() {
    let world = World::with(&[("proof", "any")]).await;
    let mut browser = confirmed(&world).await;
    say_saved(&mut browser).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let code = world.devices(NOTHING).last_code(Factor::Sms).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    assert_eq!(browser.page.path(), "/", "straight to the list");
    assert!(!browser.page.text().contains("Save your recovery code"));
}

#[tokio::test]
async fn a_tenant_without_recovery_codes_leads_to_no_mention_of_them() {
    let world = World::new().await;
    world.tenant.configure(|settings| settings.recovery_codes = false);
    let browser = confirmed(&world).await;
    assert_eq!(browser.page.path(), "/");
    assert!(!browser.page.text().contains("ecovery code"), "{}", browser.page.text());
}

#[tokio::test]
async fn several_codes_are_all_shown() {
    let world = World::new().await;
    let mut browser = world.signed_in(NOTHING).await;
    browser.open("/factors/totp").await;
    let codes_sent = ["AAAABBBBCCCCDDDDEEEEFFFF", "GGGGHHHHIIIIJJJJKKKKLLLL", "MMMM"];
    let answer =
        json!({"authenticator_type": "otp", "secret": "JBSWY3DPEHPK3PXP", "recovery_codes": codes_sent});
    world.upset("POST", ASSOCIATE, FaultKind::json(200, &answer.to_string()));
    browser.press("Show me the QR code", &[]).await;
    browser.press(CANCEL, &[]).await;
    world.tenant.configure(|settings| settings.recovery_codes = false);
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let typed = app_code(&world, &browser.page);
    browser.press(CONFIRM, &[(CODE, &typed)]).await;
    assert_eq!(codes(&browser), codes_sent);
}

// K-02
#[tokio::test]
async fn the_code_is_shown_to_nobody_else() {
    let world = World::new().await;
    let owner = confirmed(&world).await;
    let code = codes(&owner).remove(0);
    let mut other = world.signed_in(APP_PHONE).await;
    assert!(!other.page.text().contains("Save your recovery code"));
    other.open("/recovery-code").await;
    assert_eq!(codes(&other), Vec::<String>::new());
    assert!(!other.page.html.contains(&code));
    let mut stranger = world.browser();
    stranger.open("/recovery-code").await;
    assert!(stranger.page.path().starts_with("/u/login"), "{}", stranger.page.url);
}

#[tokio::test]
async fn the_file_is_named_for_its_account_and_says_of_which_site_it_is() {
    let world = World::new().await;
    let mut browser = confirmed(&world).await;
    browser.open("/recovery-code/download").await;
    let name = browser.page.header("content-disposition").to_owned();
    assert!(name.contains("nothing%40example%2Ecom%20recovery-code.txt"), "{name}");
    assert!(browser.page.html.contains(world.portal.as_str()), "{}", browser.page.html);
    assert!(!browser.page.html.contains(['\u{2068}', '\u{2069}']), "no marks are copied along");
}

#[tokio::test]
async fn a_link_of_another_site_leaves_no_file_behind() {
    let world = World::new().await;
    let browser = confirmed(&world).await;
    let code = codes(&browser).remove(0);
    for (site, is_file) in
        [("cross-site", false), ("same-site", false), ("same-origin", true), ("none", true)]
    {
        let download = world.browser().client().get(browser.address("/recovery-code/download"));
        let download = download.header(COOKIE, browser.cookies()).header("sec-fetch-site", site);
        let answer = download
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-user", "?1")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers().contains_key(CONTENT_DISPOSITION), is_file, "{site} {}", answer.status());
        assert_eq!(answer.status().is_redirection(), !is_file, "{site}");
        assert_eq!(answer.text().await.unwrap().replace(' ', "").contains(&code), is_file, "{site}");
    }
}
