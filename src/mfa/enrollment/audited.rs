//! An enrollment as the audit stream tells it: one operation from its start to its end. It ends even if nobody comes
//! back.

use super::{Account, Confirmation, Enrollment, LASTS};
use crate::audit::{Event, Reason, Told};
use crate::error::{Error, refused};
use crate::mfa::act::Subject;
use crate::mfa::approval::Ending;
use crate::tenant::{Associate, AuthenticatorId};

impl Enrollment {
    /// The same with what is told of it if it is not ended in its time. A repeat of an `unanswered` start goes on with
    /// that one's operation.
    pub(super) async fn intended(self, account: &Account, unanswered: Option<&Self>) -> Result<Self, Error> {
        let repeats = unanswered.map(|it| it.operation().to_owned()).or(self.repeats);
        let intended = Self { repeats, ..self };
        let line = intended.with_subject(|subject| {
            account.line(Event::EnrollmentFailed.failed(Reason::Unfinished), subject)
        });
        let intent = account.portal.audit.intend(&line, LASTS).await?;
        if let Some(unanswered) = unanswered {
            account.portal.audit.forget(unanswered.intent).await;
        }
        Ok(Self { intent, ..intended })
    }

    /// Whether it is a start whose answer never came, and `again` asks for the same.
    pub(super) fn is_unanswered(&self, again: &Associate) -> bool {
        self.association.is_none() && self.request_sent_at.is_some() && self.what == *again
    }

    /// Tells of a step.
    pub(super) fn tell(&self, account: &Account, told: Told) {
        self.with_subject(|subject| account.tell_about(told, subject));
    }

    /// Tells of a code that was not accepted. A confirmation is told where it is kept.
    pub(super) fn tell_unless_confirmed(&self, account: &Account, confirmed: &Result<Confirmation, Error>) {
        match confirmed {
            Ok(Confirmation::Confirmed) => {}
            Ok(Confirmation::Refused(reason)) => {
                self.tell(account, Event::EnrollmentFailed.failed(refused(*reason)));
            }
            Err(error) => self.tell(account, error.told_as(Event::EnrollmentFailed)),
        }
    }

    /// Tells its end.
    pub(super) fn tell_end(&self, account: &Account, told: Told) {
        let line = self.with_subject(|subject| account.line(told, subject));
        account.portal.audit.conclude(&line, self.intent);
    }

    pub(super) fn operation(&self) -> &str {
        self.repeats.as_ref().unwrap_or(&self.id)
    }

    fn with_subject<T>(&self, told: impl FnOnce(&Subject<'_>) -> T) -> T {
        let operation = ["enrollment", self.operation()];
        let authenticator = self.authenticators.first().map(AuthenticatorId::as_str);
        told(&Subject { operation: &operation, factor: Some(self.what.factor()), authenticator })
    }
}

impl Ending {
    /// The reason that it gives an operation's end.
    pub(in crate::mfa) fn reason(self) -> Reason {
        match self {
            Self::Denied => Reason::Denied,
            Self::Lapsed => Reason::Lapsed,
        }
    }
}
