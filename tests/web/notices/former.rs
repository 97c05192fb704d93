//! The address of an e-mail factor that goes hears of it, and gets nothing that works without signing in.

use emulated_tenant::{FaultKind, Mail};

use super::Post;
use crate::factors::{CODE, CONFIRM};
use reqwest::header::USER_AGENT;

use crate::support::{Browser, Form, LIST};

const ALEX: &str = "app.phone@example.com";
const OLD: &str = "alex.private@work.example.org";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
                    Safari/537.36 Edg/142.0.0.0";
const SUPPORT: &str = "https://help.example.com/";

/// A browser in which Alex has added this address.
async fn with_address(post: &Post) -> Browser {
    let mut browser = post.world.signed_in(ALEX).await;
    browser.open("/factors/email").await;
    browser.press("Send the code", &[("E-mail address", OLD)]).await;
    let code = post.world.devices(ALEX).messages().pop().unwrap().code;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    browser.open("/").await;
    browser
}

/// The form that removes the address.
async fn removal(browser: &mut Browser) -> Form {
    let label =
        browser.page.controls().into_iter().find(|it| it.starts_with("Remove e-mail address")).unwrap();
    browser.follow(&label).await;
    browser.page.form("Remove the address")
}

/// The mails of removals to this address.
fn told(post: &Post, to: &str) -> Vec<Mail> {
    let is_removal = |mail: &Mail| mail.to == to && mail.subject().contains("was removed");
    post.smtp.mails().into_iter().filter(is_removal).collect()
}

// N-01
#[tokio::test]
async fn a_removed_address_hears_of_it_without_the_link_that_ends_visits() {
    let post = Post::with(&[("support-url", SUPPORT)]).await;
    let mut browser = with_address(&post).await;
    post.send().await;
    assert!(post.smtp.mails().iter().all(|mail| mail.to == ALEX));
    let form = removal(&mut browser).await;
    browser.send(&form).await;
    post.send().await;
    let (own, former) = (told(&post, ALEX), told(&post, OLD));
    assert_eq!((own.len(), former.len()), (1, 1));
    for text in [own[0].text(), own[0].html()] {
        assert!(text.contains("/notices/") && text.contains("Internet address"), "{text}");
    }
    for text in [former[0].text(), former[0].html()] {
        assert!(!text.contains("/notices/") && !text.contains("This was not me"), "{text}");
        // It may be an intruder's, so it learns nothing of the person's browser and network.
        assert!(!text.contains("Browser") && !text.contains("Internet address"), "{text}");
        for said in ["Codes were sent to this address until now", SUPPORT, post.world.public.as_str()] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}

// N-01
#[tokio::test]
async fn an_address_hears_of_its_removal_after_names_dates_and_changes_were_forgotten() {
    let post = Post::new().await;
    let mut browser = with_address(&post).await;
    browser.press("Forget names, dates and changes", &[]).await;
    let buttons = browser.page.buttons();
    assert!(!buttons.contains(&"Forget names, dates and changes".to_owned()), "{buttons:?}");
    assert!(!browser.page.text().contains("Added "), "{}", browser.page.text());
    let form = removal(&mut browser).await;
    browser.send(&form).await;
    post.send().await;
    assert_eq!((told(&post, ALEX).len(), told(&post, OLD).len()), (1, 1));
}

// N-01
#[tokio::test]
async fn an_address_hears_of_a_removal_whose_answer_never_came() {
    let post = Post::new().await;
    let mut browser = with_address(&post).await;
    let form = removal(&mut browser).await;
    post.world.upset("DELETE", LIST, FaultKind::DropAfter);
    // The list is read before the removal and must succeed then; it fails only afterwards.
    post.world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
    post.world.upset_always("GET", LIST, FaultKind::Drop);
    browser.send(&form).await;
    assert!(browser.page.text().contains("We do not know"), "{}", browser.page.text());
    post.world.tenant.faults().clear();
    browser.open("/").await;
    post.send().await;
    assert_eq!((told(&post, ALEX).len(), told(&post, OLD).len()), (1, 1));
}

// N-01
#[tokio::test]
async fn a_removal_that_a_later_visit_finds_is_told_as_the_visit_that_made_it() {
    for is_intended in [true, false] {
        let post = Post::with(&[("trusted-proxies", "127.0.0.0/8")]).await;
        let mut intruder = Browser::telling(&post.world, USER_AGENT, FIREFOX);
        intruder.open("/").await;
        intruder.pass_sign_in(ALEX).await;
        intruder.follow("Remove authenticator app").await;
        let form = intruder.page.form("Remove the authenticator app");
        post.world.upset("DELETE", LIST, FaultKind::DropAfter);
        post.world.upset("GET", LIST, FaultKind::Delay(std::time::Duration::from_millis(1)));
        post.world.upset_always("GET", LIST, FaultKind::Drop);
        intruder.send(&form).await;
        post.world.tenant.faults().clear();
        if !is_intended {
            // By then it was told as one that may have been made.
            post.world.pass(super::NEXT_ATTEMPT);
            post.send().await;
        }
        let mut owner = Browser::telling(&post.world, USER_AGENT, EDGE);
        owner.open("/").await;
        owner.pass_sign_in(ALEX).await;
        post.send().await;
        let told = told(&post, ALEX);
        assert_eq!(told.len(), 1, "{is_intended}");
        let text = told[0].text();
        assert!(text.contains("Firefox") && !text.contains("Edge"), "{is_intended}: {text}");
    }
}
