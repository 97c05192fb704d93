//! The end of a confirmed enrollment: it is kept once, told, and ends the sessions that know the password alone.

use super::decision::{self, Decision};
use super::{Confirmation, Enrollment, LASTS, Own, key, unpolled};
use crate::audit::Event;
use crate::error::Error;
use crate::mfa::{Account, limits, live_sessions, recovery_code, removal};
use crate::tenant::{self, Call};

/// Ends an enrollment whose proof this session has given. The session knows the password alone until a factor protects,
/// and a recovery code that it read would open the account after its owner has protected it.
pub(super) async fn finish_proved(account: &Account, enrollment: &Enrollment) -> Result<Confirmation, Error> {
    let finished = keep_decided(account, enrollment).await?;
    if enrollment.what.factor().protects() {
        protect_by(account, enrollment, true).await?;
    }
    Ok(finished)
}

/// The same for a repeat of the request whose proof was accepted, which may have failed halfway.
pub(super) async fn protect(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    if is_to_protect(account, enrollment).await? {
        protect_by(account, enrollment, true).await
    } else {
        Ok(())
    }
}

/// Whether it protects and has ended no sessions yet.
async fn is_to_protect(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    Ok(enrollment.what.factor().protects() && !decision::has_protected(account, enrollment).await?)
}

/// Ends the sessions that know the password alone, once for each enrollment, and gives this session a recovery code that
/// waits for the first protection if the tenant has accepted its proof. A session that was ended meanwhile gets nothing
/// and ends none.
async fn protect_by(account: &Account, enrollment: &Enrollment, is_proved: bool) -> Result<(), Error> {
    let goes_on = if is_to_protect(account, enrollment).await? {
        live_sessions::end_others_after_protection(account, enrollment.is_first).await?
    } else {
        live_sessions::is_live(&account.portal, &account.person).await?
    };
    if goes_on && is_proved {
        recovery_code::belongs_to(account).await?;
    }
    decision::note_protected(account, enrollment).await
}

/// Ends a confirmed enrollment whose proof nobody may have given here. The session that proved it ends the others. That is
/// this one if no other has shown a code, or if it has begun what no message goes to.
pub(super) async fn finish(account: &Account, enrollment: &Enrollment) -> Result<Confirmation, Error> {
    let has_begun = enrollment.what.target().is_none() && enrollment.was_begun_by(account);
    let is_ours = has_begun || decision::is_shown_by_this_alone(account, enrollment).await?;
    let finished = keep_decided(account, enrollment).await?;
    if is_ours && is_to_protect(account, enrollment).await? {
        protect_by(account, enrollment, false).await?;
    }
    Ok(finished)
}

/// Keeps a confirmed enrollment, unless another request has cancelled it meanwhile.
async fn keep_decided(account: &Account, enrollment: &Enrollment) -> Result<Confirmation, Error> {
    match decision::decide(account, enrollment, Decision::Confirmed).await? {
        Decision::Confirmed => keep_finished(account, enrollment).await,
        Decision::Cancelled => finish_cancelled(account, enrollment).await,
    }
}

/// Ends an enrollment that was given up while the tenant took its proof: the list says whether that was too late.
async fn finish_cancelled(account: &Account, enrollment: &Enrollment) -> Result<Confirmation, Error> {
    let listed = account.portal.tenant.authenticators(&account.person.token).await;
    let listed = listed.map_err(tenant::Error::in_the_middle)?;
    let own = Own::of(account, enrollment, &listed).await?;
    match own.is_active() {
        Some(true) => {}
        None if own.candidates().iter().any(|it| it.active) => {
            return Err(tenant::Error::unknown_outcome(Call::Confirm).into());
        }
        _ => return Err(Error::SetUpEnded),
    }
    let own: Vec<_> = own.candidates().iter().map(|it| it.id.clone()).collect();
    if removal::is_perhaps_removed(account, &own).await? {
        return Err(tenant::Error::unknown_outcome(Call::Remove).into());
    }
    keep_finished(account, enrollment).await
}

/// Keeps the record and drops its secrets, so that a second submit finds a finished enrollment instead of none.
async fn keep_finished(account: &Account, enrollment: &Enrollment) -> Result<Confirmation, Error> {
    limits::note_confirmed(account, &enrollment.what, &enrollment.authenticators).await?;
    let done = Enrollment { association: None, request_sent_at: None, ..enrollment.clone() };
    account.portal.store.replace(key(&enrollment.id), &done, LASTS).await?;
    enrollment.notice(account, &enrollment.addition()).await.keep().await;
    unpolled::forget(account, enrollment).await;
    enrollment.remember(account).await;
    if decision::is_to_be_told(&account.portal, &enrollment.id).await {
        enrollment.tell_end(account, Event::EnrollmentConfirmed.succeeded());
    }
    Ok(Confirmation::Confirmed)
}
