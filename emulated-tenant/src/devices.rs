//! The handle to a person's phone and mailbox.

use crate::world::Shared;
use crate::world::authenticator::Factor;
use crate::world::person::{Decision, Message, Person, PushRequest};
use crate::world::totp::totp_code;

/// A handle to a person's phone and mailbox.
#[derive(Clone)]
pub struct Devices {
    shared: Shared,
    email: String,
}

impl Devices {
    pub(crate) fn new(shared: Shared, email: &str) -> Self {
        Self { shared, email: email.to_owned() }
    }

    /// Texts, calls and e-mails, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.read(|person| person.messages.clone()).unwrap_or_default()
    }

    /// The code of the newest message on this channel.
    #[must_use]
    pub fn last_code(&self, channel: Factor) -> Option<String> {
        let messages = self.messages();
        messages.into_iter().rev().find(|message| message.channel == channel).map(|message| message.code)
    }

    /// The code that the person's n-th authenticator app shows now, counted from 0, unconfirmed ones included.
    #[must_use]
    pub fn totp_code(&self, n: usize) -> Option<String> {
        let secret = self.read(|person| {
            let mut apps = person.authenticators.iter().filter(|one| one.factor == Factor::Totp);
            apps.nth(n).and_then(|app| app.secret.clone())
        })?;
        self.totp_code_of(&secret?)
    }

    /// The code that an app with this base32 secret shows now.
    #[must_use]
    pub fn totp_code_of(&self, secret: &str) -> Option<String> {
        totp_code(secret, self.shared.world().unix_time())
    }

    /// The person's current recovery code.
    #[must_use]
    pub fn recovery_code(&self) -> Option<String> {
        self.read(|person| {
            let mut all = person.authenticators.iter();
            all.find(|one| one.factor == Factor::RecoveryCode).and_then(|one| one.secret.clone())
        })?
    }

    /// Push notifications and scans of push enrollments, oldest first.
    #[must_use]
    pub fn pushes(&self) -> Vec<PushRequest> {
        self.read(|person| person.pushes.clone()).unwrap_or_default()
    }

    /// Approves the newest push notification, or scans the newest push enrollment; false if it is not waiting.
    #[must_use]
    pub fn approve_push(&self) -> bool {
        self.answer(Decision::Approved)
    }

    /// Denies the newest push notification; false if it is not waiting.
    #[must_use]
    pub fn deny_push(&self) -> bool {
        self.answer(Decision::Denied)
    }

    fn answer(&self, decision: Decision) -> bool {
        let mut world = self.shared.world();
        world.person_by_email_mut(&self.email).is_some_and(|person| person.answer_last_push(decision))
    }

    fn read<R>(&self, read: impl FnOnce(&Person) -> R) -> Option<R> {
        self.shared.world().person_by_email(&self.email).map(read)
    }
}
