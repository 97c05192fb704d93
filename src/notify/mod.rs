//! Notices of changes on their way out: rendered in the person's language, sent, and tried again for a day.

mod mail;
pub(crate) mod smtp;
pub(crate) mod webhook;

use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;

use self::mail::Mailer;
use self::webhook::Sender;
use crate::audit::{Event, Reason, Told};
use crate::mfa::enrollment;
use crate::outbox::{self, Due, Fate, Message, Recipient, Slot, Turn};
use crate::portal::App;
use crate::secret::without_contacts;
use crate::store;

/// How often messages are looked for whose process died, or whose time to be tried again has come.
const INTERVAL: Duration = Duration::from_secs(15);
/// Messages that are sent at the same time, so that a server that hangs delays few others.
const AT_ONCE: usize = 8;
/// How long an attempt may take. It is shorter than its lease.
const ATTEMPT: Duration = Duration::from_secs(45);

/// A message that was not sent.
struct Unsent {
    /// It names no address.
    cause: String,
    /// Whether the server refuses it for good.
    is_final: bool,
}

impl Unsent {
    /// It may be sent later.
    fn later(cause: &str) -> Self {
        Self { cause: without_contacts(cause), is_final: false }
    }
}

/// Sends notices of changes (SMTP_URL, WEBHOOK_URL).
#[derive(Clone)]
pub struct Notices {
    app: App,
    mailer: Option<Mailer>,
    webhook: Option<Sender>,
}

impl Notices {
    /// Fails when the system's root certificates cannot be read.
    pub fn new(app: &App) -> anyhow::Result<Self> {
        let config = &app.config;
        let webhook = config.webhook.as_ref().map(Sender::new).transpose();
        Ok(Self {
            app: app.clone(),
            mailer: Mailer::of(config).context("SMTP_URL")?,
            webhook: webhook.context("WEBHOOK_URL")?,
        })
    }

    /// Sends until the process ends.
    pub async fn run(self) {
        if self.mailer.is_none() && self.webhook.is_none() {
            return;
        }
        loop {
            if let Err(error) = self.send_due().await {
                tracing::warn!(error = %format!("{error:#}"), "outbox not read, trying again");
            }
            // A new message cuts the pause short.
            let _ = tokio::time::timeout(INTERVAL, self.app.outbox.woken()).await;
        }
    }

    /// Sends what is to be sent now. [`crate::server::serve`] does it by itself; another application that nests the
    /// pages does it every fifteen seconds. Fails when the store is away.
    pub async fn send_due(&self) -> anyhow::Result<()> {
        let outbox = &self.app.outbox;
        self.attempt_all(outbox.ready()).await?;
        let schedule = outbox.schedule();
        let mut is_whole = true;
        for period in schedule.past() {
            // A start goes through three days of minutes, and a new message does not wait for that.
            self.attempt_all(outbox.ready()).await?;
            let (mut slots, mut intents) = (Vec::new(), Vec::new());
            for due in schedule.of(period).await? {
                match due {
                    Due::Attempt(slot) => slots.push(slot),
                    Due::Intent(change) => intents.push(change),
                }
            }
            self.settle_all(intents).await?;
            // A message that another process holds may need this one later.
            is_whole &= self.attempt_all(slots).await?;
            if is_whole {
                schedule.finish(period);
            }
        }
        Ok(())
    }

    /// Tells of the changes whose end nobody has told.
    async fn settle_all(&self, changes: Vec<String>) -> Result<(), store::Error> {
        for some in changes.chunks(AT_ONCE) {
            let mut settled = JoinSet::new();
            for change in some {
                let (app, change) = (self.app.clone(), change.clone());
                settled.spawn(async move { enrollment::settle(&app, &change).await });
            }
            for settled in settled.join_all().await {
                settled?;
            }
        }
        Ok(())
    }

    /// Whether nothing of it is held by another process.
    async fn attempt_all(&self, slots: Vec<Slot>) -> Result<bool, store::Error> {
        let mut is_whole = true;
        for some in slots.chunks(AT_ONCE) {
            let mut attempts = JoinSet::new();
            for slot in some {
                let (this, slot) = (self.clone(), slot.clone());
                attempts.spawn(async move { this.attempt(&slot).await });
            }
            for attempted in attempts.join_all().await {
                is_whole &= attempted?;
            }
        }
        Ok(is_whole)
    }

    /// Whether the message is not held by another process.
    async fn attempt(&self, slot: &Slot) -> Result<bool, store::Error> {
        let message = match self.app.outbox.begin(slot).await? {
            Turn::Now(message) => message,
            Turn::Busy => return Ok(false),
            Turn::Past => return Ok(true),
        };
        let sent = tokio::time::timeout(ATTEMPT, self.send(&message, &slot.recipient)).await;
        let sent = sent.unwrap_or_else(|_| Err(Unsent::later("no answer in time")));
        match sent {
            Ok(()) => {
                outbox::count(&slot.recipient, Fate::Sent);
                self.tell(Event::Notice.succeeded(), &message);
                self.app.outbox.done(slot).await?;
            }
            Err(Unsent { cause, is_final }) if is_final || self.app.outbox.is_over(&message) => {
                tracing::error!(error = cause, attempts = slot.attempt + 1, "notice of a change given up");
                outbox::count(&slot.recipient, Fate::GivenUp);
                self.tell(Event::Notice.failed(Reason::Undelivered), &message);
                self.app.outbox.done(slot).await?;
            }
            Err(Unsent { cause, .. }) => {
                tracing::warn!(
                    error = cause,
                    attempts = slot.attempt + 1,
                    "notice of a change not sent, trying again"
                );
                outbox::count(&slot.recipient, Fate::Delayed);
                self.app.outbox.failed(slot).await?;
            }
        }
        Ok(true)
    }

    async fn send(&self, message: &Message, recipient: &Recipient) -> Result<(), Unsent> {
        match (recipient, &self.mailer, &self.webhook) {
            (Recipient::Mail(address), Some(mailer), _) => {
                mailer.send(&self.app, message, address, true).await
            }
            (Recipient::FormerMail(address), Some(mailer), _) => {
                mailer.send(&self.app, message, address, false).await
            }
            (Recipient::Webhook, _, Some(webhook)) => webhook.send(&self.app, message).await,
            (Recipient::Mail(_) | Recipient::FormerMail(_), None, _) => {
                Err(Unsent::later("SMTP_URL is not set"))
            }
            (Recipient::Webhook, _, None) => Err(Unsent::later("WEBHOOK_URL is not set")),
        }
    }

    fn tell(&self, told: Told, message: &Message) {
        let audit = &self.app.audit;
        let operation: Vec<&str> = message.operation.iter().map(String::as_str).collect();
        let line = audit.of_person(audit.line(told).with(message.factor), &message.sub);
        audit.tell(&audit.part_of(line, &operation));
    }
}
