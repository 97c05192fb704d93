//! Trying an authenticator out: begun once however often it is asked for, kept sealed, decided by the tenant.

mod audited;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::approval::{self, Ending, PollResult};
use super::enrollment::{COOL_DOWN, Unfinished};
use super::limits::{self, CodeSlot, Pause};
use super::{Account, Entry, Overview, lock, proof};
use crate::audit::{self, Event, Intent};
use crate::config::Limits;
use crate::deadline;
use crate::error::{Error, Limited};
use crate::factor::{Factor, ProvesBy};
use crate::secret::Secret;
use crate::store::{Key, RecordKind};
use crate::tenant::{AuthenticatorId, Proof, Reason};

/// Longer than any code or request is good, so that a late code is refused with words of its own.
const LASTS: Duration = Duration::minutes(10);

/// An authenticator on the list that can be tried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) factor: Factor,
    pub(crate) id: AuthenticatorId,
}

impl Candidate {
    /// The candidate with this id and its entry, when the list just read has it. No other id is ever sent to the
    /// tenant.
    pub(crate) fn find<'a>(overview: &'a Overview, id: &str) -> Result<(&'a Entry, Self), Error> {
        let entry = overview.find(id).ok_or(Error::NotFound)?;
        let candidate = Self::all(entry).into_iter().find(|it| it.id.as_str() == id);
        candidate.map(|candidate| (entry, candidate)).ok_or(Error::NotFound)
    }

    /// The candidates of an entry: both channels of a number, a phone's push requests and the codes beside them.
    pub(crate) fn all(entry: &Entry) -> Vec<Self> {
        let all = entry.factors.iter().copied().zip(entry.ids.iter().cloned());
        all.filter(|(factor, id)| factor.proves_by() != ProvesBy::Nothing && id.is_well_formed())
            .map(|(factor, id)| Self { factor, id })
            .collect()
    }

    /// Where its message goes, as far as the list shows it: both channels of a number share the id's suffix.
    pub(super) fn target(&self) -> &str {
        self.id.suffix().unwrap_or(self.id.as_str())
    }
}

/// One trial of one authenticator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// Its random id, part of its address.
    pub(crate) id: String,
    pub(crate) authenticator: AuthenticatorId,
    pub(crate) factor: Factor,
    /// The line that tells the authenticator from others, in the person's language.
    pub(crate) detail: String,
    /// The last digits of its phone number.
    #[serde(rename = "number")]
    pub(crate) ending: Option<String>,
    sub: String,
    #[serde(rename = "sent")]
    sent_at: OffsetDateTime,
    oob_code: Option<Secret>,
    state: State,
    /// The line of the audit stream for when nobody ends it.
    #[serde(default)]
    intent: Option<Intent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Open,
    Works,
    Ended(Ending),
}

impl Challenge {
    /// Whether it waits for a proof.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether the proof was given.
    pub(crate) fn works(&self) -> bool {
        self.state == State::Works
    }

    /// Whether the tenant sent something for it.
    pub(crate) fn sends(&self) -> bool {
        self.factor.proves_by() != ProvesBy::AppCode
    }

    fn proof(&self, code: Secret) -> Option<Proof> {
        match self.factor.proves_by() {
            ProvesBy::AppCode => Some(Proof::Otp(code)),
            ProvesBy::SentCode => Some(Proof::BindingCode { oob_code: self.oob_code.clone()?, code }),
            ProvesBy::Approval | ProvesBy::Nothing => None,
        }
    }
}

/// The cool-down of an authenticator after something was sent to it.
#[derive(Serialize, Deserialize)]
struct Cooling {
    challenge: String,
    ends: OffsetDateTime,
}

/// The result of beginning a trial.
pub(crate) enum Beginning {
    /// The tenant waits for the proof.
    Open(Challenge),
    /// Nothing was sent, because this much of the cool-down is left. The earlier challenge may still be open.
    TooSoon(Duration, Option<Challenge>),
}

/// The result of a code.
pub(crate) enum Trial {
    /// The tenant accepted it.
    Works,
    /// The tenant refused it: `WrongCode`, `CodeExpired` or `TooManyWrong`.
    Refused(Reason),
}

/// Asks the authenticator for a proof; `detail` tells it from others in the person's language. Of concurrent requests
/// one reaches the tenant.
pub(crate) async fn begin(
    account: &Account,
    candidate: Candidate,
    entry: &Entry,
    detail: String,
) -> Result<Beginning, Error> {
    // Before its turn too, so that refused requests keep nobody waiting.
    proof::must_suffice_for_list(account).await?;
    let lock = account.key(RecordKind::Lock, &[candidate.target()]);
    let begin = Box::pin(begin_locked(account, candidate, entry, detail));
    lock::with_lock(&account.portal, lock, begin).await
}

/// The person's challenge with this id.
pub(crate) async fn find(account: &Account, id: &str) -> Result<Challenge, Error> {
    stored(account, id).await?.ok_or(Error::NotFound)
}

/// Shows the tenant a code. A second submit of the right code is as good as the first.
pub(crate) async fn prove(account: &Account, id: &str, code: Secret) -> Result<Trial, Error> {
    // Before its turn too, so that refused requests keep nobody waiting.
    proof::must_suffice_for_list(account).await?;
    let store = &account.portal.store;
    let lock = store.key_of(RecordKind::Lock, &["prove", id]);
    let confirms = find(account, id).await?.factor.proves_by() == ProvesBy::AppCode;
    let prove = Box::pin(prove_locked(account, id, code));
    if confirms {
        // The code of an app may confirm a set-up.
        lock::with_lock(&account.portal, lock, Box::pin(lock::in_turn(account, prove))).await
    } else {
        lock::with_lock(&account.portal, lock, prove).await
    }
}

/// Whether the phone has approved. The result is stored, so that the tenant is asked for it once.
pub(crate) async fn poll(account: &Account, challenge: Challenge) -> Result<PollResult, Error> {
    let oob_code = match (challenge.state, &challenge.oob_code) {
        (State::Works, _) => return Ok(PollResult::Approved),
        (State::Ended(ending), _) => return Ok(PollResult::Ended(ending)),
        (State::Open, oob_code) => oob_code.as_ref().ok_or(Error::NotFound)?,
    };
    deadline::begin_act().await;
    let polled = if account.portal.clock.now() < challenge.sent_at + approval::REQUEST_LASTS {
        approval::poll(account, &challenge.id, oob_code).await.map_err(nothing_changed)?
    } else {
        PollResult::Ended(Ending::Lapsed)
    };
    match polled {
        PollResult::Approved => settle(account, challenge, State::Works).await?,
        PollResult::Ended(ending) => settle(account, challenge, State::Ended(ending)).await?,
        PollResult::Waiting(_) => {}
    }
    Ok(polled)
}

async fn begin_locked(
    account: &Account,
    candidate: Candidate,
    entry: &Entry,
    detail: String,
) -> Result<Beginning, Error> {
    proof::must_suffice_for_list(account).await?;
    let (store, now) = (&account.portal.store, account.portal.clock.now());
    let cooling = account.key(RecordKind::CoolDown, &[candidate.target()]);
    let sends = candidate.factor.proves_by() != ProvesBy::AppCode;
    if sends && let Some(Cooling { challenge, ends }) = store.get(cooling).await? {
        return Ok(Beginning::TooSoon(ends - now, stored(account, &challenge).await?));
    }
    let name = if sends { limits::counted_name_of(account, &candidate.id).await? } else { None };
    let ending = entry.ending().filter(|_| sends);
    let pause = match Pause::begin_trial(account, name.as_deref(), ending, COOL_DOWN).await {
        Err(Error::TooMany(Limited::Pause, ends)) => return Ok(Beginning::TooSoon(ends - now, None)),
        pause => pause?,
    };
    if let Err(error) = limits::count_challenge(account, &candidate, name.as_deref()).await {
        pause.end(account).await?;
        return Err(error);
    }
    let id = account.portal.random.id();
    // Start the cool-down before sending. A message that may have gone out counts as sent.
    if sends && account.portal.config.limits == Limits::Default {
        let ends = now + COOL_DOWN;
        store.put(cooling, &Cooling { challenge: id.clone(), ends }, COOL_DOWN).await?;
    }
    let challenge = Challenge {
        id,
        authenticator: candidate.id.clone(),
        factor: candidate.factor,
        detail,
        ending: entry.ending().map(ToOwned::to_owned),
        sub: account.sub().to_owned(),
        sent_at: now,
        oob_code: None,
        state: State::Open,
        intent: None,
    };
    let challenge = challenge.intended(account).await?;
    let oob_code = match send(account, &candidate, sends.then_some(cooling), pause).await {
        Ok(oob_code) => oob_code,
        Err(error) => {
            challenge
                .tell_end(account, error.told_as(if sends { Event::ChallengeSent } else { Event::Trial }));
            return Err(error);
        }
    };
    if sends {
        challenge.tell(account, Event::ChallengeSent.succeeded());
    }
    let challenge = Challenge { oob_code, ..challenge };
    store.put(key(&challenge.id), &challenge, LASTS).await?;
    Ok(Beginning::Open(challenge))
}

/// Asks the tenant. A message that certainly was not sent needs no cool-down.
async fn send(
    account: &Account,
    candidate: &Candidate,
    cooling: Option<Key>,
    pause: Pause,
) -> Result<Option<Secret>, Error> {
    let Account { portal, person, .. } = account;
    match portal.tenant.challenge(&person.token, &candidate.id, candidate.factor).await {
        Ok(oob_code) => Ok(oob_code),
        Err(error) if error.maybe_done() => Err(nothing_changed(error.into())),
        Err(error) => {
            if let Some(cooling) = cooling {
                portal.store.remove(cooling).await?;
            }
            pause.end(account).await?;
            Err(error.into())
        }
    }
}

async fn prove_locked(account: &Account, id: &str, code: Secret) -> Result<Trial, Error> {
    // Another request may have proved it while this one waited for the lock.
    let challenge = find(account, id).await?;
    if challenge.works() {
        return Ok(Trial::Works);
    }
    let proof = challenge.proof(code).ok_or(Error::NotFound)?;
    // The person may have become protected since it began, and a wrong code is held against them.
    proof::must_suffice_for_list(account).await?;
    let slot = match CodeSlot::take(account).await {
        Err(error @ Error::TooMany(..)) => {
            challenge.tell(account, error.told_as(Event::Trial));
            return Ok(Trial::Refused(Reason::TooManyWrong));
        }
        slot => slot?,
    };
    let unfinished = match challenge.factor.proves_by() {
        ProvesBy::AppCode => Some(Unfinished::before(account, id).await.map_err(nothing_changed)?),
        _ => None,
    };
    match account.portal.tenant.verify(&account.person.token, &proof).await {
        Ok(sub) => {
            slot.spare(account).await;
            account.person.must_be(sub.as_deref())?;
            if let Some(unfinished) = unfinished
                && unfinished.confirmed().await?
            {
                challenge.tell(account, Event::Trial.failed(audit::Reason::WrongCode));
                return Ok(Trial::Refused(Reason::WrongCode));
            }
            settle(account, challenge, State::Works).await?;
            Ok(Trial::Works)
        }
        Err(error) => {
            slot.after(account, &error).await;
            let refusal = error.reason().filter(|reason| is_refused_code(*reason));
            if let Some(unfinished) = unfinished.filter(|_| !error.maybe_done()) {
                unfinished.refused().await;
            }
            let error = nothing_changed(error.into());
            challenge.tell(account, error.told_as(Event::Trial));
            refusal.map(Trial::Refused).ok_or(error)
        }
    }
}

fn is_refused_code(reason: Reason) -> bool {
    matches!(reason, Reason::WrongCode | Reason::CodeExpired | Reason::TooManyWrong)
}

/// Keeps the result and drops the secret.
async fn settle(account: &Account, challenge: Challenge, state: State) -> Result<(), Error> {
    let settled = Challenge { oob_code: None, state, ..challenge };
    account.portal.store.replace(key(&settled.id), &settled, LASTS).await?;
    match state {
        State::Works => settled.tell_end(account, Event::Trial.succeeded()),
        State::Ended(ending) => settled.tell_end(account, Event::Trial.failed(ending.reason())),
        State::Open => {}
    }
    Ok(())
}

async fn stored(account: &Account, id: &str) -> Result<Option<Challenge>, Error> {
    let found: Option<Challenge> = account.portal.store.get(key(id)).await?;
    Ok(found.filter(|challenge| challenge.sub == account.sub()))
}

fn key(id: &str) -> Key {
    Key::random_id(RecordKind::Challenge, id)
}

/// A trial changes no authenticator, so its errors never leave that in doubt.
fn nothing_changed(error: Error) -> Error {
    match error {
        Error::Tenant(error) => error.known_undone().into(),
        other => other,
    }
}
