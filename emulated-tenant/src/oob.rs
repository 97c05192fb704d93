//! Out-of-band transactions: what an `oob_code` stands for, from the message sent to the code typed.

use time::{Duration, OffsetDateTime};

use crate::answers::Answer;
use crate::authenticator::Factor;
use crate::limits::Limit;
use crate::person::{Decision, Message, PushRequest};
use crate::world::World;

/// How long a code, and a push enrollment's QR code, can be used (contract §4 and §5).
const LIFETIME: Duration = Duration::minutes(5);

/// What an `oob_code` stands for.
#[derive(Clone, Debug)]
pub(crate) struct OobTransaction {
    sub: String,
    authenticator: String,
    secret: OobSecret,
    expires_at: OffsetDateTime,
    used: bool,
}

#[derive(Clone, Debug)]
enum OobSecret {
    /// The code that was sent.
    Binding(String),
    /// The id of the push request.
    Push(String),
}

/// Somebody's attempt to end a transaction.
pub(crate) struct OobAttempt<'a> {
    pub(crate) sub: &'a str,
    pub(crate) oob_code: &'a str,
    pub(crate) binding_code: Option<&'a str>,
    /// What the twelve exchanges a minute are counted by.
    pub(crate) session: &'a str,
}

impl World {
    /// Counts a message before it is sent.
    pub(crate) fn count_message(&mut self, sub: &str, factor: Factor) -> Result<(), Answer> {
        let now = self.now();
        let answers = &self.settings.answers;
        let (limit, refusal) = match factor {
            Factor::Sms | Factor::Voice => (Limit::Sms, &answers.too_many_sms),
            Factor::Email => (Limit::Email, &answers.too_many_emails),
            Factor::Push => (Limit::Push, &answers.too_many_pushes),
            Factor::Totp | Factor::RecoveryCode => return Ok(()),
        };
        if self.limits.take(limit, sub, now) { Ok(()) } else { Err(refusal.clone()) }
    }

    /// Sends a code or a push notification, and gives the handle to it.
    pub(crate) fn start_oob(&mut self, sub: &str, authenticator: &str, enrollment: bool) -> String {
        let now = self.now();
        let (push_id, code) = (self.random.handle(), self.random.code());
        let oob_code = self.random.iron(&format!("SERVER_{}", now.unix_timestamp()));
        let friendly_name = self.settings.friendly_name.clone();
        let Some(person) = self.person_mut(sub) else { return oob_code };
        let Some((factor, to)) = person
            .authenticator(authenticator)
            .map(|one| (one.factor, one.contact.clone().unwrap_or_default()))
        else {
            return oob_code;
        };
        let expires_at = now + LIFETIME;
        let secret = if factor == Factor::Push {
            let id = push_id.clone();
            let (authenticator, decision) = (authenticator.to_owned(), Decision::Waiting);
            person.pushes.push(PushRequest { id, authenticator, enrollment, decision, at: now, expires_at });
            OobSecret::Push(push_id)
        } else {
            let text = format!("Your verification code for {friendly_name} is {code}.");
            person.messages.push(Message { channel: factor, to, code: code.clone(), text, at: now });
            OobSecret::Binding(code)
        };
        let (sub, authenticator) = (sub.to_owned(), authenticator.to_owned());
        self.oob
            .insert(oob_code.clone(), OobTransaction { sub, authenticator, secret, expires_at, used: false });
        oob_code
    }

    /// Ends a transaction; gives the id of the authenticator that was proved.
    pub(crate) fn finish_oob(&mut self, attempt: &OobAttempt<'_>) -> Result<String, Answer> {
        let transaction = self.oob_transaction(attempt)?;
        let now = self.now();
        if self.limits.is_exhausted(Limit::WrongCode, attempt.sub, now) {
            return Err(self.settings.answers.too_many_failures.clone());
        }
        if !self.limits.take(Limit::Exchange, attempt.session, now) {
            return Err(self.settings.answers.slow_down.clone());
        }
        match &transaction.secret {
            OobSecret::Push(id) => self.push_answer(attempt.sub, id)?,
            OobSecret::Binding(code) => {
                let typed = attempt.binding_code.ok_or_else(|| Answer::missing("binding_code"))?;
                if transaction.used || typed != code {
                    self.limits.take(Limit::WrongCode, attempt.sub, now);
                    return Err(self.settings.answers.invalid_binding_code.clone());
                }
            }
        }
        if let Some(transaction) = self.oob.get_mut(attempt.oob_code) {
            transaction.used = true;
        }
        Ok(transaction.authenticator)
    }

    fn oob_transaction(&self, attempt: &OobAttempt<'_>) -> Result<OobTransaction, Answer> {
        let answers = &self.settings.answers;
        let transaction = self.oob.get(attempt.oob_code).ok_or_else(|| answers.malformed_oob_code.clone())?;
        if transaction.sub != attempt.sub {
            return Err(answers.other_oob_code.clone());
        }
        if self.now() >= transaction.expires_at {
            return Err(answers.expired_oob_code.clone());
        }
        // An authenticator that was removed meanwhile proves nothing.
        let owned =
            self.person(attempt.sub).and_then(|person| person.authenticator(&transaction.authenticator));
        owned.map(|_| transaction.clone()).ok_or_else(|| answers.malformed_oob_code.clone())
    }

    fn push_answer(&self, sub: &str, id: &str) -> Result<(), Answer> {
        let request = self.person(sub).and_then(|person| person.pushes.iter().find(|push| push.id == id));
        match request.map(|push| push.decision) {
            Some(Decision::Approved) => Ok(()),
            Some(Decision::Denied) => Err(self.settings.answers.push_denied.clone()),
            _ => Err(self.settings.answers.authorization_pending.clone()),
        }
    }
}
