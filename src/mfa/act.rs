//! The acts of a person as the audit stream tells them. What is about to happen is stored before the tenant is asked,
//! so that an end is told even if this process dies.

use super::Account;
use super::notices::Notice;
use crate::audit::{Event, IN_FLIGHT, Line, Reason, Told};
use crate::error::Error;
use crate::factor::Factor;

/// The subject of an act.
#[derive(Default)]
pub(super) struct Subject<'a> {
    /// The parts that name the operation: the same ones for each repeat of it.
    pub(super) operation: &'a [&'a str],
    pub(super) factor: Option<Factor>,
    /// The authenticator's id, if it is known.
    pub(super) authenticator: Option<&'a str>,
}

impl Account {
    /// Tells of something that the person did or was refused.
    pub(crate) fn tell(&self, told: Told) {
        self.tell_about(told, &Subject::default());
    }

    pub(super) fn tell_about(&self, told: Told, subject: &Subject<'_>) {
        self.portal.audit.tell(&self.line(told, subject));
    }

    pub(super) fn line(&self, told: Told, subject: &Subject<'_>) -> Line {
        let audit = &self.portal.audit;
        let mut line = audit.line_in(told, &self.request);
        if !subject.operation.is_empty() {
            line = audit.part_of(line, subject.operation);
        }
        if let Some(factor) = subject.factor {
            line = line.with(factor);
        }
        match subject.authenticator {
            Some(id) => audit.about(line, id),
            None => line,
        }
    }

    /// Acts like [`Self::act`], and keeps the notice of the change until it is known. The act itself keeps the notice
    /// for sending.
    pub(super) async fn change<T>(
        &self,
        event: Event,
        subject: &Subject<'_>,
        notice: &Notice<'_>,
        act: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        notice.intend().await?;
        let done = self.act(event, subject, act).await;
        if done.as_ref().is_err_and(Error::is_known_undone) {
            notice.forget().await;
        }
        done
    }

    /// Acts, and tells the end.
    pub(super) async fn act<T>(
        &self,
        event: Event,
        subject: &Subject<'_>,
        act: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let audit = &self.portal.audit;
        let intent = audit.intend(&self.line(event.failed(Reason::Interrupted), subject), IN_FLIGHT).await?;
        let done = act.await;
        let told = done.as_ref().err().map_or_else(|| event.succeeded(), |error| error.told_as(event));
        audit.conclude(&self.line(told, subject), intent);
        done
    }
}
