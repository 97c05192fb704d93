//! The mail server and the receiver of webhooks that `check` finds. It sends neither a mail nor a webhook.

use axum::Router;
use axum::response::Redirect;
use axum::routing::any;
use tokio::net::TcpListener;

use super::{check, tenant};
use crate::notices::FROM;
use crate::notices::smtpd::{PASSWORD, Smtpd, Way};
use crate::notices::webhooks::{Receiver, SECRET};
use crate::support::process::free_address;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_and_a_receiver_that_work_are_found_without_a_message() {
    let receiver = Receiver::default();
    let hook = receiver.start().await;
    for way in [Way::StartTls, Way::Tls] {
        let Some(server) = Smtpd::start(way) else { return };
        let (url, ca) = (server.url(PASSWORD), server.ca().unwrap());
        let settings = [
            ("SMTP_URL", url.as_str()),
            ("MAIL_FROM", FROM),
            ("SSL_CERT_FILE", &ca),
            ("WEBHOOK_URL", &hook),
            ("WEBHOOK_SECRET", SECRET),
        ];
        let report = check(&tenant().await, &settings).await;
        assert!(report.failures().is_empty(), "{}", report.output);
        assert_eq!(report.line("Mail server").outcome, "ok");
        assert!(report.line("Mail server").detail.ends_with("takes mails"), "{}", report.output);
        assert_eq!(report.line("Webhook").outcome, "ok");
        assert!(!report.output.contains(PASSWORD) && !report.output.contains("/hook"), "{}", report.output);
        assert!(server.mails().is_empty() && receiver.got().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_around_the_mail_server_is_named() {
    let nobody = format!("smtp://127.0.0.1:{}", free_address().port().unwrap());
    let settings = [("SMTP_URL", nobody.as_str()), ("MAIL_FROM", FROM)];
    let report = check(&tenant().await, &settings).await;
    report.assert_only_failure("Mail server", "Connection refused", "Correct SMTP_URL");
    for (way, password, is_trusted, cause, remedy) in [
        (Way::PlainElsewhere, PASSWORD, false, "STARTTLS is not supported", "smtp:// needs STARTTLS"),
        (Way::Tls, PASSWORD, false, "invalid peer certificate", "SSL_CERT_FILE"),
        (Way::StartTls, "another", true, "535", "Correct the user and the password"),
    ] {
        let Some(server) = Smtpd::start(way) else { return };
        let (url, ca) = (server.url(password), server.ca().filter(|_| is_trusted));
        let mut settings = vec![("SMTP_URL", url.as_str()), ("MAIL_FROM", FROM)];
        settings.extend(ca.iter().map(|ca| ("SSL_CERT_FILE", ca.as_str())));
        let report = check(&tenant().await, &settings).await;
        report.assert_only_failure("Mail server", cause, remedy);
        assert!(!report.output.contains(password), "{}", report.output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_around_the_receiver_of_webhooks_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let moved = format!("http://{}/hidden", listener.local_addr().unwrap());
    let routes = Router::new().fallback(any(async || Redirect::permanent("https://elsewhere.example.com/")));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let nobody = format!("{}hidden", free_address());
    for (url, cause, remedy) in [
        (moved.as_str(), "redirects are not followed", "Set WEBHOOK_URL to the address that answers"),
        (&nobody, "is not reached", "Correct WEBHOOK_URL"),
    ] {
        let settings = [("WEBHOOK_URL", url), ("WEBHOOK_SECRET", SECRET)];
        let report = check(&tenant().await, &settings).await;
        report.assert_only_failure("Webhook", cause, remedy);
        assert!(!report.output.contains("hidden"), "{}", report.output);
    }
}
