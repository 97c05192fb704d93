//! A code confirms another app than the one that a page asks it of: the person hears of that app.

use time::Duration;

use super::{Post, VERA};
use crate::challenge::{CHECK, CODE as TRIED, TRY_APP, TYPE_A_CODE};
use crate::factors::{CODE, CONFIRM, SCAN};
use crate::support::Browser;

const ADDED: &str = "A way to verify was added";

fn key(browser: &Browser) -> String {
    browser.page.text_of(".key").replace(' ', "")
}

fn added(post: &Post) -> usize {
    post.smtp.mails().iter().filter(|mail| mail.subject().contains(ADDED)).count()
}

// N-01, A-01
#[tokio::test]
async fn an_app_that_a_trial_s_code_confirms_is_told() {
    for is_cancelled in [false, true] {
        let post = Post::new().await;
        post.with_app().await;
        post.world.pass(Duration::seconds(31));
        let mut browser = post.world.signed_in(VERA).await;
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        let key = key(&browser);
        if is_cancelled {
            post.world.upset_always(
                "DELETE",
                "/mfa/authenticators/",
                emulated_tenant::FaultKind::json(429, "{}"),
            );
            browser.press("Cancel this set-up", &[]).await;
            post.world.tenant.faults().clear();
        }
        post.send().await;
        let before = added(&post);
        browser.open("/").await;
        browser.follow(TRY_APP).await;
        browser.press(TYPE_A_CODE, &[]).await;
        let code = post.world.devices(VERA).totp_code_of(&key).unwrap();
        browser.press(CHECK, &[(TRIED, &code)]).await;
        assert!(!browser.page.text().contains("The authenticator app works"), "{}", browser.page.text());
        post.send().await;
        assert_eq!(added(&post), before + 1, "cancelled: {is_cancelled}");
        post.world.flush_audit().await;
        assert_eq!(post.stream.of(&["enrollment_confirmed"]).len(), 2, "{}", post.stream.text());
        assert!(post.stream.of(&["trial"]).iter().all(|told| told["outcome"] == "failure"));
    }
}

// N-01, A-01
#[tokio::test]
async fn an_app_of_an_earlier_set_up_that_a_code_confirms_is_told() {
    let post = Post::new().await;
    let mut browser = post.world.signed_in(VERA).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    let earlier = key(&browser);
    // Its record lapses after a day.
    post.world.pass(Duration::hours(25));
    post.world.tenant.sign_out_everywhere();
    let mut browser = post.world.signed_in(VERA).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_ne!(key(&browser), earlier);
    let code = post.world.devices(VERA).totp_code_of(&earlier).unwrap();
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    post.send().await;
    assert_eq!(added(&post), 1, "{}", browser.page.text());
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["enrollment_confirmed"]).len(), 1, "{}", post.stream.text());
}

#[tokio::test]
async fn each_of_two_apps_that_one_trial_s_codes_confirm_is_told() {
    let post = Post::new().await;
    post.with_app().await;
    let mut keys = Vec::new();
    for _ in 0..2 {
        post.world.pass(Duration::hours(25));
        post.world.tenant.sign_out_everywhere();
        let mut browser = post.world.signed_in(VERA).await;
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        keys.push(key(&browser));
    }
    post.world.pass(Duration::hours(25));
    post.world.tenant.sign_out_everywhere();
    let mut browser = post.world.signed_in(VERA).await;
    post.send().await;
    let before = added(&post);
    browser.follow(TRY_APP).await;
    browser.press(TYPE_A_CODE, &[]).await;
    for key in &keys {
        let code = post.world.devices(VERA).totp_code_of(key).unwrap();
        browser.press(CHECK, &[(TRIED, &code)]).await;
    }
    post.send().await;
    assert_eq!(added(&post), before + 2, "{}", browser.page.text());
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["enrollment_confirmed"]).len(), 3, "{}", post.stream.text());
}
