//! A notice as a webhook after the Standard Webhooks specification: signed, under one id however often it is sent.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, redirect};
use secrecy::ExposeSecret as _;
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::Unsent;
use crate::config::Webhook;
use crate::outbox::{Kind, Message};
use crate::portal::Portal;

/// The receiver answers within this time (Standard Webhooks: 15 to 30 seconds).
const ANSWER: Duration = Duration::from_secs(20);

/// Posts to the receiver.
#[derive(Clone)]
pub(crate) struct Sender {
    http: reqwest::Client,
    url: Url,
    key: hmac::Key,
}

impl Sender {
    pub(crate) fn new(webhook: &Webhook) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(ANSWER)
            // A redirect would carry the body to another host.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("mfa-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, webhook.key.expose_secret());
        Ok(Self { http, url: webhook.url.clone(), key })
    }

    /// The status of the answer to a request that tells nothing. Fails with a cause that does not name the address.
    pub(crate) async fn probe(&self) -> Result<StatusCode, String> {
        let answer = self.http.head(self.url.clone()).send().await;
        answer.map(|answer| answer.status()).map_err(cause)
    }

    pub(super) async fn send(&self, portal: &Portal, message: &Message) -> Result<(), Unsent> {
        let (id, body) = (format!("msg_{}", message.change), body(message));
        let timestamp = portal.clock.now().unix_timestamp();
        let mac = hmac::sign(&self.key, format!("{id}.{timestamp}.{body}").as_bytes());
        let request = self
            .http
            .post(self.url.clone())
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", format!("v1,{}", STANDARD.encode(mac)))
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = request.send().await.map_err(|error| Unsent::later(&cause(error)))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(Unsent::later(&format!("status {}", status.as_u16()))) }
    }
}

/// The cause without the address, which may hold a secret of the receiver's.
fn cause(error: reqwest::Error) -> String {
    format!("{:#}", anyhow::Error::new(error.without_url()))
}

/// It holds no number, address or secret.
fn body(message: &Message) -> String {
    let event = match message.kind {
        Kind::Added => "authenticator.added",
        Kind::Removed => "authenticator.removed",
        Kind::Renewed => "recovery_code.made",
        Kind::Disavowed => "change.disavowed",
    };
    json!({
        "type": event,
        "timestamp": message.at.format(&Rfc3339).unwrap_or_default(),
        "data": {
            "change": message.change,
            "user_id": message.sub,
            "factor": message.factor.slug(),
            "browser": message.browser,
            "certain": message.is_certain,
        },
    })
    .to_string()
}
