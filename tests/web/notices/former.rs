//! The address of an e-mail factor that goes hears of it, and gets nothing that works without signing in.

use emulated_tenant::Mail;

use super::Post;
use crate::factors::{CODE, CONFIRM};
use crate::support::{Browser, Form};

const ALEX: &str = "app.phone@example.com";
const OLD: &str = "alex.private@work.example.org";
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
        assert!(text.contains("/notices/"), "{text}");
    }
    for text in [former[0].text(), former[0].html()] {
        assert!(!text.contains("/notices/") && !text.contains("This was not me"), "{text}");
        for said in ["Codes were sent to this address until now", SUPPORT, post.world.public.as_str()] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}
