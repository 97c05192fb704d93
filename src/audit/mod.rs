//! The audit stream: one JSON line for each security event, on a stream of its own (AUDIT_LOG). `docs/audit.md` says
//! what it guarantees.
//!
//! A line names people, sessions and authenticators by keyed references, and holds no number, address, name or secret.

mod counted;
mod event;
mod journal;
mod line;
mod references;
mod request;
mod stream;

use std::sync::Arc;

use anyhow::Context as _;
use time::Duration;
use tokio_util::task::TaskTracker;

pub(crate) use self::counted::register_metrics;
pub(crate) use self::event::{Event, Outcome, Reason, Told};
pub(crate) use self::journal::Intent;
use self::journal::Journal;
pub(crate) use self::line::Line;
use self::references::reference;
pub(crate) use self::request::Request;
use self::stream::{Stream, Waiter};
use crate::clock::Clock;
use crate::config::{AuditPerson, Config};
use crate::deadline;
use crate::store::{Error, KeyRing, ReferenceKey, Store};

/// A request waits no longer for what it has begun, so an operation that has not ended by then was interrupted.
pub(crate) const IN_FLIGHT: Duration = Duration::seconds(15);

/// The stream, and what its lines are made with.
pub(crate) struct Audit {
    stream: Stream,
    journal: Arc<Journal>,
    key: Option<ReferenceKey>,
    person: AuditPerson,
    clock: Clock,
    /// Lines that are being written, each with an intent to drop.
    pending: TaskTracker,
}

impl Audit {
    /// Opens nothing yet.
    pub(crate) fn new(config: &Config, keys: &KeyRing, store: Store, clock: Clock) -> Self {
        Self {
            stream: Stream::new(config.audit_log.clone()),
            journal: Arc::new(Journal::new(store)),
            key: keys.references().first().cloned(),
            person: config.audit_person,
            clock,
            pending: TaskTracker::new(),
        }
    }

    /// Fails when AUDIT_LOG names a file that cannot be written.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        self.stream.check().context("AUDIT_LOG: the file cannot be opened for writing")
    }

    /// Opens the file anew, because it was moved away.
    pub(crate) fn reopen(&self) {
        self.stream.reopen();
    }

    /// A line about the process itself.
    pub(crate) fn line(&self, told: Told) -> Line {
        Line::new(told, self.key.as_ref().map_or("", |key| &key.id), self.clock.now())
    }

    /// A line about something in this request.
    pub(crate) fn line_in(&self, told: Told, request: &Request) -> Line {
        let line = self.line(told).within(request).answered(deadline::last_answer());
        match request.visitor() {
            Some(visitor) => {
                let session = self.reference("session", &[visitor.session.expose()]);
                line.by(self.person(&visitor.sub), session)
            }
            None => line,
        }
    }

    /// The line about this person, whoever is signed in.
    pub(crate) fn of_person(&self, line: Line, sub: &str) -> Line {
        line.of(self.person(sub))
    }

    /// The line as a part of the operation that these parts name.
    pub(crate) fn part_of(&self, line: Line, operation: &[&str]) -> Line {
        line.part_of(self.reference("operation", operation))
    }

    /// The line about the authenticator with this id.
    pub(crate) fn about(&self, line: Line, authenticator: &str) -> Line {
        line.about(self.reference("authenticator", &[authenticator]))
    }

    /// Stores what is told of an operation if nothing else is within `time`. Nothing is stored without a stream.
    pub(crate) async fn intend(&self, line: &Line, time: Duration) -> Result<Option<Intent>, Error> {
        if self.stream.is_off() { Ok(None) } else { self.journal.keep(line, time).await.map(Some) }
    }

    /// Writes a line.
    pub(crate) fn tell(&self, line: &Line) {
        self.conclude(line, None);
    }

    /// Writes that the sign-in which this request completes has succeeded.
    pub(crate) fn tell_signed_in(&self, request: &Request) {
        if let Some(event) = request.take_sign_in() {
            self.tell(&self.line_in(event.succeeded(), request));
        }
    }

    /// Writes the line of an operation's end, and drops its intent once the line is written.
    pub(crate) fn conclude(&self, line: &Line, intent: Option<Intent>) {
        line.count();
        let Some(text) = line.text().filter(|_| !self.stream.is_off()) else { return };
        let token = self.pending.token();
        let Some(intent) = intent else { return self.stream.write(text, Waiter::Flush(token)) };
        let (written, journal) = (self.stream.write_and_tell(text), self.journal.clone());
        self.pending.spawn(async move {
            if written.await.is_ok() {
                journal.forget_or_warn(intent).await;
            }
        });
    }

    /// Drops an intent whose operation goes on under another one. If it stays, its operation gets a second end.
    pub(crate) async fn forget(&self, intent: Option<Intent>) {
        if let Some(intent) = intent {
            self.journal.forget_or_warn(intent).await;
        }
    }

    /// Tells the operations that nobody has ended in their time.
    pub(crate) async fn tell_interrupted(&self) -> Result<(), Error> {
        if self.stream.is_off() {
            return Ok(());
        }
        for period in self.journal.ended() {
            let Some(intents) = self.journal.of(period).await? else { return Ok(()) };
            for (intent, line) in intents {
                let Some(text) = line.text() else { continue };
                // A lost line stays in the journal, and is told again.
                if self.stream.write_and_tell(text).await.is_err() {
                    return Ok(());
                }
                line.count();
                self.journal.forget(intent).await?;
            }
            self.journal.finish(period);
        }
        Ok(())
    }

    /// Waits until everything that was told is written.
    pub(crate) async fn flush(&self) {
        self.pending.close();
        self.pending.wait().await;
    }

    fn person(&self, sub: &str) -> String {
        match self.person {
            AuditPerson::Hmac => self.reference("person", &[sub]),
            AuditPerson::Sub => sub.to_owned(),
        }
    }

    fn reference(&self, kind: &str, parts: &[&str]) -> String {
        self.key.as_ref().map(|key| reference(key, kind, parts)).unwrap_or_default()
    }
}

/// A person's reference under each key of AUTH0_SECRET, newest first, as pairs of the key's id and the reference.
#[must_use]
pub fn audit_ids(config: &Config, sub: &str) -> Vec<(String, String)> {
    let keys = KeyRing::new(&config.sealing_keys);
    keys.references().iter().map(|key| (key.id.clone(), reference(key, "person", &[sub]))).collect()
}
