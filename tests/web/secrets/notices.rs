//! Canaries in mails and webhooks, and in the store's bytes while they wait there.

use std::time::Duration;

use emulated_tenant::{Mail, MailServer};

use super::{ADDRESS, NORA, NUMBER, Walk, assert_none};
use crate::notices::FROM;
use crate::notices::webhooks::{Receiver, SECRET};
use crate::support::process::tenant;
use crate::support::redis::Redis;

/// A visit with a number, an address, an app and a recovery code, of which mails and webhooks tell.
struct Told {
    walk: Walk,
    smtp: MailServer,
    receiver: Receiver,
}

impl Told {
    async fn with(settings: &[(&str, &str)]) -> Self {
        let tenant = tenant().await;
        tenant.change_person(NORA, |person| person.email_verified = true);
        let (smtp, receiver) = (MailServer::start(&tenant).await.unwrap(), Receiver::default());
        let (smtp_url, webhook_url) = (smtp.url(), receiver.start().await);
        let own = [
            ("SMTP_URL", smtp_url.as_str()),
            ("MAIL_FROM", FROM),
            ("WEBHOOK_URL", &webhook_url),
            ("WEBHOOK_SECRET", SECRET),
        ];
        let walk = Walk::at(tenant, &[settings, &own].concat()).await;
        Self { walk, smtp, receiver }
    }

    /// Waits until each of the four changes is told both ways.
    async fn mails(&self) -> Vec<Mail> {
        for _ in 0..2_000 {
            if self.smtp.mails().len() >= 4 && self.receiver.got().len() >= 4 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!((self.smtp.mails().len(), self.receiver.got().len()), (4, 4));
        self.smtp.mails()
    }
}

/// The token in a mail's link.
fn token(mail: &Mail) -> String {
    let text = mail.text();
    text.split_once("/notices/").unwrap().1.split_whitespace().next().unwrap().to_owned()
}

// N-01, K-01
#[tokio::test(flavor = "multi_thread")]
async fn mails_and_webhooks_hold_no_secret_number_or_address() {
    let told = Told::with(&[("RUST_LOG", "trace"), ("AUDIT_LOG", "stdout")]).await;
    let (mails, canaries) = (told.mails().await, told.walk.canaries());
    let mut texts = Vec::new();
    for mail in &mails {
        assert_eq!(mail.to, NORA);
        texts.extend([mail.subject(), mail.text(), mail.html()]);
    }
    assert!(texts.iter().all(|text| !text.contains("auth0|")));
    texts.extend(told.receiver.got().into_iter().map(|(_, body)| body));
    for text in &texts {
        assert_none("a notice", text, &canaries);
        for canary in [NORA, ADDRESS, NUMBER, &NUMBER[NUMBER.len() - 4..], SECRET] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }
    let mut person = told.walk.process.browser(&told.walk.tenant);
    person.open(&format!("/notices/{}", token(&mails[0]))).await;
    person.press("This was not me", &[]).await;
    assert_eq!(person.page.heading(), "Your visits here have ended");
    let output = told.walk.process.output();
    for secret in mails.iter().map(token).chain([NORA.to_owned(), SECRET.to_owned()]) {
        assert!(!output.contains(&secret), "log or audit stream hold {secret}");
    }
}

// S-06, K-01
#[tokio::test(flavor = "multi_thread")]
async fn notices_that_wait_are_sealed_in_every_store() {
    let redis = Redis::start();
    let url = redis.as_ref().map(Redis::url);
    for store in ["sqlite:mfa-portal.db"].into_iter().chain(url.as_deref()) {
        let told = Told::with(&[("SESSION_STORE", store)]).await;
        let mails = told.mails().await;
        let mut secrets: Vec<String> = told.walk.canaries().into_keys().collect();
        secrets.extend(mails.iter().map(token));
        secrets.extend([NORA, ADDRESS, NUMBER, "auth0|nothing", "Firefox"].map(ToOwned::to_owned));
        let stored: Vec<Vec<u8>> = match redis.as_ref().filter(|_| store.starts_with("redis")) {
            None => told.walk.process.files().into_iter().map(|(_, bytes)| bytes).collect(),
            Some(redis) => {
                let keys: Vec<String> = redis.ask("KEYS *");
                assert!(keys.len() > 20, "{keys:?}");
                let values = keys.iter().map(|key| redis.ask(&format!("GET {key}")));
                values.chain(keys.iter().map(|key| key.clone().into_bytes())).collect()
            }
        };
        for secret in &secrets {
            let finder = memchr::memmem::Finder::new(secret);
            assert!(stored.iter().all(|bytes| finder.find(bytes).is_none()), "{store} holds {secret}");
        }
    }
}
