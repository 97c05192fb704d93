//! A trial as the audit stream tells it: one operation from its challenge to its end. It ends even if nobody comes back.

use super::{Account, Challenge, LASTS};
use crate::audit::{Event, Line, Reason, Told};
use crate::error::Error;
use crate::mfa::act::Subject;

impl Challenge {
    /// The same with what is told of it if it is not ended in its time.
    pub(super) async fn intended(self, account: &Account) -> Result<Self, Error> {
        let line = self.line(account, Event::Trial.failed(Reason::Unfinished));
        Ok(Self { intent: account.portal.audit.intend(&line, LASTS).await?, ..self })
    }

    /// Tells of a step.
    pub(super) fn tell(&self, account: &Account, told: Told) {
        account.portal.audit.tell(&self.line(account, told));
    }

    /// Tells its end.
    pub(super) fn tell_end(&self, account: &Account, told: Told) {
        account.portal.audit.conclude(&self.line(account, told), self.intent);
    }

    fn line(&self, account: &Account, told: Told) -> Line {
        let operation = ["challenge", &*self.id];
        let (factor, authenticator) = (Some(self.factor), Some(self.authenticator.as_str()));
        account.line(told, &Subject { operation: &operation, factor, authenticator })
    }
}
