//! What a mail says, and to whom it goes.

use emulated_tenant::{Mail, Tamper};
use time::Duration;

use super::{Post, VERA};
use crate::factors::{CODE, CONFIRM};

const ALEX: &str = "app.phone@example.com";

// N-01
#[tokio::test]
async fn an_added_app_is_told_by_mail() {
    let post = Post::new().await;
    post.with_app().await;
    post.send().await;
    let mails = post.smtp.mails();
    let titles: Vec<String> = mails.iter().map(Mail::subject).collect();
    assert!(
        titles.contains(&"Northwind: A way to verify was added to your account".to_owned()),
        "{titles:?}"
    );
    assert!(
        titles.contains(&"Northwind: A new recovery code was made for your account".to_owned()),
        "{titles:?}"
    );
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.to == VERA));
    let mail = mails.iter().find(|mail| mail.subject().contains("was added")).unwrap();
    for text in [mail.text(), mail.html()] {
        for said in
            ["Authenticator app", "November 22, 2026, 12:00 UTC", "127.0.0.1", "there is nothing to do"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    assert!(mail.html().contains(r#"<html lang="en" dir="ltr">"#));
    assert!(mail.raw.contains("Auto-Submitted: auto-generated"));
    let told = post.stream.wait(&["notice"], 2).await;
    assert!(told.iter().all(|line| line["outcome"] == "success" && line["person"].is_string()), "{told:?}");
}

// N-01
#[tokio::test]
async fn a_removal_is_told_by_mail() {
    let post = Post::new().await;
    let mut browser = post.world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    post.send().await;
    let mails = post.smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject(), "Northwind: A way to verify was removed from your account");
    assert_eq!(mails[0].to, ALEX);
}

// N-01
#[tokio::test]
async fn a_mail_is_in_the_persons_language() {
    for (language, title, direction) in [
        ("ar", "Northwind: أُزيلت طريقة تحقق من حسابك", r#"lang="ar" dir="rtl""#),
        (
            "de",
            "Northwind: Eine Bestätigungsmethode wurde aus Ihrem Konto entfernt",
            r#"lang="de" dir="ltr""#,
        ),
        ("ja", "Northwind: アカウントから認証方法が削除されました", r#"lang="ja" dir="ltr""#),
    ] {
        let post = Post::new().await;
        let mut browser = post.world.signed_in(ALEX).await;
        browser.follow("Remove authenticator app").await;
        let mut form = browser.page.form("Remove the authenticator app");
        browser.open(&format!("/?lang={language}")).await;
        form.set("unused", "");
        browser.send(&form).await;
        post.send().await;
        let mails = post.smtp.mails();
        assert_eq!(mails[0].subject(), title);
        assert!(mails[0].html().contains(direction), "{}", mails[0].html());
    }
}

#[tokio::test]
async fn nothing_is_kept_or_sent_without_a_server() {
    let stream = crate::audit::Stream::new();
    let world = stream.world(&[]).await;
    let mut browser = world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    world.send_notices().await.unwrap();
    world.flush_audit().await;
    assert!(stream.of(&["notice"]).is_empty());
}

// N-01
#[tokio::test]
async fn a_mail_names_no_number_and_holds_no_secret_but_its_link() {
    let post = Post::with(&[("app-base-url", "http://127.0.0.1:{port}/account")]).await;
    let mut browser = post.world.signed_in(ALEX).await;
    browser.open("/factors/sms").await;
    browser.press("Send the code", &[("Phone number", "+44 7700 900123")]).await;
    let code = post.world.devices(ALEX).messages().pop().unwrap().code;
    browser.press(CONFIRM, &[(CODE, &code)]).await;
    post.send().await;
    let mails = post.smtp.mails();
    assert_eq!(mails.len(), 1);
    for text in [mails[0].text(), mails[0].html()] {
        for canary in ["900123", "0123", "app.phone", "auth0|", "@", "dev_", &code] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
        let public = post.world.public.as_str().trim_end_matches('/');
        assert!(text.contains(&format!("{public}/notices/")), "{text}");
    }
}

#[tokio::test]
async fn a_visit_without_an_address_is_told_to_that_of_an_earlier_one() {
    let post = Post::new().await;
    post.world.signed_in(ALEX).await;
    post.world.pass(Duration::seconds(31));
    post.world.tenant.tamper_id_token(Tamper::edit(|token| {
        let claims = token.claims.as_object_mut().unwrap();
        claims.remove("email");
        claims.remove("email_verified");
    }));
    let mut browser = post.world.signed_in(ALEX).await;
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    post.send().await;
    let to: Vec<_> = post.smtp.mails().iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, [ALEX]);
}
