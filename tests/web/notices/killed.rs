//! The process dies in the middle of a change: the person hears of it all the same, from the next process.

use std::collections::BTreeSet;

use emulated_tenant::{Fault, FaultKind, Mail, MailServer, Tenant};
use mfa_portal::Notices;

use super::{FROM, NEXT_ATTEMPT, Post};
use crate::audit::acts::Act;
use crate::audit::killed::{Killed, Remains};
use crate::factors::{CODE, CONFIRM, SCAN};
use crate::support::process::tenant;

/// The changes, and the subjects of the mail about a change that was made, and about one that may have been.
const CHANGES: [(Act, &str, &str); 3] = [
    (
        Act::Confirm,
        "Northwind: A way to verify was added to your account",
        "Northwind: A way to verify may have been added to your account",
    ),
    (
        Act::Removal,
        "Northwind: A way to verify was removed from your account",
        "Northwind: A way to verify may have been removed from your account",
    ),
    (
        Act::NewCode,
        "Northwind: A new recovery code was made for your account",
        "Northwind: A new recovery code may have been made for your account",
    ),
];

const ALEX: &str = "app.phone@example.com";
const LIST: &str = "/mfa/authenticators";
const REMOVE: &str = "Remove the authenticator app";

async fn post() -> (Tenant, MailServer) {
    let tenant = tenant().await;
    tenant.change_person(Act::Confirm.email(), |person| person.email_verified = true);
    let smtp = MailServer::start(&tenant).await.unwrap();
    (tenant, smtp)
}

/// Lets the process that comes after do what it has to.
async fn sent(remains: &Remains, tenant: &Tenant, smtp: &MailServer) -> Vec<Mail> {
    let next =
        remains.next(tenant, &[("smtp-url", &smtp.url()), ("mail-from", FROM), ("brand-name", "Northwind")]);
    let notices = Notices::new(&next).unwrap();
    for _ in 0..3 {
        notices.send_due().await.unwrap();
    }
    smtp.mails()
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_wherever_its_process_dies() {
    for (act, made, perhaps) in CHANGES {
        for at in [Killed::BeforeCall, Killed::BeforeAnswer, Killed::AfterAnswer] {
            let (tenant, smtp) = post().await;
            let settings = [("SMTP_URL", smtp.url()), ("MAIL_FROM", FROM.to_owned())];
            let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
            let settings = [&settings[..], &[("BRAND_NAME", "Northwind")]].concat();
            let remains = Remains::of(&tenant, act, at, &settings).await;
            let mails = sent(&remains, &tenant, &smtp).await;
            let subject = if at == Killed::AfterAnswer { made } else { perhaps };
            let mails: Vec<_> = mails.iter().filter(|mail| mail.subject() == subject).collect();
            assert!(mails.iter().all(|mail| mail.to == act.email()), "{mails:?}");
            let ids: BTreeSet<String> = mails.iter().map(|mail| mail.id()).collect();
            assert_eq!(ids.len(), 1, "{act:?} {at:?}: {:?}", smtp.mails());
            let others = smtp.mails();
            let others = others.iter().filter(|mail| [made, perhaps].contains(&mail.subject().as_str()));
            assert_eq!(others.count(), mails.len(), "{act:?} {at:?}: one of the two is sent");
        }
    }
}

// N-02
#[tokio::test]
async fn a_cancellation_without_a_list_forgets_no_addition() {
    for (cancelled_blindly, subject) in [(true, CHANGES[0].2), (false, CHANGES[0].1)] {
        let post = Post::new().await;
        // Alex has proved a factor, so the code reaches the tenant without a list.
        let mut browser = post.world.signed_in(ALEX).await;
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        let cancel = browser.page.form("Cancel this set-up");
        let key = browser.page.text_of(".key").replace(' ', "");
        let code = post.world.devices(ALEX).totp_code_of(&key).unwrap();
        // The tenant takes the code, and neither its answer nor the list that would tell comes.
        post.world.upset("POST", "/oauth/token", FaultKind::DropAfter);
        post.world.upset_always("GET", LIST, FaultKind::json(503, "{}"));
        browser.press(CONFIRM, &[(CODE, &code)]).await;
        if !cancelled_blindly {
            post.world.tenant.faults().clear();
        }
        browser.request(&cancel).send().await.unwrap();
        post.world.tenant.faults().clear();
        for _ in 0..3 {
            post.world.pass(NEXT_ATTEMPT);
            post.send().await;
        }
        let subjects: Vec<_> = post.smtp.mails().iter().map(Mail::subject).collect();
        assert_eq!(subjects, [subject], "{cancelled_blindly}");
    }
}

// N-02
#[tokio::test]
async fn a_change_that_was_not_made_is_not_told() {
    let post = Post::new().await;
    let mut browser = post.world.signed_in(super::VERA).await;
    browser.open("/factors/totp").await;
    browser.press(SCAN, &[]).await;
    browser.press(CONFIRM, &[(CODE, "000000")]).await;
    let refused =
        Fault::new("DELETE", "/mfa/authenticators/", FaultKind::json(403, r#"{"error":"forbidden"}"#));
    post.world.tenant.faults().inject(refused);
    let mut alex = post.world.signed_in(ALEX).await;
    alex.follow("Remove authenticator app").await;
    alex.press(REMOVE, &[]).await;
    for _ in 0..3 {
        post.world.pass(NEXT_ATTEMPT);
        post.send().await;
    }
    assert!(post.smtp.mails().is_empty(), "{:?}", post.smtp.mails());
}

/// How often the portal reads the list before it removes something.
async fn lists_before_a_removal() -> u32 {
    let post = Post::new().await;
    let mut alex = post.world.signed_in(ALEX).await;
    alex.follow("Remove authenticator app").await;
    post.world.tenant.journal().clear();
    alex.press(REMOVE, &[]).await;
    let requests = post.world.tenant.journal().requests();
    let lists = requests.iter().take_while(|it| it.method != "DELETE").filter(|it| it.path == LIST);
    u32::try_from(lists.count()).unwrap()
}

// N-01
#[tokio::test]
async fn a_change_that_may_have_been_made_is_told_as_such_and_then_for_certain() {
    let lists_before = lists_before_a_removal().await;
    let post = Post::new().await;
    let mut alex = post.world.signed_in(ALEX).await;
    alex.follow("Remove authenticator app").await;
    let faults = post.world.tenant.faults();
    // The tenant carries the removal out, and neither its answer nor the list that would tell comes.
    faults.inject(Fault::new("DELETE", "/mfa/authenticators/", FaultKind::DropAfter));
    faults.inject(Fault::new("GET", LIST, FaultKind::Delay(std::time::Duration::ZERO)).times(lists_before));
    faults.inject(Fault::new("GET", LIST, FaultKind::json(500, "{}")));
    alex.press(REMOVE, &[]).await;
    faults.clear();
    for _ in 0..2 {
        post.world.pass(NEXT_ATTEMPT);
        post.send().await;
    }
    let subjects = || post.smtp.mails().iter().map(Mail::subject).collect::<Vec<_>>();
    let (_, made, perhaps) = CHANGES[1];
    assert_eq!(subjects(), [perhaps]);
    let mail = &post.smtp.mails()[0];
    for text in [mail.text(), mail.html()] {
        assert!(text.contains("An error kept us from finding out"), "{text}");
    }
    alex.open("/").await;
    post.send().await;
    assert_eq!(subjects(), [perhaps, made]);
}
