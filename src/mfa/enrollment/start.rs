//! The start of an enrollment, and another code for it: done once, however often it is asked for.

use futures_util::FutureExt as _;
use time::{Duration, OffsetDateTime};

use super::decision::{self, Decision};
use super::leftovers::{before_resend, clear_lapsed, remove_all};
use super::pending::{self, AllPending, Pending};
use super::tried_out::is_unfinished_app;
use super::{
    Account, COOL_DOWN, Enrollment, FirstCode, LASTS, find, finish, is_active, key, limits, must_be_proved,
    own, pushes_of_others, stored, unpolled,
};
use crate::audit::{self, Event};
use crate::config::Limits;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::limits::Pause;
use crate::mfa::{Permission, lock, proof, recovery_code};
use crate::tenant::{self, Associate, Association, Authenticator, AuthenticatorId, Reason};

/// Starts an enrollment, or resumes the open one of the same number or address. Of concurrent requests one associates,
/// and the others wait for it. `called` is the person's own name for it.
pub(crate) async fn start(
    account: &Account,
    what: Associate,
    called: Option<String>,
) -> Result<Enrollment, Error> {
    // A phone may approve without a session, so what it could approve must be removable.
    if what == Associate::Push {
        account.person.must(Permission::Remove)?;
    }
    // Before its turn too, so that refused requests keep nobody waiting.
    must_be_proved_to_start(account, &what).await?;
    // The future holds three enrollments, so it goes on the heap.
    lock::in_turn(account, start_in_turn(account, what, called).boxed()).await
}

/// Sends a new code in place of the earlier one, and tells whether a code is still asked for: none is sent once another
/// request has confirmed the enrollment. The tenant has no resend, so this associates anew.
pub(crate) async fn resend(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    must_be_proved(account, enrollment).await?;
    lock::in_turn(account, Box::pin(resend_in_turn(account, enrollment))).await
}

/// The time until another code may be sent.
pub(crate) fn cools_down(account: &Account, enrollment: &Enrollment) -> Duration {
    left_until(account, enrollment.sent_at + COOL_DOWN)
}

fn left_until(account: &Account, time: OffsetDateTime) -> Duration {
    match account.portal.config.limits {
        Limits::Default => (time - account.portal.clock.now()).max(Duration::ZERO),
        Limits::Off => Duration::ZERO,
    }
}

/// A message that may have gone out counts as sent: another one waits for the cool-down.
fn refuse_if_in_flight(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    let until = enrollment.maybe_in_flight_until();
    match until.filter(|until| left_until(account, *until).is_positive()) {
        Some(until) => Err(Error::MaybeSent(until)),
        None => Ok(()),
    }
}

async fn start_in_turn(
    account: &Account,
    what: Associate,
    called: Option<String>,
) -> Result<Enrollment, Error> {
    let (store, factor) = (&account.portal.store, what.factor());
    let earlier = pending::find(account, factor).await?;
    if let Some(open) = resumable(account, earlier.as_ref(), &what).await? {
        must_be_proved(account, &open).await?;
        let open = Enrollment { called, ..open };
        replace(account, &open).await?;
        return Ok(open);
    }
    let (pause, listed) = count_and_list(account, &what).await?;
    let (given_up, listed) = match &earlier {
        Some(earlier) => match give_up_and_list(account, &earlier.enrollment, &what).await {
            Ok(both) => both,
            Err(error) => {
                pause.end(account).await?;
                return Err(error);
            }
        },
        None => (None, listed),
    };
    let listed = match make_way(account, factor, listed).await {
        Ok(listed) => listed,
        Err(error) => {
            pause.end(account).await?;
            return Err(error);
        }
    };
    let before = clear_lapsed(account, factor, &listed).await?;
    let left = listed.iter().filter(|it| is_unfinished_app(it) && before.kept.contains(&it.id));
    let foreign_apps = left.map(|it| it.id.clone()).collect();
    let is_first = !proof::is_protected(&listed);
    let enrollment = Enrollment { called, foreign_apps, is_first, ..requested(account, what) };
    let enrollment = enrollment.intended(account, given_up.as_ref()).await?;
    let pending = Pending::new(&enrollment, enrollment.sent_at, before.kept, before.uncleared);
    store.put(key(&enrollment.id), &enrollment, LASTS).await?;
    pending::keep(account, &pending).await?;
    let started = match associate(account, &enrollment.what).await {
        Ok(association) => {
            after_association(account, enrollment.clone(), association, pending, &listed).await
        }
        Err(error) => {
            if error.nothing_done() {
                pause.end(account).await?;
                store.remove(key(&enrollment.id)).await?;
                // Leftovers of the earlier one are still to be cleared.
                match earlier {
                    Some(earlier) => pending::keep(account, &earlier).await?,
                    None => pending::forget(account, factor).await?,
                }
            } else {
                after_lost_answer(account, &error, pending, &listed).await?;
            }
            Err(error)
        }
    };
    match &started {
        Ok(started) => started.tell(account, Event::EnrollmentStarted.succeeded()),
        Err(error) => enrollment.tell_end(account, error.told_as(Event::EnrollmentFailed)),
    }
    started
}

/// Refuses unless the proof is good enough for this list too, because a phone may have approved since the one before.
/// Before a push it removes what another one has left, and waits for another session's code, which may protect the person.
async fn make_way(
    account: &Account,
    factor: Factor,
    listed: Vec<Authenticator>,
) -> Result<Vec<Authenticator>, Error> {
    proof::must_suffice(account, proof::is_protected(&listed)).await?;
    if factor != Factor::Push {
        return Ok(listed);
    }
    FirstCode::must_not_be_of_another_session(account).await?;
    pushes_of_others::remove_listed(account, listed).await
}

/// Refuses unless the person's proof is good enough for a start. One that goes on with an enrollment is none of its
/// own protections.
async fn must_be_proved_to_start(account: &Account, what: &Associate) -> Result<(), Error> {
    if let Some(earlier) = pending::find(account, what.factor()).await?
        && let Some(open) = stored(account, what.factor(), &earlier.enrollment).await?
        && open.what == *what
        && open.may_go_on(account)
    {
        return must_be_proved(account, &open).await;
    }
    proof::must_suffice_for_list(account).await
}

/// Gives the earlier enrollment up, because nothing refuses the new one, and drops its record. Reads the list after that,
/// because a phone may have approved before.
async fn give_up_and_list(
    account: &Account,
    id: &str,
    again: &Associate,
) -> Result<(Option<Enrollment>, Vec<Authenticator>), Error> {
    let given_up = give_up(account, id, again).await?;
    Ok((given_up, account.portal.tenant.authenticators(&account.person.token).await?))
}

/// Cancels the earlier enrollment. Returns it if its answer never came and this is a repeat of it.
async fn give_up(account: &Account, id: &str, again: &Associate) -> Result<Option<Enrollment>, Error> {
    let Some(earlier) = stored(account, again.factor(), id).await? else { return Ok(None) };
    // A phone may have approved after its page was left.
    if *again == Associate::Push && is_active(account, &earlier).await == Some(true) {
        // That of another session is told as that session's (`unpolled`), and its page still ends it.
        if earlier.may_go_on(account) {
            finish(account, &earlier).await?;
        }
        return Ok(None);
    }
    let decision = decision::decide(account, &earlier, Decision::Cancelled).await?;
    account.portal.store.remove(key(id)).await?;
    if earlier.is_unanswered(again) {
        return Ok(Some(earlier));
    }
    if *again == Associate::Push {
        unpolled::give_up(account, &earlier).await;
    }
    if decision == Decision::Cancelled && earlier.ending.is_none() {
        earlier.tell_end(account, Event::EnrollmentCancelled.succeeded().because(audit::Reason::Superseded));
    }
    Ok(None)
}

/// The open enrollment of the same number or address.
async fn resumable(
    account: &Account,
    earlier: Option<&Pending>,
    what: &Associate,
) -> Result<Option<Enrollment>, Error> {
    let Some(earlier) = earlier else { return Ok(None) };
    let found = stored(account, what.factor(), &earlier.enrollment).await?;
    let Some(found) = found.filter(|found| found.what == *what && found.may_go_on(account)) else {
        return Ok(None);
    };
    if decision::taken(account, &found).await? == Some(Decision::Cancelled) {
        return Ok(None);
    }
    if !found.is_open(account.portal.clock.now()) {
        return refuse_if_in_flight(account, &found).map(|()| None);
    }
    // A request that died after the confirmation left the record open: this start is a new one.
    if is_active(account, &found).await == Some(true) {
        finish(account, &found).await?;
        return Ok(None);
    }
    Ok(Some(found))
}

async fn resend_in_turn(account: &Account, enrollment: &Enrollment) -> Result<bool, Error> {
    // Another request may have sent a code, or ended the set-up, while this one waited for its turn.
    let enrollment = find(account, enrollment.what.factor(), &enrollment.id).await?;
    match decision::taken(account, &enrollment).await? {
        _ if enrollment.association.is_none() => return Ok(false),
        Some(Decision::Confirmed) => return Ok(false),
        Some(Decision::Cancelled) => return Err(Error::SetUpEnded),
        None if cools_down(account, &enrollment).is_positive() => return Ok(true),
        None => {}
    }
    refuse_if_in_flight(account, &enrollment)?;
    let (pause, listed) = count_and_list(account, &enrollment.what).await?;
    let former = pending::find(account, enrollment.what.factor()).await?;
    let pending = before_resend(account, &enrollment, &listed).await?;
    pending::keep(account, &pending).await?;
    let requested = Enrollment { request_sent_at: Some(account.portal.clock.now()), ..enrollment.clone() };
    let requested = requested.intended(account, None).await?;
    if let Err(error) = replace(account, &requested).await {
        account.portal.audit.forget(requested.intent).await;
        pause.end(account).await?;
        return Err(error);
    }
    let sent = match associate(account, &enrollment.what).await {
        Ok(association) => {
            after_association(account, requested.clone(), association, pending, &listed).await.map(drop)
        }
        Err(error) => {
            if error.nothing_done() {
                pause.end(account).await?;
                replace(account, &enrollment).await?;
                if let Some(former) = former.filter(|it| it.enrollment == enrollment.id) {
                    pending::keep(account, &former).await?;
                }
            } else {
                after_lost_answer(account, &error, pending, &listed).await?;
            }
            Err(error)
        }
    };
    // The message has gone out, and another request has ended the set-up meanwhile.
    let is_ended = matches!(sent, Err(Error::SetUpEnded));
    let told = sent.as_ref().err().filter(|_| !is_ended).map(|error| error.told_as(Event::ChallengeSent));
    requested.tell(account, told.unwrap_or(Event::ChallengeSent.succeeded()));
    let goes_on_as_before = sent.as_ref().is_err_and(Error::nothing_done);
    if goes_on_as_before || is_ended {
        account.portal.audit.forget(requested.intent).await;
    }
    if !goes_on_as_before {
        account.portal.audit.forget(enrollment.intent).await;
    }
    sent.map(|()| true)
}

/// Counts the message, begins its pause and reads the list before it. A message that is not sent leaves no pause.
async fn count_and_list(account: &Account, what: &Associate) -> Result<(Pause, Vec<Authenticator>), Error> {
    let pause = Pause::begin(account, what.target(), COOL_DOWN).await?;
    let listed = async {
        let listed = account.portal.tenant.authenticators(&account.person.token).await?;
        proof::must_suffice(account, proof::is_protected(&listed)).await?;
        limits::count_start(account, what).await?;
        Ok(listed)
    };
    match listed.await {
        Ok(listed) => Ok((pause, listed)),
        Err(error) => {
            pause.end(account).await?;
            Err(error)
        }
    }
}

async fn associate(account: &Account, what: &Associate) -> Result<Association, Error> {
    let associated = account.portal.tenant.associate(&account.person.token, what).await;
    if matches!(&associated, Err(error) if error.reason() == Some(Reason::NotAvailable)) {
        account.stop_offering(what.factor()).await?;
    }
    let mut association = associated?;
    // The tenant tells recovery codes only once, so they are kept before anything else is done.
    recovery_code::keep_unconfirmed(account, std::mem::take(&mut association.recovery_codes)).await?;
    Ok(association)
}

/// Stores the tenant's answer, reads the list to learn which authenticators are new, and clears those of an earlier
/// code last, because that one worked until now.
async fn after_association(
    account: &Account,
    enrollment: Enrollment,
    association: Association,
    pending: Pending,
    listed: &[Authenticator],
) -> Result<Enrollment, Error> {
    let factor = enrollment.what.factor();
    let now = account.portal.clock.now();
    let enrollment = Enrollment {
        association: Some(association),
        request_sent_at: None,
        sent_at: now,
        ends: now + LASTS,
        superseded: pending.earlier().to_vec(),
        authenticators: Vec::new(),
        ..enrollment
    };
    replace(account, &enrollment).await?;
    // Without this list the enrollment still works; its leftovers are then told by the list before it.
    let after = account.portal.tenant.authenticators(&account.person.token).await;
    let Ok(after) = after.inspect_err(tenant::Error::log) else { return Ok(enrollment) };
    let Some(new) = created(&pending, listed, &after) else { return Ok(enrollment) };
    let leftovers = AllPending::read(account).await?.leftovers(factor, &after);
    let stale: Vec<_> = leftovers.into_iter().filter(|id| !new.contains(id)).collect();
    let enrollment = Enrollment { authenticators: new, superseded: Vec::new(), ..enrollment };
    replace(account, &enrollment).await?;
    let left = remove_all(account, stale).await;
    pending::keep(account, &pending.with_ids(&enrollment.authenticators, left)).await?;
    Ok(enrollment)
}

/// Reads the list to learn what the tenant has created all the same, so that nothing which begins elsewhere later is taken
/// for it. A request that timed out may still be carried out.
async fn after_lost_answer(
    account: &Account,
    error: &Error,
    pending: Pending,
    listed: &[Authenticator],
) -> Result<(), Error> {
    let after = account.portal.tenant.authenticators(&account.person.token).await;
    let Ok(after) = after.inspect_err(tenant::Error::log) else { return Ok(()) };
    let is_over = !matches!(error, Error::Tenant(error) if error.timed_out());
    if let Some(new) = created(&pending, listed, &after).filter(|new| is_over || !new.is_empty()) {
        let earlier = pending.earlier().to_vec();
        pending::keep(account, &pending.with_ids(&new, earlier)).await?;
    }
    Ok(())
}

/// The authenticators that a request has created between these lists. After an enrollment elsewhere at the same time, which
/// ones are its own is not known.
fn created(
    pending: &Pending,
    before: &[Authenticator],
    after: &[Authenticator],
) -> Option<Vec<AuthenticatorId>> {
    let is_new = |it: &&Authenticator| {
        !it.active && before.iter().all(|old| old.id != it.id) && pending.may_have_created(it)
    };
    let new = after.iter().filter(is_new);
    own::may_be_of_one(new.clone()).then(|| new.map(|it| it.id.clone()).collect())
}

/// The record of an enrollment that the tenant is about to be asked for.
fn requested(account: &Account, what: Associate) -> Enrollment {
    let now = account.portal.clock.now();
    Enrollment {
        id: account.portal.random.id(),
        what,
        called: None,
        association: None,
        sent_at: now,
        ending: None,
        request_sent_at: Some(now),
        sub: account.sub().to_owned(),
        session: Some(account.person.csrf_token.clone()),
        ends: now + LASTS,
        authenticators: Vec::new(),
        superseded: Vec::new(),
        foreign_apps: Vec::new(),
        is_first: false,
        repeats: None,
        intent: None,
    }
}

/// Stores the record, unless it was confirmed or cancelled meanwhile.
pub(super) async fn replace(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    if decision::taken(account, enrollment).await?.is_some() {
        return Err(Error::SetUpEnded);
    }
    let replaced = account.portal.store.replace(key(&enrollment.id), enrollment, LASTS).await?;
    replaced.then_some(()).ok_or(Error::SetUpEnded)
}
