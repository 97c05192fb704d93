//! `GET /`: the list of a person's authenticators.

mod addresses;
mod grouping;
mod leads;
mod names;
mod next;
mod odd;
mod scopes;

use emulated_tenant::{Authenticator, Factor, Person};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::{Browser, World};

/// Opens the list of a person for whom the tenant returns these authenticators.
async fn show_list(listed: &Value) -> (World, Browser) {
    let world = World::new().await;
    let mut browser = world.signed_in("nothing@example.com").await;
    world.lists(listed);
    browser.open("/").await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    (world, browser)
}

/// The names of the controls for removing.
fn removals(browser: &Browser) -> Vec<String> {
    browser.page.controls().into_iter().filter(|it| it.starts_with("Remove")).collect()
}

#[tokio::test]
async fn an_empty_list_says_what_protects_the_account_and_what_to_add() {
    let world = World::new().await;
    let browser = world.signed_in("nothing@example.com").await;
    assert_eq!(browser.page.status, 200);
    assert_eq!(browser.page.heading(), "Two-step verification");
    assert_eq!(browser.page.entries(), Vec::<String>::new());
    assert!(browser.page.text().contains("Only your password protects your account"));
    let controls = browser.page.controls().join("\n");
    for kind in ["an authenticator app", "a phone number", "an e-mail address"] {
        assert!(controls.contains(&format!("Add {kind}")), "{controls}");
    }
}

#[tokio::test]
async fn app_number_recovery_code_and_profile_address_are_four_entries() {
    let world = World::new().await;
    let browser = world.signed_in("app.phone@example.com").await;
    let entries = browser.page.entries();
    assert_eq!(entries.len(), 4, "{entries:?}");
    for (entry, begins) in
        entries.iter().zip(["Authenticator app", "Phone ending 0167", "E-mail", "Recovery code"])
    {
        assert!(entry.starts_with(begins), "{entry} does not begin with {begins}");
    }
    assert_eq!(removals(&browser), ["Remove authenticator app", "Remove phone ending 0167"]);
    assert!(!browser.page.text().contains("never finished"));
}

#[tokio::test]
async fn a_number_for_messages_and_calls_is_one_entry() {
    let world = World::new().await;
    let browser = world.signed_in("app.phone@example.com").await;
    let phones: Vec<_> = browser
        .page
        .entries()
        .into_iter()
        .filter(|it| it.contains("phone call") || it.contains("0167"))
        .collect();
    assert_eq!(phones, ["Phone ending 0167 Text message or call Give it a name Test Replace Remove"]);
}

#[tokio::test]
async fn push_and_its_totp_twin_are_one_entry_when_there_is_one_of_each() {
    let world = World::new().await;
    let browser = world.signed_in("push@example.com").await;
    let entries = browser.page.entries();
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[0].starts_with("Push notification Pia's phone"), "{entries:?}");
    assert_eq!(removals(&browser), ["Remove push notifications"]);
}

#[tokio::test]
async fn unfinished_authenticators_are_counted_but_not_listed() {
    let world = World::new().await;
    let browser = world.signed_in("eight@example.com").await;
    let entries = browser.page.entries();
    assert_eq!(entries.len(), 4, "{entries:?}");
    assert!(!browser.page.html.contains("5678") && !browser.page.html.contains("dev_EightTotpTotp002"));
    assert!(browser.page.text().contains("2 set-ups were never finished"), "a pair counts once");
}

#[tokio::test]
async fn the_profiles_own_address_is_listed_and_cannot_be_removed() {
    let world = World::new().await;
    let browser = world.signed_in("app.phone@example.com").await;
    let entries = browser.page.entries();
    let email = entries.iter().find(|it| it.starts_with("E-mail")).unwrap();
    assert!(email.contains("Comes with your account") && !email.contains("Remove"), "{email}");
    assert!(email.contains("app.phone@example.com"), "in full, not as the tenant masks it: {email}");
}

#[tokio::test]
async fn an_enrolled_address_can_be_removed() {
    let world = World::new().await;
    let browser = world.signed_in("eight@example.com").await;
    assert!(removals(&browser).contains(&"Remove e-mail address …@exam…".to_owned()));
}

#[tokio::test]
async fn the_recovery_code_has_its_own_entry_and_cannot_be_removed() {
    let world = World::new().await;
    let browser = world.signed_in("app.phone@example.com").await;
    let entries = browser.page.entries();
    let code = entries.iter().find(|it| it.starts_with("Recovery code")).unwrap();
    assert!(!code.contains("Remove"), "{code}");
    assert!(!browser.page.html.contains("AB12"), "the code itself is not shown");
}

#[tokio::test]
async fn opening_the_list_and_each_offer_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.signed_in("eight@example.com").await;
    world.tenant.journal().clear();
    let before = world.tenant.authenticators("eight@example.com");
    for path in ["/", "/factors", "/factors/totp", "/factors/sms", "/factors/voice", "/factors/email"] {
        browser.open(path).await;
        assert_eq!(browser.page.status, 200, "{path}");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(world.tenant.authenticators("eight@example.com"), before);
}

#[tokio::test]
async fn every_control_on_the_list_has_a_unique_name() {
    let world = World::new().await;
    let browser = world.signed_in("eight@example.com").await;
    let mut names = browser.page.controls();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "{:?}", browser.page.controls());
    assert!(names.iter().all(|name| !name.is_empty()));
}

// V-30
#[tokio::test]
async fn a_person_with_email_only_learns_that_sign_in_does_not_ask_for_it() {
    let world = World::new().await;
    world.tenant.add_person(emulated_tenant::Person::new("Mia Mail", "mia@example.com"));
    let browser = world.signed_in("mia@example.com").await;
    assert_eq!(browser.page.entries().len(), 1);
    assert!(browser.page.text().contains("does not protect your account"));
}

// S-19, V-16, V-17
#[tokio::test(flavor = "multi_thread")]
async fn pages_at_the_same_time_show_everybody_their_own() {
    let world = World::new().await;
    let mut people = Vec::new();
    for one in 0..20 {
        let (email, ending) = (format!("person.{one}@example.com"), format!("10{one:02}"));
        let mut person = Person::new(&format!("Person {one}"), &email);
        let phone = Authenticator::new(Factor::Sms, &format!("dev_{one}"));
        person.authenticators.push(phone.with_contact(&format!("+44770090{ending}")).active());
        world.tenant.add_person(person);
        people.push((world.signed_in(&email).await, email, ending));
    }
    let mut pages = JoinSet::new();
    for _ in 0..10 {
        for (browser, email, ending) in &people {
            let (request, email, ending) =
                (browser.client().get(world.portal.clone()), email.clone(), ending.clone());
            pages.spawn(async move { (email, ending, request.send().await.unwrap().text().await.unwrap()) });
        }
    }
    for (email, ending, html) in pages.join_all().await {
        assert_eq!(html.matches("@example.com").count(), html.matches(&email).count(), "{email}: {html}");
        assert!(html.contains(&email) && html.contains(&ending), "{email}: {html}");
    }
}
