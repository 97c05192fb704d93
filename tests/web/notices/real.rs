//! Mails before a real mail server (aiosmtpd): TLS, passwords, refusals, delays and deaths. Python's email module reads
//! them.

use std::collections::BTreeSet;

use emulated_tenant::Tenant;
use mfa_portal::clock::Clock;
use mfa_portal::random::Random;
use mfa_portal::{Notices, Portal};
use serde_json::Value;
use time::Duration;

use super::smtpd::{PASSWORD, Smtpd, USER, Way};
use super::{FROM, NEXT_ATTEMPT};
use crate::audit::{Stream, end};
use crate::support::process::{Process, SEALING_KEY, in_memory, tenant};
use crate::support::{Browser, World};

const ALEX: &str = "app.phone@example.com";
const SUBJECT: &str = "Northwind: A way to verify was removed from your account";

/// Removes the app, which is one change.
async fn remove_app(mut browser: Browser) {
    browser.follow("Remove authenticator app").await;
    browser.press("Remove the authenticator app", &[]).await;
    assert!(browser.page.notice().contains("removed"), "{}", browser.page.text());
}

/// The real binary, whose mails go to this server.
fn process(tenant: &Tenant, server: &Smtpd, password: &str, more: &[(&str, &str)]) -> Process {
    let url = server.url(password);
    let own = [("SMTP_URL", url.as_str()), ("MAIL_FROM", FROM), ("BRAND_NAME", "Northwind")];
    Process::start(tenant, &[&own, more].concat())
}

async fn signed_in(process: &Process, tenant: &Tenant) -> Browser {
    let mut browser = process.browser(tenant);
    browser.open("/").await;
    browser.pass_sign_in(ALEX).await;
    browser
}

// N-01
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_reaches_a_real_server_over_tls_with_a_password() {
    for way in [Way::StartTls, Way::Tls] {
        let Some(server) = Smtpd::start(way) else { return };
        let tenant = tenant().await;
        let ca = server.ca().unwrap();
        let process = process(&tenant, &server, PASSWORD, &[("SSL_CERT_FILE", &ca)]);
        remove_app(signed_in(&process, &tenant).await).await;
        let mail = server.mail();
        assert_eq!(mail["tls"], true, "{way:?}");
        assert_eq!((&mail["user"], &mail["hello"]), (&USER.into(), &"127.0.0.1".into()), "{way:?}");
        assert_eq!((&mail["sender"], &mail["to"]), (&"security@northwind.example".into(), &ALEX.into()));
        assert_eq!(mail["defects"], Value::Array(Vec::new()), "{mail}");
        assert_eq!(mail["type"], "multipart/alternative");
        let header = |name: &str| mail["headers"][name].as_str().unwrap_or_default().to_owned();
        assert_eq!((header("subject").as_str(), header("from").as_str()), (SUBJECT, FROM));
        assert!(header("message-id").ends_with("@northwind.example>"), "{mail}");
        assert_eq!(header("auto-submitted"), "auto-generated");
        for part in ["text", "html"] {
            let text = mail[part].as_str().unwrap();
            assert!(text.contains("Authenticator app") && text.contains(" UTC"), "{text}");
            assert!(text.contains(&format!("{}notices/", process.portal)), "{text}");
        }
        assert!(!process.output().contains(PASSWORD));
    }
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_without_tls_trust_or_the_right_password() {
    for (way, password, is_trusted, cause) in [
        (Way::PlainElsewhere, PASSWORD, true, "STARTTLS is not supported"),
        (Way::StartTls, PASSWORD, false, "invalid peer certificate"),
        (Way::Tls, PASSWORD, false, "invalid peer certificate"),
        (Way::Tls, "another", true, "535"),
    ] {
        let Some(server) = Smtpd::start(way) else { return };
        let tenant = tenant().await;
        let ca = server.ca().filter(|_| is_trusted);
        let trusted: Vec<_> = ca.iter().map(|ca| ("SSL_CERT_FILE", ca.as_str())).collect();
        let process = process(&tenant, &server, password, &trusted);
        remove_app(signed_in(&process, &tenant).await).await;
        let line = process.says("notice of a change not sent, trying again");
        assert!(line.contains(cause), "{way:?}: {line}");
        assert!(!line.contains(password) && !line.contains('@'), "{line}");
        assert!(server.mails().is_empty(), "{way:?}");
    }
}

/// A world whose mails go to this server, and the stream of its events.
async fn world(server: &Smtpd) -> (World, Stream) {
    let stream = Stream::new();
    let world = stream.world(&[("smtp-url", &server.url(PASSWORD)), ("mail-from", FROM)]).await;
    (world, stream)
}

/// Lets the portal try until a day is over.
async fn a_day_passes(world: &World) {
    for _ in 0..3 {
        world.send_notices().await.unwrap();
        world.pass(NEXT_ATTEMPT);
    }
    for _ in 0..26 {
        world.send_notices().await.unwrap();
        world.pass(Duration::HOUR);
    }
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_that_cannot_take_a_mail_now_gets_it_once_more() {
    for fate in ["recipient 450", "content 451", "recipient 421", "delay 2"] {
        let Some(mut server) = Smtpd::start(Way::Plain) else { return };
        server.expects(fate);
        let (world, stream) = world(&server).await;
        remove_app(world.signed_in(ALEX).await).await;
        a_day_passes(&world).await;
        let mails = server.mails();
        assert_eq!(mails.len(), 1, "{fate}: {mails:?}");
        assert_eq!(mails[0]["headers"]["subject"], SUBJECT);
        assert_eq!(end(&stream.first("notice").await), ("success", None), "{fate}");
    }
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_a_real_server_refuses_for_good_is_given_up_and_told() {
    for fate in ["recipient 550", "content 554"] {
        let Some(mut server) = Smtpd::start(Way::Plain) else { return };
        server.expects(fate);
        let (world, stream) = world(&server).await;
        remove_app(world.signed_in(ALEX).await).await;
        world.send_notices().await.unwrap();
        assert_eq!(end(&stream.first("notice").await), ("failure", Some("undelivered")), "{fate}");
        a_day_passes(&world).await;
        assert!(server.mails().is_empty(), "{fate}: it is not tried again");
        assert_eq!(stream.of(&["notice"]).len(), 1);
        assert!(!stream.text().contains('@'));
    }
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_that_dies_after_data_gets_the_mail_under_the_same_id() {
    let Some(mut server) = Smtpd::start(Way::Plain) else { return };
    server.expects("die");
    let (world, _) = world(&server).await;
    remove_app(world.signed_in(ALEX).await).await;
    a_day_passes(&world).await;
    let mails = server.mails();
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert_eq!(ids(&mails).len(), 1, "{mails:?}");
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_killed_while_it_sends_is_followed_by_another() {
    let Some(mut server) = Smtpd::start(Way::Plain) else { return };
    server.expects("hold");
    let (tenant, directory) = (tenant().await, in_memory());
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let mut first = process(&tenant, &server, PASSWORD, &[("SESSION_STORE", &store)]);
    remove_app(signed_in(&first, &tenant).await).await;
    let held = server.mail();
    first.kill();
    let url = server.url(PASSWORD);
    let settings = [
        ("session-store", store.as_str()),
        ("smtp-url", &url),
        ("mail-from", FROM),
        ("auth0-secret", SEALING_KEY),
    ];
    let config = stage::config(&tenant, &first.portal, &settings).unwrap();
    let later = Clock::from_fn(|| Clock::system().now() + NEXT_ATTEMPT);
    let next = Notices::new(&Portal::new(config, later, Random::system()).unwrap()).unwrap();
    next.send_due().await.unwrap();
    let mails = [held, server.mail()];
    assert_eq!((&mails[0]["taken"], &mails[1]["taken"]), (&false.into(), &true.into()));
    assert_eq!(ids(&mails).len(), 1, "{mails:?}");
    next.send_due().await.unwrap();
    assert!(server.mails().is_empty(), "nothing is sent twice");
}

fn ids(mails: &[Value]) -> BTreeSet<String> {
    mails.iter().map(|mail| mail["headers"]["message-id"].as_str().unwrap().to_owned()).collect()
}
