//! Push notifications whose page is left: the phone may approve them or not, and the person hears what is true.

use std::time::Duration;

use emulated_tenant::{Authenticator, Factor, Fault, FaultKind};
use reqwest::header::USER_AGENT;

use super::{NEXT_ATTEMPT, Post, VERA};
use crate::factors::SCAN;
use crate::support::{ASSOCIATE, Browser, LIST, TOKEN};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const ALEX: &str = "app.phone@example.com";
const ADDED: &str = "A way to verify was added";
const PERHAPS: &str = "A way to verify may have been added";

/// A browser that shows Vera the QR code, and has asked once whether she has approved.
async fn waiting(post: &Post) -> Browser {
    waiting_for(post, VERA).await
}

/// The same for this person.
async fn waiting_for(post: &Post, email: &str) -> Browser {
    let mut browser = post.world.signed_in(email).await;
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    browser.go(browser.page.url.clone()).await;
    browser
}

/// The same while the list after the start, which would tell the ids, cannot be read.
async fn waiting_without_ids(post: &Post) -> Browser {
    let world = &post.world;
    let mut browser = world.signed_in(VERA).await;
    browser.open("/factors/push").await;
    let list = |kind, times| world.tenant.faults().inject(Fault::new("GET", LIST, kind).times(times));
    list(FaultKind::Delay(Duration::from_millis(1)), 2);
    list(FaultKind::json(503, "{}"), 2);
    let before = world.calls("GET", LIST);
    browser.press(SCAN, &[]).await;
    assert_eq!(
        world.calls("GET", LIST),
        before + 5,
        "two before the start, one after it with its repeat, and the page's"
    );
    browser
}

/// Vera's app of another visit is confirmed.
fn confirm_an_app_elsewhere(post: &Post) {
    let app = Authenticator::new(Factor::Totp, "dev_Elsewhere0000001").active();
    post.world.tenant.change_person(VERA, |vera| vera.authenticators.push(app));
}

fn has_leftovers(post: &Post) -> bool {
    let left = post.world.tenant.authenticators(VERA);
    left.iter().any(|it| !it.active && [Factor::Push, Factor::Totp].contains(&it.factor))
}

/// Vera approves. Unlike the emulated tenant, one may take the phone's word without a poll, because no page tells which.
fn approve(post: &Post) {
    assert!(post.world.devices(VERA).approve_push());
    post.world.tenant.change_person(VERA, |vera| {
        vera.authenticators.iter_mut().for_each(|it| it.active = true);
    });
}

/// Lets a quarter of an hour pass, and sends the mails that are due meanwhile.
async fn later(post: &Post) -> Vec<String> {
    for _ in 0..4 {
        post.world.pass(NEXT_ATTEMPT);
        post.send().await;
    }
    post.smtp.mails().iter().map(emulated_tenant::Mail::subject).collect()
}

fn is_one(subjects: &[String], wanted: &str) -> bool {
    subjects.len() == 1 && subjects[0].contains(wanted)
}

// N-01
#[tokio::test]
async fn a_page_that_is_left_and_not_approved_tells_of_nothing() {
    let post = Post::new().await;
    waiting(&post).await;
    assert_eq!(later(&post).await, Vec::<String>::new());
}

// N-01
#[tokio::test]
async fn a_page_that_is_left_for_another_set_up_tells_of_nothing() {
    let post = Post::new().await;
    let mut browser = waiting(&post).await;
    browser.open("/factors/push").await;
    browser.press(SCAN, &[]).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    assert_eq!(later(&post).await, Vec::<String>::new());
}

// N-01
#[tokio::test]
async fn an_approval_after_the_page_was_left_is_told() {
    let post = Post::new().await;
    waiting(&post).await;
    approve(&post);
    let subjects = later(&post).await;
    assert!(is_one(&subjects, ADDED), "{subjects:?}");
}

/// The answer to the page's poll was lost, so the page comes back and learns of the approval too.
// A-04
#[tokio::test]
async fn an_approval_that_the_list_has_told_is_not_told_again_by_its_page() {
    const CONFIRMED: &str = "enrollment_confirmed";
    let post = Post::new().await;
    let mut browser = waiting_for(&post, ALEX).await;
    let page = browser.page.url.clone();
    assert!(post.world.devices(ALEX).approve_push());
    post.world.upset("POST", "/oauth/token", FaultKind::DropAfter);
    post.world.upset_always("GET", LIST, FaultKind::Drop);
    post.world.pass(time::Duration::seconds(10));
    browser.go(page.clone()).await;
    post.world.tenant.faults().clear();
    for _ in 0..6 {
        post.world.pass(time::Duration::minutes(1));
        post.send().await;
    }
    post.stream.first(CONFIRMED).await;
    for _ in 0..3 {
        browser.go(page.clone()).await;
        post.world.pass(time::Duration::seconds(10));
    }
    browser.open("/").await;
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&[CONFIRMED]).len(), 1);
}

// N-01
#[tokio::test]
async fn an_approval_of_which_nobody_can_learn_may_have_been_given() {
    let post = Post::new().await;
    waiting(&post).await;
    approve(&post);
    post.world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
    let subjects = later(&post).await;
    assert!(is_one(&subjects, PERHAPS), "{subjects:?}");
}

// N-01
#[tokio::test]
async fn a_polls_ending_that_the_list_neither_shows_nor_denies_may_have_been_an_approval() {
    let post = Post::new().await;
    // Alex has proved a factor, so the polls go on without a list.
    let mut browser = waiting_for(&post, ALEX).await;
    // The answer to an earlier poll was lost, and the tenant calls the code used up.
    let used_up =
        FaultKind::json(403, r#"{"error":"expired_token","error_description":"oob_code is expired"}"#);
    post.world.upset_always("POST", "/oauth/token", used_up);
    post.world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
    post.world.pass(time::Duration::seconds(10));
    browser.go(browser.page.url.clone()).await;
    assert_eq!(browser.page.heading(), "The time to scan is over");
    let subjects = later(&post).await;
    assert!(is_one(&subjects, PERHAPS), "{subjects:?}");
}

// N-01
#[tokio::test]
async fn a_cancellation_after_another_set_up_forgets_no_approval() {
    let post = Post::new().await;
    let mut browser = waiting_for(&post, ALEX).await;
    let cancel = browser.page.form("Cancel this set-up");
    post.world.tenant.change_person(ALEX, |alex| {
        alex.authenticators.iter_mut().for_each(|it| it.active = true);
    });
    // The ending of the code comes while the list is away, and the next start drops what is known of the earlier one.
    post.world.pass(time::Duration::minutes(5));
    post.world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
    browser.go(browser.page.url.clone()).await;
    post.world.tenant.faults().clear();
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    browser.request(&cancel).send().await.unwrap();
    let subjects = later(&post).await;
    assert!(is_one(&subjects, ADDED), "{subjects:?}");
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["enrollment_cancelled"]).len(), 0, "{}", post.stream.text());
}

// N-01
#[tokio::test]
async fn an_approval_after_the_page_was_left_is_an_end_in_the_audit_stream() {
    let post = Post::new().await;
    waiting(&post).await;
    approve(&post);
    later(&post).await;
    post.world.flush_audit().await;
    assert_eq!(post.stream.of(&["enrollment_confirmed"]).len(), 1, "{}", post.stream.text());
    assert_eq!(post.stream.of(&["enrollment_failed"]).len(), 0, "{}", post.stream.text());
}

// N-01
#[tokio::test]
async fn an_approval_after_a_cancellation_that_removed_nothing_is_told() {
    let post = Post::new().await;
    let mut browser = waiting(&post).await;
    let cancel = browser.page.form("Cancel this set-up");
    post.world.upset_always("DELETE", "/mfa/authenticators/", FaultKind::json(429, "{}"));
    browser.send(&cancel).await;
    post.world.tenant.faults().clear();
    approve(&post);
    let subjects = later(&post).await;
    assert!(is_one(&subjects, ADDED), "{subjects:?}");
    post.world.flush_audit().await;
    let cancelled = post.stream.of(&["enrollment_cancelled"]);
    assert_eq!(cancelled[0]["outcome"], "failure", "it may still be approved: {cancelled:?}");
    let confirmed = post.stream.of(&["enrollment_confirmed"]);
    assert_eq!(confirmed.len(), 1, "{}", post.stream.text());
    assert_eq!(confirmed[0]["operation"], cancelled[0]["operation"]);
}

// N-01
#[tokio::test]
async fn a_cancelled_set_up_that_the_tenant_kept_is_removed_later() {
    let post = Post::new().await;
    let mut browser = waiting(&post).await;
    let cancel = browser.page.form("Cancel this set-up");
    post.world.upset_always("DELETE", "/mfa/authenticators/", FaultKind::json(429, "{}"));
    browser.send(&cancel).await;
    assert!(post.world.unfinished(VERA) > 0);
    post.world.tenant.faults().clear();
    assert_eq!(later(&post).await, Vec::<String>::new());
    let left = post.world.tenant.authenticators(VERA);
    assert!(left.iter().all(|it| ![Factor::Push, Factor::Totp].contains(&it.factor)), "{left:?}");
}

// N-01
#[tokio::test]
async fn an_approval_for_an_ended_session_is_told_as_that_sessions() {
    let post = Post::new().await;
    waiting_for(&post, ALEX).await;
    post.world
        .tenant
        .change_person(ALEX, |alex| alex.authenticators.iter_mut().for_each(|it| it.active = true));
    let mut owner = Browser::telling(&post.world, USER_AGENT, FIREFOX);
    post.world.pass(time::Duration::seconds(31));
    owner.open("/").await;
    owner.pass_sign_in(ALEX).await;
    owner.follow("Remove phone ending 0167").await;
    let remove = owner.page.buttons().into_iter().find(|it| it.starts_with("Remove")).unwrap();
    owner.press(&remove, &[]).await;
    later(&post).await;
    let mails = post.smtp.mails();
    let told = mails.iter().find(|mail| mail.subject().contains(ADDED)).unwrap();
    assert!(!told.text().contains("Firefox"), "{}", told.text());
}

#[tokio::test]
async fn an_app_that_was_confirmed_meanwhile_is_no_pushs_twin() {
    let post = Post::new().await;
    let mut browser = waiting_without_ids(&post).await;
    let cancel = browser.page.form("Cancel this set-up");
    confirm_an_app_elsewhere(&post);
    browser.send(&cancel).await;
    assert!(browser.page.notice().contains("Nothing was added"), "{}", browser.page.text());
    assert!(!has_leftovers(&post));
    assert_eq!(later(&post).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_app_that_was_confirmed_meanwhile_approves_no_push_that_is_left() {
    let post = Post::new().await;
    waiting_without_ids(&post).await;
    confirm_an_app_elsewhere(&post);
    assert_eq!(later(&post).await, Vec::<String>::new(), "the list shows that the push was not approved");
}

#[tokio::test]
async fn an_approval_is_told_although_no_list_told_the_ids() {
    let post = Post::new().await;
    waiting_without_ids(&post).await;
    approve(&post);
    let subjects = later(&post).await;
    assert!(is_one(&subjects, ADDED), "{subjects:?}");
}

#[tokio::test]
async fn a_cancelled_set_up_of_unknown_ids_is_removed_later() {
    let post = Post::new().await;
    let mut browser = waiting_without_ids(&post).await;
    let cancel = browser.page.form("Cancel this set-up");
    post.world.upset_always("DELETE", "/mfa/authenticators/", FaultKind::json(429, "{}"));
    browser.send(&cancel).await;
    assert!(has_leftovers(&post));
    post.world.tenant.faults().clear();
    assert_eq!(later(&post).await, Vec::<String>::new());
    assert!(!has_leftovers(&post));
}

#[tokio::test]
async fn an_approval_after_the_page_was_left_ends_visits_with_the_password_alone() {
    let post = Post::new().await;
    let mut intruder = post.world.signed_in(VERA).await;
    waiting(&post).await;
    approve(&post);
    // Its session would lapse after ten minutes.
    for _ in 0..2 {
        post.world.pass(NEXT_ATTEMPT);
        post.send().await;
    }
    assert_eq!(post.smtp.mails().len(), 1);
    intruder.open("/").await;
    assert!(!intruder.page.controls().iter().any(|it| it.starts_with("Remove")), "{}", intruder.page.text());
}

/// The list after the association failed, the tenant refused another code, and its answer to the first one was lost.
#[tokio::test]
async fn a_number_that_may_have_been_added_is_told_after_a_cancellation() {
    for refusal in [429, 503] {
        let post = Post::new().await;
        let mut browser = post.world.signed_in(VERA).await;
        browser.open("/factors/sms").await;
        let as_it_is = || FaultKind::Delay(Duration::from_millis(1));
        for kind in [as_it_is(), as_it_is(), as_it_is(), FaultKind::Drop, FaultKind::Drop] {
            post.world.upset("GET", LIST, kind);
        }
        browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
        post.world.tenant.faults().clear();
        let code = post.world.devices(VERA).last_code(Factor::Sms).unwrap();
        let page = browser.page.url.clone();
        post.world.pass(time::Duration::seconds(31));
        browser.go(page.clone()).await;
        post.world.upset_always("POST", ASSOCIATE, FaultKind::json(refusal, "{}"));
        browser.press("Send another code", &[]).await;
        post.world.tenant.faults().clear();
        browser.go(page.clone()).await;
        post.world.upset("POST", TOKEN, FaultKind::DropAfter);
        browser.press("Confirm", &[("Six-digit code", &code)]).await;
        assert!(browser.page.status.is_server_error(), "{}", browser.page.text());
        assert!(!browser.page.text().contains("Nothing was changed"), "{}", browser.page.text());
        browser.go(page).await;
        browser.press("Cancel this set-up", &[]).await;
        let subjects = later(&post).await;
        assert!(is_one(&subjects, PERHAPS), "{refusal} {subjects:?}");
    }
}
