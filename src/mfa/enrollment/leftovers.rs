//! Unfinished authenticators at the tenant: cleared when their enrollment is given up, when it has lapsed, or when the
//! person asks for it.

use super::own::Own;
use super::pending::{self, AllPending, Pending};
use super::{Account, Enrollment, decision, limits};
use crate::audit::Event;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::act::Subject;
use crate::mfa::{lock, proof, removal};
use crate::tenant::{self, Authenticator, AuthenticatorId};

/// The authenticators on the list before a start, once the leftovers were cleared.
pub(super) struct Before {
    /// Those that stay.
    pub(super) kept: Vec<AuthenticatorId>,
    /// Those of this factor's last enrollment that the tenant may not have removed.
    pub(super) uncleared: Vec<AuthenticatorId>,
}

/// Clears the leftovers of lapsed enrollments, and those of this factor's last one, which the new one replaces. It is part
/// of a start, never of a GET.
pub(super) async fn clear_lapsed(
    account: &Account,
    own: Factor,
    listed: &[Authenticator],
) -> Result<Before, Error> {
    let all = AllPending::read(account).await?;
    let mut before = Before { kept: ids_of(listed), uncleared: Vec::new() };
    for factor in all.lapsed() {
        let leftovers = all.leftovers(factor, listed);
        before.kept.retain(|id| !leftovers.contains(id));
        let left = remove_all(account, leftovers).await;
        if factor == own {
            before.uncleared = left;
        } else if left.is_empty() {
            pending::forget(account, factor).await?;
        }
    }
    Ok(before)
}

fn ids_of(listed: &[Authenticator]) -> Vec<AuthenticatorId> {
    listed.iter().map(|it| it.id.clone()).collect()
}

/// The record of an enrollment for which another code is requested, with what its earlier ones have created. Clears the
/// leftovers of an earlier such request that died.
pub(super) async fn before_resend(
    account: &Account,
    enrollment: &Enrollment,
    listed: &[Authenticator],
) -> Result<Pending, Error> {
    let current = clear_all_but_current(account, enrollment, listed).await?;
    Ok(Pending::new(enrollment, account.portal.clock.now(), ids_of(listed), current))
}

/// Returns the authenticators whose code works, and those that the tenant has not removed.
async fn clear_all_but_current(
    account: &Account,
    enrollment: &Enrollment,
    listed: &[Authenticator],
) -> Result<Vec<AuthenticatorId>, Error> {
    let leftovers = AllPending::read(account).await?.leftovers(enrollment.what.factor(), listed);
    // We never listed the authenticators after the last resend, so those that no earlier code created must be its.
    if enrollment.request_sent_at.is_none() && enrollment.authenticators.is_empty() {
        let (stale, current): (Vec<_>, Vec<_>) =
            leftovers.into_iter().partition(|id| enrollment.superseded.contains(id));
        return Ok([current, remove_all(account, stale).await].concat());
    }
    let current = enrollment.authenticators.clone();
    if current.is_empty() {
        return Ok(current);
    }
    let stale: Vec<_> = leftovers.into_iter().filter(|id| !current.contains(id)).collect();
    Ok([current, remove_all(account, stale).await].concat())
}

/// Unfinished authenticators of enrollments that are still open, in any tab.
pub(crate) async fn in_progress(
    account: &Account,
    listed: &[Authenticator],
) -> Result<Vec<AuthenticatorId>, Error> {
    Ok(AllPending::read(account).await?.in_progress(listed))
}

/// Clears every unfinished authenticator that belongs to no open enrollment of ours, because the person asked for it.
pub(crate) async fn clear_unfinished(account: &Account) -> Result<(), Error> {
    let (tenant, token) = (&account.portal.tenant, &account.person.token);
    proof::must_suffice_for_list(account).await?;
    let clear_in_turn = async {
        let listed = tenant.authenticators(token).await?;
        proof::must_suffice(account, proof::is_protected(&listed)).await?;
        limits::count_removal(account).await?;
        let in_progress = in_progress(account, &listed).await?;
        let unfinished = listed.into_iter().filter(|it| !it.active && !in_progress.contains(&it.id));
        let unfinished = unfinished.filter(|it| it.factor != Factor::RecoveryCode && it.id.is_well_formed());
        let clear = async {
            for (removed_before, authenticator) in unfinished.enumerate() {
                let removed =
                    removal::remove_unfinished(&account.portal, account.sub(), token, &authenticator.id);
                removed.await.map_err(|error| error.after_others(removed_before))?;
            }
            Ok(())
        };
        let id = account.portal.random.id();
        let subject = Subject { operation: &["clear", &id], ..Subject::default() };
        account.act(Event::EnrollmentCancelled, &subject, clear).await
    };
    lock::in_turn(account, Box::pin(clear_in_turn)).await
}

/// The end of a clearing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cleared {
    /// The enrollment was not confirmed.
    Unfinished,
    /// It was confirmed meanwhile, so nothing was removed.
    Confirmed,
    /// The list could not be read or does not tell which one it is, or the tenant has not removed it: a phone may still
    /// approve it.
    Unknown,
}

/// Removes this enrollment's unfinished authenticators, and none that was confirmed meanwhile. After a failure the list
/// counts them, and the next start tries again.
pub(super) async fn clear(account: &Account, enrollment: &Enrollment) -> Result<Cleared, Error> {
    let factor = enrollment.what.factor();
    let listed = account.portal.tenant.authenticators(&account.person.token).await;
    let Ok(listed) = listed.inspect_err(tenant::Error::log) else { return Ok(Cleared::Unknown) };
    let own = Own::of(account, enrollment, &listed).await?;
    if own.is_active() == Some(true) {
        return Ok(Cleared::Confirmed);
    }
    let pending = pending::find(account, factor).await?.filter(|it| it.enrollment == enrollment.id);
    if pending.is_none() {
        // A later start has cleared what this one left, as far as the tenant did.
        let is_gone = !enrollment.authenticators.is_empty() && own.is_empty();
        return Ok(if is_gone { Cleared::Unfinished } else { Cleared::Unknown });
    }
    let leftovers = AllPending::read(account).await?.leftovers(factor, &listed);
    let is_known = own.candidates().iter().all(|it| leftovers.contains(&it.id));
    let is_gone = remove_all(account, leftovers).await.is_empty();
    Ok(if is_known && is_gone { Cleared::Unfinished } else { Cleared::Unknown })
}

/// Whether the person may have had an app before this enrollment.
pub(super) async fn had_another_app(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    let pending = pending::find(account, enrollment.what.factor()).await?;
    Ok(pending.filter(|it| it.enrollment == enrollment.id).is_none_or(|it| it.had(Factor::Totp)))
}

/// The authenticators of enrollments that were given up. A request may be about to delete them, although a simultaneous
/// confirmation made them active.
pub(crate) async fn given_up(
    account: &Account,
    listed: &[AuthenticatorId],
) -> Result<Vec<AuthenticatorId>, Error> {
    let mut ids = Vec::new();
    for pending in AllPending::read(account).await?.all() {
        if decision::is_given_up(account, &pending.enrollment).await? {
            ids.extend(listed.iter().filter(|id| pending.may_own(id)).cloned());
        }
    }
    Ok(ids)
}

/// Logs the failure of a clearing that is tried again.
pub(super) fn log(error: &Error) {
    match error {
        Error::Tenant(error) => error.log(),
        error => tracing::warn!(%error, "unfinished set-up not cleared"),
    }
}

/// Removes those that the tenant removes. Returns those that may be left, because a failure may have come before or after
/// the deletion. Each failure is logged.
pub(super) async fn remove_all(account: &Account, unfinished: Vec<AuthenticatorId>) -> Vec<AuthenticatorId> {
    let mut left = Vec::new();
    for id in unfinished {
        if remove(account, &id).await.is_err() {
            left.push(id);
        }
    }
    left
}

/// The same, but fails with the last failure when one may be left.
pub(super) async fn must_remove_all(
    account: &Account,
    unfinished: Vec<AuthenticatorId>,
) -> Result<(), Error> {
    let (mut all, mut gone) = (Ok(()), 0);
    for id in unfinished {
        match remove(account, &id).await {
            Ok(()) => gone += 1,
            failed => all = failed,
        }
    }
    all.map_err(|error| error.after_others(gone))
}

/// An authenticator stays if its id is not well formed, because such an id is sent to no tenant.
async fn remove(account: &Account, id: &AuthenticatorId) -> Result<(), Error> {
    if !id.is_well_formed() {
        return Ok(());
    }
    let (portal, token) = (&account.portal, &account.person.token);
    removal::remove_unfinished(portal, account.sub(), token, id).await.inspect_err(log)
}
