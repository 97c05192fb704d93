//! A person's phone and mailbox, as a test reads and presses them.

use crate::authenticator::Factor;
use crate::person::{Decision, Message, Person, PushRequest};
use crate::totp::totp_code;
use crate::world::Shared;

/// Somebody's phone and mailbox.
#[derive(Clone)]
pub struct Devices {
    shared: Shared,
    email: String,
}

impl Devices {
    pub(crate) fn new(shared: Shared, email: &str) -> Self {
        Self { shared, email: email.to_owned() }
    }

    /// Texts, calls and mails, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.look(|person| person.messages.clone()).unwrap_or_default()
    }

    /// The code of the last text, call or mail.
    #[must_use]
    pub fn last_code(&self, channel: Factor) -> Option<String> {
        let messages = self.messages();
        messages.into_iter().rev().find(|message| message.channel == channel).map(|message| message.code)
    }

    /// The code that the person's n-th authenticator app shows now, counted from 0, unfinished ones included.
    #[must_use]
    pub fn totp_code(&self, n: usize) -> Option<String> {
        let secret = self.look(|person| {
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
        self.look(|person| {
            let mut all = person.authenticators.iter();
            all.find(|one| one.factor == Factor::RecoveryCode).and_then(|one| one.secret.clone())
        })?
    }

    /// Push notifications and scans of push enrollments, oldest first.
    #[must_use]
    pub fn pushes(&self) -> Vec<PushRequest> {
        self.look(|person| person.pushes.clone()).unwrap_or_default()
    }

    /// Approves the last push notification, or scans the last push enrollment; false when none is waiting.
    #[must_use]
    pub fn approve_push(&self) -> bool {
        self.answer(Decision::Approved)
    }

    /// Denies it; false when none is waiting.
    #[must_use]
    pub fn deny_push(&self) -> bool {
        self.answer(Decision::Denied)
    }

    fn answer(&self, decision: Decision) -> bool {
        let mut world = self.shared.world();
        world.person_at_mut(&self.email).is_some_and(|person| person.answer_last_push(decision))
    }

    fn look<R>(&self, look: impl FnOnce(&Person) -> R) -> Option<R> {
        self.shared.world().person_at(&self.email).map(look)
    }
}
