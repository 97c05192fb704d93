//! The language of a mail: that of the person's earlier visits, whatever language the session that changes something has.

use std::time::Duration as StdDuration;

use rusqlite::Connection;
use time::Duration;
use tokio::time::sleep;

use super::{Post, VERA};
use crate::factors::{CODE, CONFIRM, SCAN};

/// Shorter than the portal waits for a file that is locked.
const A_MOMENT: StdDuration = StdDuration::from_millis(200);

const ALEX: &str = "app.phone@example.com";
const GERMAN: &str = "Bestätigungsmethode";
const FRENCH: &str = "moyen de vérification";
const JAPANESE: &str = "認証方法";

impl Post {
    /// A visit that sees the list in this language.
    async fn visit(&self, email: &str, language: &str) {
        let mut browser = self.world.signed_in(email).await;
        browser.open(&format!("/?lang={language}")).await;
    }

    /// A visit in this language in which Vera, or somebody with her password, adds an app.
    async fn add_app_in(&self, language: &str) {
        let mut browser = self.world.signed_in(VERA).await;
        browser.open("/factors/totp?lang=en").await;
        browser.press(SCAN, &[]).await;
        let key = browser.page.text_of(".key").replace(' ', "");
        let mut form = browser.page.form(CONFIRM);
        form.set(&browser.page.field(CODE), &self.world.devices(VERA).totp_code_of(&key).unwrap());
        browser.open(&format!("/?lang={language}")).await;
        browser.send(&form).await;
    }

    /// A visit in this language in which Alex removes the app.
    async fn remove_app_in(&self, language: &str) {
        let mut browser = self.world.signed_in(ALEX).await;
        browser.follow("Remove authenticator app").await;
        let form = browser.page.form("Remove the authenticator app");
        browser.open(&format!("/?lang={language}")).await;
        browser.send(&form).await;
    }

    /// The subject of the mail about what was added or removed.
    async fn subject(&self) -> String {
        self.send().await;
        let mails = self.smtp.mails();
        assert!(!mails.is_empty());
        // A code's mail may come before.
        let subjects: Vec<String> = mails.iter().map(emulated_tenant::Mail::subject).collect();
        let is_of_factor = |it: &&String| [GERMAN, FRENCH, JAPANESE].iter().any(|words| it.contains(words));
        subjects.iter().find(is_of_factor).cloned().unwrap_or_else(|| subjects.join(", "))
    }
}

// N-01
#[tokio::test]
async fn the_password_alone_does_not_choose_the_language_of_the_owners_mails() {
    let post = Post::new().await;
    post.visit(VERA, "de").await;
    for _ in 0..3 {
        post.world.pass(Duration::days(2));
        post.visit(VERA, "ja").await;
    }
    post.add_app_in("ja").await;
    assert!(post.subject().await.contains(GERMAN), "{}", post.subject().await);
}

// N-01
#[tokio::test]
async fn without_earlier_visits_the_profiles_language_goes_before_the_sessions() {
    for (locale, expected) in [(Some("fr-CA"), FRENCH), (Some("tlh"), JAPANESE), (None, JAPANESE)] {
        let post = Post::new().await;
        post.world.tenant.change_person(VERA, |vera| vera.locale = locale.map(ToOwned::to_owned));
        post.add_app_in("ja").await;
        assert!(post.subject().await.contains(expected), "{locale:?}: {}", post.subject().await);
    }
}

// N-01
#[tokio::test]
async fn the_password_alone_does_not_go_before_the_profiles_language() {
    let post = Post::new().await;
    post.world.tenant.change_person(VERA, |vera| vera.locale = Some("fr-CA".to_owned()));
    for _ in 0..3 {
        post.visit(VERA, "ja").await;
        post.world.pass(Duration::days(2));
    }
    post.add_app_in("ja").await;
    assert!(post.subject().await.contains(FRENCH), "{}", post.subject().await);
}

// N-01
#[tokio::test]
async fn the_password_alone_does_not_follow_upon_a_factors_language() {
    let post = Post::new().await;
    post.visit(ALEX, "de").await;
    post.world.pass(Duration::MINUTE);
    post.world.tenant.configure(|settings| settings.amr = false);
    post.visit(ALEX, "ja").await;
    post.world.tenant.configure(|settings| settings.amr = true);
    post.world.pass(Duration::days(2));
    post.remove_app_in("ja").await;
    assert!(post.subject().await.contains(GERMAN), "{}", post.subject().await);
}

// N-01
#[tokio::test]
async fn a_language_chosen_after_a_factor_counts_from_the_next_day() {
    for (days, expected) in [(0, GERMAN), (2, FRENCH)] {
        let post = Post::new().await;
        post.visit(ALEX, "de").await;
        post.world.pass(Duration::days(2));
        post.visit(ALEX, "fr").await;
        post.world.pass(Duration::days(days) + Duration::MINUTE);
        post.remove_app_in("ja").await;
        assert!(post.subject().await.contains(expected), "{days}: {}", post.subject().await);
    }
}

// N-01
#[tokio::test]
async fn forgetting_leaves_the_language_of_the_mails() {
    let post = Post::new().await;
    post.visit(ALEX, "de").await;
    post.world.pass(Duration::days(2));
    let mut browser = post.world.signed_in(ALEX).await;
    browser.open("/authenticators/name?id=totp%7Cdev_AppPhoneTotp0001").await;
    browser.press("Save the name", &[("Name", "My phone")]).await;
    browser.press("Forget names, dates and changes", &[]).await;
    post.world.pass(Duration::MINUTE);
    post.remove_app_in("ja").await;
    assert!(post.subject().await.contains(GERMAN), "{}", post.subject().await);
}

/// The visit's language is kept under a lock, which would keep the person's next change waiting.
#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_leaves_while_its_language_is_kept_leaves_no_lock() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    let post = Post::with(&[("session-store", &format!("sqlite:{}", path.display()))]).await;
    let browser = post.world.signed_in(ALEX).await;
    let file = Connection::open(&path).unwrap();
    file.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let visit = browser.client().get(browser.address("/?lang=ja")).timeout(A_MOMENT);
    assert!(visit.send().await.is_err_and(|error| error.is_timeout()));
    file.execute_batch("COMMIT").unwrap();
    sleep(5 * A_MOMENT).await;
    let now = post.world.now().unix_timestamp() * 1000;
    // Counters are numbers; those of the sign-in end as soon.
    let within =
        "SELECT count(*) FROM records WHERE ends BETWEEN ?1 AND ?1 + 4000 AND typeof(value) <> 'integer'";
    let locks: i64 = file.query_row(within, [now], |row| row.get(0)).unwrap();
    assert_eq!(locks, 0);
}
