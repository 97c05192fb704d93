//! The unfinished act, from association to confirmation. It is begun once however often it is asked for, kept sealed
//! under keys of its own, and cleared when it is given up.
//!
//! The association returns no authenticator id, so the lists before and after it show which one is ours. An unfinished
//! one counts towards the tenant's limit of 51. Each step is stored before it is taken, so the process may die between
//! any two.

mod approval;
mod audited;
mod confirmed;
mod decision;
mod first_code;
mod leftovers;
mod noticed;
mod own;
mod pending;
mod pushes_of_others;
mod start;
mod tried_out;
mod unpolled;

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub(crate) use self::approval::poll;
use self::confirmed::{finish, finish_proved, protect};
pub(crate) use self::decision::Decision;
use self::first_code::FirstCode;
use self::leftovers::Cleared;
pub(crate) use self::leftovers::{clear_unfinished, given_up, in_progress};
use self::own::Own;
pub(super) use self::pushes_of_others::end_pushes_of_others;
pub(crate) use self::start::{cools_down, resend, start};
pub(super) use self::tried_out::Unfinished;
pub(super) use self::unpolled::end_push_of;
pub(crate) use self::unpolled::settle;

use super::Account;
use super::approval::Ending;
use super::limits::{self, CodeSlot};
use super::live_sessions::first_protection;
use super::notices::Notice;
use super::{live_sessions, lock, proof, removal};
use crate::audit::{self, Event, Intent};
use crate::deadline;
use crate::error::Error;
use crate::factor::Factor;
use crate::hold;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};
use crate::tenant::{self, Associate, Association, Authenticator, AuthenticatorId, Proof, Reason};

/// How long an enrollment may take. Its secrets are kept no longer.
const LASTS: Duration = Duration::minutes(10);
/// How long the tenant may take a code unseen: longer than a page waits for its answer.
const UNSEEN_FOR: Duration = Duration::seconds(12);
/// Pause between two messages to the same number or address.
pub(super) const COOL_DOWN: Duration = Duration::seconds(30);

/// One person's enrollment of one factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Enrollment {
    /// Its random id, part of its address.
    pub(crate) id: String,
    /// The factor with the number or address that the code is sent to.
    pub(crate) what: Associate,
    /// The person's own name for it.
    #[serde(default)]
    called: Option<String>,
    /// The tenant's answer; gone once confirmed.
    pub(crate) association: Option<Association>,
    /// When the code was last sent, or the key made.
    #[serde(rename = "sent")]
    pub(crate) sent_at: OffsetDateTime,
    /// How it ended, if the phone did not approve.
    #[serde(default)]
    pub(crate) ending: Option<Ending>,
    /// When the tenant was asked, as long as its answer has not been stored.
    #[serde(rename = "asked")]
    request_sent_at: Option<OffsetDateTime>,
    sub: String,
    /// The CSRF token of the session that began it.
    #[serde(default)]
    session: Option<Secret>,
    ends: OffsetDateTime,
    /// Its authenticators on the tenant's list; empty when that could not be read.
    authenticators: Vec<AuthenticatorId>,
    /// The authenticators of its earlier code, until the list shows those of the newest one.
    #[serde(default, rename = "outdated")]
    superseded: Vec<AuthenticatorId>,
    /// Unfinished apps that were there before and are not its own. A code may confirm one of them.
    #[serde(default)]
    foreign_apps: Vec<AuthenticatorId>,
    /// Whether nothing protected the person when it began.
    #[serde(default)]
    is_first: bool,
    /// The id of the start whose answer never came and that this one repeats.
    #[serde(default)]
    repeats: Option<String>,
    /// The line of the audit stream for when nobody ends it.
    #[serde(default)]
    intent: Option<Intent>,
}

impl Enrollment {
    /// Until when an unrecorded message may still be in flight, because the request that asked for it was killed.
    fn maybe_in_flight_until(&self) -> Option<OffsetDateTime> {
        self.what.target()?;
        Some(self.request_sent_at? + COOL_DOWN)
    }

    fn was_begun_by(&self, account: &Account) -> bool {
        let is_own = |session: &Secret| session.expose() == account.person.csrf_token.expose();
        self.session.as_ref().is_some_and(is_own)
    }

    /// Whether a start by this session goes on with it. The beginner of another session may have read its key, so only
    /// a code that goes to a number or address is shared.
    fn may_go_on(&self, account: &Account) -> bool {
        self.what.target().is_some() || self.was_begun_by(account)
    }

    fn proof(&self, code: Secret) -> Option<Proof> {
        let association = self.association.as_ref()?;
        Some(match &association.oob_code {
            Some(oob_code) => Proof::BindingCode { oob_code: oob_code.clone(), code },
            None => Proof::Otp(code),
        })
    }
}

/// The result of a confirmation.
#[derive(Debug)]
pub(crate) enum Confirmation {
    /// The authenticator is active now, or was already.
    Confirmed,
    /// The code was refused; the enrollment stays open. The reason is `WrongCode`, `CodeExpired` or a too-many one.
    Refused(Reason),
}

/// The open or confirmed enrollment with this id, if it is this person's and of this factor.
pub(crate) async fn find(account: &Account, factor: Factor, id: &str) -> Result<Enrollment, Error> {
    let found = stored(account, factor, id).await?;
    found.filter(|it| it.association.is_some() || it.request_sent_at.is_none()).ok_or(Error::SetUpEnded)
}

async fn stored(account: &Account, factor: Factor, id: &str) -> Result<Option<Enrollment>, Error> {
    let found: Option<Enrollment> = account.portal.store.get(key(id)).await?;
    let now = account.portal.clock.now();
    Ok(found.filter(|it| it.sub == account.sub() && it.what.factor() == factor && now < it.ends))
}

/// Ends the enrollment with a code. A second submit of the right code is as good as the first.
pub(crate) async fn confirm(
    account: &Account,
    enrollment: &Enrollment,
    code: Secret,
) -> Result<Confirmation, Error> {
    // Before its turn too, so that refused requests keep nobody waiting. The sessions that know the password alone have
    // ended since a factor protects.
    if !enrollment.is_first {
        must_be_proved(account, enrollment).await?;
    }
    // The future holds two enrollments and calls to the tenant, so it goes on the heap.
    lock::in_turn(account, confirm_in_turn(account, enrollment, code).boxed()).await
}

async fn confirm_in_turn(
    account: &Account,
    enrollment: &Enrollment,
    code: Secret,
) -> Result<Confirmation, Error> {
    // Another request may have sent it anew, confirmed it or given it up while this one waited for its turn.
    let mut enrollment = find(account, enrollment.what.factor(), &enrollment.id).await?;
    if enrollment.association.is_none() {
        // The store may have failed after the first submit.
        if enrollment.ending.is_none() && decision::is_shown_by_this_alone(account, &enrollment).await? {
            protect(account, &enrollment).await?;
        }
        return Ok(Confirmation::Confirmed);
    }
    let is_unprotected = must_be_proved_before(account, &enrollment, UNSEEN_FOR).await?;
    if decision::taken(account, &enrollment).await? == Some(Decision::Cancelled) {
        return Err(Error::SetUpEnded);
    }
    decision::note_shown_by_this(account, &enrollment).await?;
    if is_unprotected && !enrollment.is_first {
        // Its repeat ends the other sessions as well.
        enrollment.is_first = true;
        start::replace(account, &enrollment).await?;
    }
    let Some(proof) = enrollment.proof(code) else { return Ok(Confirmation::Confirmed) };
    let confirmed = prove(account, &enrollment, proof, is_unprotected).await;
    enrollment.tell_unless_confirmed(account, &confirmed);
    confirmed
}

/// Shows the tenant the proof, which `is_first` if nothing protects the person yet.
async fn prove(
    account: &Account,
    enrollment: &Enrollment,
    proof: Proof,
    is_first: bool,
) -> Result<Confirmation, Error> {
    let slot = CodeSlot::take(account).await;
    if let Err(Error::TooMany(..)) = slot {
        give_up(account, enrollment).await?;
    }
    let slot = slot?;
    let operation = enrollment.addition();
    let notice = enrollment.notice(account, &operation).await;
    if let Err(error) = notice.intend().await {
        slot.give_back(account).await?;
        return Err(error);
    }
    let verified = verify(account, &proof, is_first).await;
    // The tenant may have added it, and what follows protects the person.
    let confirmed = hold::regardless(async {
        match verified {
            Ok(sub) => {
                slot.spare(account).await;
                on_accepted(account, enrollment, sub.as_deref(), &notice).await
            }
            Err(Error::Tenant(error)) => {
                slot.after(account, &error).await;
                on_rejected(account, enrollment, error, &notice).await
            }
            Err(error) => {
                slot.spare(account).await;
                Err(error)
            }
        }
    });
    let confirmed = confirmed.await;
    if confirmed.as_ref().is_err_and(Error::is_known_undone) {
        notice.forget().await;
    }
    confirmed
}

/// Asks the tenant. A proof that would be the person's first protection is shown alone.
async fn verify(account: &Account, proof: &Proof, is_first: bool) -> Result<Option<String>, Error> {
    let code = if is_first { Some(FirstCode::begin(account, UNSEEN_FOR).await?) } else { None };
    let verified = account.portal.tenant.verify(&account.person.token, proof).await;
    if let Some(code) = code
        && !verified.as_ref().is_err_and(tenant::Error::maybe_done)
    {
        hold::regardless(code.end(account)).await;
    }
    Ok(verified?)
}

/// The tenant accepts a code of any of the person's apps, so an app's enrollment may still be unfinished. Without the
/// list that is not known, unless there was no other app.
async fn on_accepted(
    account: &Account,
    enrollment: &Enrollment,
    sub: Option<&str>,
    notice: &Notice<'_>,
) -> Result<Confirmation, Error> {
    account.person.must_be(sub)?;
    if enrollment.what.factor() == Factor::Totp && leftovers::had_another_app(account, enrollment).await? {
        let listed = account.portal.tenant.authenticators(&account.person.token).await;
        let listed = listed.map_err(tenant::Error::in_the_middle)?;
        let own = Own::of(account, enrollment, &listed).await?;
        let is_foreign = |it: &&Authenticator| it.active && enrollment.foreign_apps.contains(&it.id);
        if let Some(confirmed) = listed.iter().find(is_foreign) {
            let authenticators = vec![confirmed.id.clone()];
            return finish_proved(account, &Enrollment { authenticators, ..enrollment.clone() }).await;
        }
        if !own.is_empty() && !own.candidates().iter().any(|it| it.active) {
            notice.forget().await;
            return Ok(Confirmation::Refused(Reason::WrongCode));
        }
    }
    finish_proved(account, enrollment).await
}

/// A refusal or a lost answer may follow an earlier success, which the list shows.
async fn on_rejected(
    account: &Account,
    enrollment: &Enrollment,
    error: tenant::Error,
    notice: &Notice<'_>,
) -> Result<Confirmation, Error> {
    let refusal = error
        .reason()
        .filter(|reason| matches!(reason, Reason::WrongCode | Reason::CodeExpired | Reason::TooManyWrong));
    if refusal.is_none() && !error.maybe_done() {
        return Err(error.into());
    }
    match (is_active(account, enrollment).await, refusal) {
        (Some(true), Some(_)) => finish(account, enrollment).await,
        (Some(true), None) => {
            error.log();
            if decision::is_shown_by_this_alone(account, enrollment).await? {
                finish_proved(account, enrollment).await
            } else {
                finish(account, enrollment).await
            }
        }
        (listed, Some(reason)) => {
            // An earlier code may have been taken, and only the list shows that it was not.
            if listed == Some(false) {
                notice.forget().await;
            }
            Ok(Confirmation::Refused(reason))
        }
        (Some(false), None) => Err(error.known_undone().into()),
        (None, None) => Err(error.into()),
    }
}

/// Gives the enrollment up because the person asks for it. Fails with [`Error::SetUpEnded`] when it has ended before.
pub(crate) async fn cancel(account: &Account, enrollment: &Enrollment) -> Result<Decision, Error> {
    // Before its turn too, so that refused requests keep nobody waiting.
    must_be_own_or_proved(account, enrollment).await?;
    let cancel_in_turn = async {
        // Another request may have sent it anew or ended it while this one waited for its turn.
        let enrollment = find(account, enrollment.what.factor(), &enrollment.id).await?;
        must_be_own_or_proved(account, &enrollment).await?;
        give_up(account, &enrollment).await
    };
    lock::in_turn(account, Box::pin(cancel_in_turn)).await
}

/// Refuses a session that shares the enrollment and has not proved enough, and one that was ended meanwhile.
async fn must_be_own_or_proved(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    if enrollment.was_begun_by(account) {
        live_sessions::must_be_live(account).await
    } else {
        must_be_proved(account, enrollment).await
    }
}

/// Gives the enrollment up and clears its leftovers at the tenant, unless it was confirmed. The clearing comes first,
/// so that pressing the button again completes a request that died.
async fn give_up(account: &Account, enrollment: &Enrollment) -> Result<Decision, Error> {
    deadline::note_change();
    if decision::decide(account, enrollment, Decision::Cancelled).await? == Decision::Confirmed {
        return Ok(Decision::Confirmed);
    }
    let cleared = leftovers::clear(account, enrollment).await?;
    if cleared == Cleared::Confirmed {
        finish(account, enrollment).await?;
        return Ok(Decision::Confirmed);
    }
    account.portal.store.remove(key(&enrollment.id)).await?;
    // A code may have been taken before, and only a list shows that none was.
    let told = if cleared == Cleared::Unfinished {
        enrollment.notice(account, &enrollment.addition()).await.forget().await;
        unpolled::forget(account, enrollment).await;
        Event::EnrollmentCancelled.succeeded()
    } else {
        unpolled::give_up(account, enrollment).await;
        Event::EnrollmentCancelled.failed(audit::Reason::Interrupted)
    };
    if enrollment.ending.is_none() {
        enrollment.tell_end(account, told);
    }
    Ok(Decision::Cancelled)
}

/// Refuses unless the person's proof is good enough for their list. Its own authenticators do not count: an earlier
/// submit may have confirmed them.
async fn must_be_proved(account: &Account, enrollment: &Enrollment) -> Result<(), Error> {
    if proof::suffices_for_any_list(account).await? {
        return live_sessions::must_be_live(account).await;
    }
    let listed = account.portal.tenant.authenticators(&account.person.token).await?;
    must_be_proved_for(account, enrollment, &listed).await
}

async fn must_be_proved_for(
    account: &Account,
    enrollment: &Enrollment,
    listed: &[Authenticator],
) -> Result<(), Error> {
    let own = Own::of(account, enrollment, listed).await?;
    let others = listed.iter().filter(|it| !own.holds_active(it));
    proof::must_suffice(account, proof::is_protected(others)).await
}

/// The same before the tenant is asked whether it is confirmed, which is noted and told if nothing protects the person,
/// who may have lost what did at its start. No push of another session is left then. The answer may be lost, and the
/// tenant confirm it unseen, for this long.
async fn must_be_proved_before(
    account: &Account,
    enrollment: &Enrollment,
    unseen_for: Duration,
) -> Result<bool, Error> {
    let is_push = enrollment.what == Associate::Push;
    if !enrollment.what.factor().protects()
        || !enrollment.is_first && (is_push || has_proved_what_protects(account).await?)
    {
        must_be_proved(account, enrollment).await?;
        return Ok(false);
    }
    let clock = &account.portal.clock;
    let mut listed_at = clock.now();
    let mut listed = account.portal.tenant.authenticators(&account.person.token).await?;
    must_be_proved_for(account, enrollment, &listed).await?;
    if !is_push && pushes_of_others::end(account, &listed).await? {
        // One may have been approved before it could be removed.
        listed_at = clock.now();
        listed = account.portal.tenant.authenticators(&account.person.token).await?;
        must_be_proved_for(account, enrollment, &listed).await?;
    }
    let is_unprotected = !proof::is_protected(&listed);
    if is_unprotected {
        first_protection::note_attempt(account, listed_at, clock.now() + unseen_for).await?;
    }
    Ok(is_unprotected)
}

/// Whether the person still has the factor that this session has proved, as far as can be known without the list. So the code
/// can be shown while the list fails.
async fn has_proved_what_protects(account: &Account) -> Result<bool, Error> {
    let has_proved = account.person.has_proved_factor(&account.portal.clock);
    Ok(has_proved
        && proof::suffices_for_any_list(account).await?
        && !removal::has_removed_last(account).await?)
}

/// Whether the list shows that it was confirmed; `None` when it does not tell.
async fn is_active(account: &Account, enrollment: &Enrollment) -> Option<bool> {
    let listed = account.portal.tenant.authenticators(&account.person.token).await;
    let listed = listed.inspect_err(tenant::Error::log).ok()?;
    Own::of(account, enrollment, &listed).await.ok()?.is_active()
}

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::Enrollment, id)
}
