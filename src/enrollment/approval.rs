//! The end of an enrollment that no code is typed for: the phone approves, refuses, or nobody answers.

use time::OffsetDateTime;

use super::{Enrollment, Enrollments, LIVES, key};
use crate::approval::{self, Ending, Look};
use crate::error::Error;
use crate::secret::Secret;
use crate::tenant::Associate;

impl Enrollment {
    /// Whether it can still be confirmed. A code for the Guardian app can be scanned for five minutes only.
    pub(super) fn is_open(&self, now: OffsetDateTime) -> bool {
        self.association.is_some() && (self.what != Associate::Push || now < self.sent + approval::LIVES)
    }
}

impl Enrollments<'_> {
    /// Whether the phone has taken the set-up. What it said is kept, so that it is asked for once.
    pub async fn approval(&self, enrollment: &Enrollment) -> Result<Look, Error> {
        if let Some(ending) = enrollment.ending {
            return Ok(Look::Ended(ending));
        }
        let Some(association) = &enrollment.association else { return Ok(Look::Approved) };
        let oob_code = association.oob_code.as_ref().ok_or(Error::SetUpEnded)?;
        match self.look(enrollment, oob_code).await? {
            Look::Approved => self.finish(enrollment).await.map(|_| Look::Approved),
            // The answer to an earlier look may have been lost on its way: the list tells.
            Look::Ended(_) if self.is_active(enrollment).await == Some(true) => {
                self.finish(enrollment).await.map(|_| Look::Approved)
            }
            Look::Ended(ending) => self.close(enrollment, ending).await,
            waiting @ Look::Waiting(_) => Ok(waiting),
        }
    }

    async fn look(&self, enrollment: &Enrollment, oob_code: &Secret) -> Result<Look, Error> {
        if !enrollment.is_open(self.app.clock.now()) {
            return Ok(Look::Ended(Ending::Lapsed));
        }
        match approval::look(self.app, self.person, &enrollment.id, oob_code).await {
            // No answer came: the list tells whether it was done.
            Err(Error::Tenant(error)) if error.maybe_done() => match self.is_active(enrollment).await {
                Some(true) => Ok(Look::Approved),
                Some(false) => Err(error.known_undone().into()),
                None => Err(error.into()),
            },
            look => look,
        }
    }

    /// Keeps how it ended and drops the secrets. What it left at the tenant is cleared by the person's next step.
    async fn close(&self, enrollment: &Enrollment, ending: Ending) -> Result<Look, Error> {
        let closed =
            Enrollment { association: None, asked: None, ending: Some(ending), ..enrollment.clone() };
        self.app.store.replace(key(&enrollment.id), &closed, LIVES).await?;
        Ok(Look::Ended(ending))
    }
}
