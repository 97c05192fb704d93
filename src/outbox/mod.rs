//! The outbox: what is to be sent about a change, sealed in the store until it is delivered or a day has passed.
//!
//! A message has a record for each recipient. Before an attempt the next one is scheduled, so a process may die at any
//! moment and another one goes on. An attempt needs a lease, so two replicas never send the same message at once.

mod counted;
mod link;
mod message;
mod schedule;

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

pub(crate) use self::counted::{Fate, count, register_metrics};
pub(crate) use self::link::Link;
pub(crate) use self::message::{Kind, Message, Recipient, change_id};
pub(crate) use self::schedule::{Due, Slot};
use self::schedule::{Schedule, pause_after};
use crate::store::{Error, Key, RecordKind, Store};

/// How long a message is tried.
const TRIED_FOR: Duration = Duration::DAY;
/// How long a record is kept after it was written last. It outlives all attempts, so that a repeated change finds it.
const KEPT_FOR: Duration = Duration::days(3);
/// How long an attempt may take while other processes leave the message alone.
const LEASE: Duration = Duration::minutes(2);
/// The first slot, in case this process dies before its own attempt.
const FIRST_SLOT: Duration = Duration::MINUTE;
/// How long a change that is about to be made may take until the person hears that it may have been made. Longer than a
/// page and the store together.
const INTENDED_FOR: Duration = Duration::minutes(2);
/// Messages that wait in this process for their first attempt. Further ones wait for their slot.
const AT_ONCE: usize = 1_000;

/// The message of a change that is about to be made.
#[derive(Serialize, Deserialize)]
struct Intended {
    message: Message,
    recipients: Vec<Recipient>,
    /// When it is told as one that may have been made.
    until: OffsetDateTime,
}

/// A message to one recipient.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Kept {
    Waiting {
        message: Box<Message>,
        attempts: u32,
    },
    /// It was delivered or given up.
    Done,
}

/// The answer to the wish to send a message now.
pub(crate) enum Turn {
    /// Send it.
    Now(Box<Message>),
    /// Another process is sending it.
    Busy,
    /// It was sent, given up, or is scheduled for later.
    Past,
}

/// The outbox.
pub(crate) struct Outbox {
    store: Store,
    schedule: Schedule,
    ready: Mutex<Vec<Slot>>,
    woken: Notify,
}

impl Outbox {
    pub(crate) fn new(store: Store) -> Self {
        Self { schedule: Schedule::new(store.clone()), store, ready: Mutex::default(), woken: Notify::new() }
    }

    /// Keeps a message for each recipient, once for each change however often it is repeated.
    pub(crate) async fn keep(&self, message: &Message, recipients: &[Recipient]) -> Result<(), Error> {
        for recipient in recipients {
            let slot = Slot { change: message.change.clone(), recipient: recipient.clone(), attempt: 0 };
            // A slot without a message is harmless, and a message without a slot would never be sent again.
            self.schedule.add(&Due::Attempt(slot.clone()), FIRST_SLOT).await?;
            let kept = Kept::Waiting { message: Box::new(message.clone()), attempts: 0 };
            if self.store.insert(self.key(&slot), &kept, KEPT_FOR).await? {
                count(recipient, Fate::Kept);
                self.make_ready(slot);
            }
        }
        self.woken.notify_one();
        Ok(())
    }

    /// Whether this change has had its messages. The last one is kept last, so with it all are.
    pub(crate) async fn has(&self, change: &str, recipients: &[Recipient]) -> Result<bool, Error> {
        let Some(last) = recipients.last() else { return Ok(true) };
        let slot = Slot { change: change.to_owned(), recipient: last.clone(), attempt: 0 };
        Ok(self.store.get::<Kept>(self.key(&slot)).await?.is_some())
    }

    /// Keeps the message of a change that is about to be made.
    pub(crate) async fn intend(&self, message: &Message, recipients: &[Recipient]) -> Result<(), Error> {
        if recipients.is_empty() {
            return Ok(());
        }
        let kept: Option<Intended> = self.store.get(self.intent(&message.change)).await?;
        // A page that polls for an approval intends it every few seconds.
        if kept.is_some_and(|it| it.until - self.store.now() > INTENDED_FOR / 2) {
            return Ok(());
        }
        let until = self.store.now() + INTENDED_FOR;
        self.schedule.add(&Due::Intent(message.change.clone()), INTENDED_FOR).await?;
        let intended = Intended { message: message.clone(), recipients: recipients.to_vec(), until };
        self.store.put(self.intent(&message.change), &intended, INTENDED_FOR + KEPT_FOR).await
    }

    /// Forgets the intent of a change that was kept, or that was not made.
    pub(crate) async fn forget(&self, change: &str) -> Result<(), Error> {
        self.store.remove(self.intent(change)).await
    }

    /// Whether nobody has told the end of a change that was about to be made, although it is time.
    pub(crate) async fn is_in_doubt(&self, change: &str) -> Result<bool, Error> {
        let intended: Option<Intended> = self.store.get(self.intent(change)).await?;
        Ok(intended.is_some_and(|it| it.until <= self.store.now()))
    }

    /// Waits longer for the end of a change.
    pub(crate) async fn put_off(&self, change: &str) -> Result<(), Error> {
        let Some(intended): Option<Intended> = self.store.get(self.intent(change)).await? else {
            return Ok(());
        };
        let until = self.store.now() + INTENDED_FOR;
        self.schedule.add(&Due::Intent(change.to_owned()), INTENDED_FOR).await?;
        self.store
            .replace(self.intent(change), &Intended { until, ..intended }, INTENDED_FOR + KEPT_FOR)
            .await?;
        Ok(())
    }

    /// Keeps the message of a change that was about to be made, because it was made. `false` if there is none.
    pub(crate) async fn confirm(&self, change: &str) -> Result<bool, Error> {
        self.keep_intended(change, |message| message).await
    }

    /// Keeps the message of a change that nobody has told the end of, as one that may have been made.
    pub(crate) async fn tell_doubt(&self, change: &str) -> Result<(), Error> {
        self.keep_intended(change, Message::uncertain).await.map(drop)
    }

    async fn keep_intended(&self, change: &str, told: fn(Message) -> Message) -> Result<bool, Error> {
        let Some(Intended { message, recipients, .. }) = self.store.get(self.intent(change)).await? else {
            return Ok(false);
        };
        if !self.has(change, &recipients).await? {
            let message = told(message);
            Link::keep(&self.store, &message).await?;
            self.keep(&message, &recipients).await?;
        }
        self.forget(change).await?;
        Ok(true)
    }

    /// The messages that this process has kept and not tried yet.
    pub(crate) fn ready(&self) -> Vec<Slot> {
        std::mem::take(&mut *self.ready.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until there is one.
    pub(crate) async fn woken(&self) {
        self.woken.notified().await;
    }

    /// The messages to be tried again, in the order of their time.
    pub(crate) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Takes the lease of a message and schedules the attempt after this one.
    pub(crate) async fn begin(&self, slot: &Slot) -> Result<Turn, Error> {
        // Read without the lease first, because an old slot that held it would turn away the one whose time has come.
        if self.due(slot).await?.is_none() {
            return Ok(Turn::Past);
        }
        if !self.store.insert(self.lease(slot), &(), LEASE).await? {
            return Ok(Turn::Busy);
        }
        // Read again behind the lease: the process that held it before may have sent the message.
        let Some(message) = self.due(slot).await? else {
            self.store.remove(self.lease(slot)).await?;
            return Ok(Turn::Past);
        };
        let attempts = slot.attempt + 1;
        let next = Slot { attempt: attempts, ..slot.clone() };
        self.schedule.add(&Due::Attempt(next), pause_after(attempts)).await?;
        let kept = Kept::Waiting { message: message.clone(), attempts };
        self.store.replace(self.key(slot), &kept, KEPT_FOR).await?;
        Ok(Turn::Now(message))
    }

    /// Ends an attempt that delivered the message, or the last one.
    pub(crate) async fn done(&self, slot: &Slot) -> Result<(), Error> {
        self.store.replace(self.key(slot), &Kept::Done, KEPT_FOR).await?;
        self.store.remove(self.lease(slot)).await
    }

    /// Ends an attempt that failed.
    pub(crate) async fn failed(&self, slot: &Slot) -> Result<(), Error> {
        self.store.remove(self.lease(slot)).await
    }

    /// Whether no further attempt follows.
    pub(crate) fn is_over(&self, message: &Message) -> bool {
        self.store.now() - message.at >= TRIED_FOR
    }

    /// The message, if it waits for this attempt. A slot that is ahead of its record was scheduled by a process that died
    /// before it wrote the record.
    async fn due(&self, slot: &Slot) -> Result<Option<Box<Message>>, Error> {
        Ok(match self.store.get(self.key(slot)).await? {
            Some(Kept::Waiting { message, attempts }) if attempts <= slot.attempt => Some(message),
            _ => None,
        })
    }

    fn make_ready(&self, slot: Slot) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() < AT_ONCE {
            ready.push(slot);
        }
    }

    fn key(&self, slot: &Slot) -> Key {
        self.store.key_of(RecordKind::Outbox, &[&slot.change, slot.recipient.name()])
    }

    fn intent(&self, change: &str) -> Key {
        self.store.key_of(RecordKind::Outbox, &["intent", change])
    }

    fn lease(&self, slot: &Slot) -> Key {
        self.store.key_of(RecordKind::Outbox, &["lease", &slot.change, slot.recipient.name()])
    }
}
