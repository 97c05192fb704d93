//! The end of an enrollment without a typed code: the phone approves, refuses or does not answer in time.

use time::OffsetDateTime;

use super::confirmed::{finish, finish_proved, protect};
use super::{Decision, Enrollment, LASTS, decision, is_active, key, must_be_proved_before, unpolled};
use crate::audit::Event;
use crate::deadline;
use crate::error::Error;
use crate::mfa::approval::{self, Ending, PollResult};
use crate::mfa::{Account, lock};
use crate::secret::Secret;
use crate::tenant::Associate;

impl Enrollment {
    /// Whether it can still be confirmed. A push enrollment's QR code expires before the enrollment does.
    pub(super) fn is_open(&self, now: OffsetDateTime) -> bool {
        let expires = self.sent_at + approval::REQUEST_LASTS;
        self.association.is_some() && (self.what != Associate::Push || now < expires)
    }
}

/// Whether the phone has accepted the enrollment. The result is stored, so that the tenant is asked for it once.
pub(crate) async fn poll(account: &Account, enrollment: &Enrollment) -> Result<PollResult, Error> {
    if let Some(ending) = enrollment.ending {
        return Ok(PollResult::Ended(ending));
    }
    deadline::begin_act().await;
    let Some(association) = &enrollment.association else {
        // The store may have failed after the answer that approved it.
        if enrollment.was_begun_by(account) {
            lock::in_turn(account, Box::pin(protect(account, enrollment))).await?;
        }
        return Ok(PollResult::Approved);
    };
    let oob_code = association.oob_code.as_ref().ok_or(Error::SetUpEnded)?;
    // The tenant may take an approval when it is asked, and may be deleting what is approved, so the list is asked after that.
    if decision::taken(account, enrollment).await? == Some(Decision::Cancelled) {
        let finished = lock::in_turn(account, Box::pin(finish(account, enrollment))).await;
        return finished.map(|_| PollResult::Approved);
    }
    match poll_tenant(account, enrollment, oob_code).await? {
        waiting @ PollResult::Waiting(_) => Ok(waiting),
        polled => lock::in_turn(account, Box::pin(end_in_turn(account, enrollment, polled))).await,
    }
}

async fn end_in_turn(
    account: &Account,
    enrollment: &Enrollment,
    polled: PollResult,
) -> Result<PollResult, Error> {
    match polled {
        PollResult::Approved => finish_proved(account, enrollment).await.map(|_| PollResult::Approved),
        // The answer to an earlier poll may have been lost on its way, so the list decides.
        PollResult::Ended(ending) => match is_active(account, enrollment).await {
            Some(true) if enrollment.was_begun_by(account) => {
                finish_proved(account, enrollment).await.map(|_| PollResult::Approved)
            }
            Some(true) => finish(account, enrollment).await.map(|_| PollResult::Approved),
            listed => close(account, enrollment, ending, listed).await,
        },
        waiting @ PollResult::Waiting(_) => Ok(waiting),
    }
}

async fn poll_tenant(
    account: &Account,
    enrollment: &Enrollment,
    oob_code: &Secret,
) -> Result<PollResult, Error> {
    if !enrollment.is_open(account.portal.clock.now()) {
        return Ok(PollResult::Ended(Ending::Lapsed));
    }
    must_be_proved_before(account, enrollment, approval::REQUEST_LASTS).await?;
    // If nobody polls again, the phone may approve all the same.
    let addition = enrollment.addition();
    let notice = enrollment.notice(account, &addition).await;
    notice.intend().await?;
    unpolled::keep(account, enrollment, &notice).await;
    match approval::poll(account, &enrollment.id, oob_code).await {
        // Without an answer the list shows whether the phone has approved.
        Err(Error::Tenant(error)) if error.maybe_done() => match is_active(account, enrollment).await {
            Some(true) => Ok(PollResult::Approved),
            Some(false) => Err(error.known_undone().into()),
            None => Err(error.into()),
        },
        polled => polled,
    }
}

/// Keeps the ending and drops the secrets. The person's next step clears the leftovers at the tenant. `is_active` is what
/// the list says, if it could be read.
async fn close(
    account: &Account,
    enrollment: &Enrollment,
    ending: Ending,
    is_active: Option<bool>,
) -> Result<PollResult, Error> {
    let closed =
        Enrollment { association: None, request_sent_at: None, ending: Some(ending), ..enrollment.clone() };
    account.portal.store.replace(key(&enrollment.id), &closed, LASTS).await?;
    if is_active == Some(false) {
        enrollment.notice(account, &enrollment.addition()).await.forget().await;
        unpolled::forget(account, enrollment).await;
    }
    enrollment.tell_end(account, Event::EnrollmentFailed.failed(ending.reason()));
    Ok(PollResult::Ended(ending))
}
