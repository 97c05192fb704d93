//! Out-of-band transactions, from the message or push notification to the code or approval.

use time::{Duration, OffsetDateTime};

use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::authenticator::Factor;
use crate::world::limits::Limit;
use crate::world::person::{Decision, Message, PushRequest};

/// Lifetime of a code and of a push enrollment's QR code (Auth0, Push).
const LIFETIME: Duration = Duration::minutes(5);

/// The transaction that an `oob_code` names.
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
    /// The code of the message.
    Binding(String),
    /// The id of the push request.
    Push(String),
}

/// An attempt to finish a transaction.
pub(crate) struct OobAttempt<'a> {
    pub(crate) sub: &'a str,
    pub(crate) oob_code: &'a str,
    pub(crate) binding_code: Option<&'a str>,
    /// The key of the limit of 12 exchanges per minute (Auth0, Rate limits).
    pub(crate) session: &'a str,
}

impl World {
    /// Counts a message or push notification against its limit, before it is sent.
    pub(crate) fn count_message(&mut self, sub: &str, factor: Factor) -> Result<(), Refusal> {
        let now = self.now();
        let refusals = &self.settings.refusals;
        let (limit, refusal) = match factor {
            Factor::Sms | Factor::Voice => (Limit::Sms, &refusals.too_many_sms),
            Factor::Email => (Limit::Email, &refusals.too_many_emails),
            Factor::Push => (Limit::Push, &refusals.too_many_pushes),
            Factor::Totp | Factor::RecoveryCode => return Ok(()),
        };
        if self.limits.take(limit, sub, now) { Ok(()) } else { Err(refusal.clone()) }
    }

    /// Sends a code or push notification; returns the `oob_code`.
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

    /// Finishes a transaction; returns the id of the authenticator that was proved.
    pub(crate) fn finish_oob(&mut self, attempt: &OobAttempt<'_>) -> Result<String, Refusal> {
        let transaction = self.oob_transaction(attempt)?;
        let now = self.now();
        if self.limits.is_exhausted(Limit::WrongCode, attempt.sub, now) {
            return Err(self.settings.refusals.too_many_failures.clone());
        }
        if !self.limits.take(Limit::Exchange, attempt.session, now) {
            return Err(self.settings.refusals.slow_down.clone());
        }
        match &transaction.secret {
            OobSecret::Push(id) => self.check_push(attempt.sub, id)?,
            OobSecret::Binding(code) => {
                let typed = attempt.binding_code.ok_or_else(|| Refusal::missing("binding_code"))?;
                if transaction.used || typed != code {
                    self.limits.take(Limit::WrongCode, attempt.sub, now);
                    return Err(self.settings.refusals.invalid_binding_code.clone());
                }
            }
        }
        if let Some(transaction) = self.oob.get_mut(attempt.oob_code) {
            transaction.used = true;
        }
        Ok(transaction.authenticator)
    }

    fn oob_transaction(&self, attempt: &OobAttempt<'_>) -> Result<OobTransaction, Refusal> {
        let refusals = &self.settings.refusals;
        let transaction =
            self.oob.get(attempt.oob_code).ok_or_else(|| refusals.malformed_oob_code.clone())?;
        if transaction.sub != attempt.sub {
            return Err(refusals.other_oob_code.clone());
        }
        if self.now() >= transaction.expires_at {
            return Err(refusals.expired_oob_code.clone());
        }
        // An authenticator that was removed in the meantime proves nothing.
        let owned =
            self.person(attempt.sub).and_then(|person| person.authenticator(&transaction.authenticator));
        owned.map(|_| transaction.clone()).ok_or_else(|| refusals.malformed_oob_code.clone())
    }

    fn check_push(&self, sub: &str, id: &str) -> Result<(), Refusal> {
        let request = self.person(sub).and_then(|person| person.pushes.iter().find(|push| push.id == id));
        match request.map(|push| push.decision) {
            Some(Decision::Approved) => Ok(()),
            Some(Decision::Denied) => Err(self.settings.refusals.push_denied.clone()),
            _ => Err(self.settings.refusals.authorization_pending.clone()),
        }
    }
}
