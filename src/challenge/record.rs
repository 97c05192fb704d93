//! A try that is under way: begun once however often it is asked for, kept sealed, asked for at the tenant.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Trial;
use crate::approval::{self, Ending, Look};
use crate::config::Limits;
use crate::enrollment::COOL_DOWN;
use crate::error::Error;
use crate::factor::{Factor, ProvesBy};
use crate::factors::Entry;
use crate::secret::Secret;
use crate::step_up::SignedIn;
use crate::store::{Key, Kind};
use crate::tenant::{AuthenticatorId, Proof, Reason};
use crate::{limits, lock};

/// Longer than any code or request is good for, so that whoever comes late is told so.
const LIVES: Duration = Duration::minutes(10);

/// One try of one authenticator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Challenge {
    /// Its random id, part of its address.
    pub(super) id: String,
    /// What is tried.
    pub(super) authenticator: AuthenticatorId,
    /// How it proves itself.
    pub(super) factor: Factor,
    /// Which one it is, in the person's words.
    pub(super) detail: String,
    /// The last digits of its number.
    pub(super) number: Option<String>,
    sub: String,
    sent: OffsetDateTime,
    oob_code: Option<Secret>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Open,
    Works,
    Ended(Ending),
}

impl Challenge {
    /// Whether a proof is still waited for.
    pub(super) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether the proof was given.
    pub(super) fn works(&self) -> bool {
        self.state == State::Works
    }

    /// Whether something was sent for it.
    pub(super) fn sends(&self) -> bool {
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

/// What was sent to an authenticator just now.
#[derive(Serialize, Deserialize)]
struct Cooling {
    challenge: String,
    ends: OffsetDateTime,
}

/// How the beginning of a try went.
pub(super) enum Begun {
    /// The tenant waits for the proof.
    Open(Challenge),
    /// Nothing was sent: so much time must pass since the last one, which may still be open.
    TooSoon(Duration, Option<Challenge>),
}

/// How a code went.
pub(super) enum Tried {
    /// The tenant took it.
    Works,
    /// Not with this code: `WrongCode`, `CodeExpired` or `TooManyWrong`.
    Not(Reason),
}

impl SignedIn {
    /// Asks the authenticator for a proof. Of several requests at once one is sent on.
    pub(super) async fn begin_try(&self, entry: &Entry, trial: Trial) -> Result<Begun, Error> {
        let store = &self.app.store;
        let lock = store.key_of(Kind::Starting, &[self.sub(), trial.id.as_str()]);
        lock::alone(store, lock, self.begin_alone(entry, trial)).await
    }

    /// The person's try with this id.
    pub(super) async fn challenge(&self, id: &str) -> Result<Challenge, Error> {
        self.own_challenge(id).await?.ok_or(Error::NotFound)
    }

    /// Shows the tenant a code. A second submit of the right code is as good as the first.
    pub(super) async fn prove(&self, id: &str, code: Secret) -> Result<Tried, Error> {
        let store = &self.app.store;
        let lock = store.key_of(Kind::Starting, &["prove", id]);
        lock::alone(store, lock, self.prove_alone(id, code)).await
    }

    /// Whether the phone has approved. What it said is kept, so that it is asked for once.
    pub(super) async fn look(&self, challenge: Challenge) -> Result<Look, Error> {
        let oob_code = match (challenge.state, &challenge.oob_code) {
            (State::Works, _) => return Ok(Look::Approved),
            (State::Ended(ending), _) => return Ok(Look::Ended(ending)),
            (State::Open, oob_code) => oob_code.as_ref().ok_or(Error::NotFound)?,
        };
        let look = if self.app.clock.now() < challenge.sent + approval::LIVES {
            approval::look(&self.app, &self.person, &challenge.id, oob_code).await.map_err(harmless)?
        } else {
            Look::Ended(Ending::Lapsed)
        };
        match look {
            Look::Approved => self.settle(challenge, State::Works).await?,
            Look::Ended(ending) => self.settle(challenge, State::Ended(ending)).await?,
            Look::Waiting(_) => {}
        }
        Ok(look)
    }

    async fn begin_alone(&self, entry: &Entry, trial: Trial) -> Result<Begun, Error> {
        let (store, now) = (&self.app.store, self.app.clock.now());
        let cooling = store.key_of(Kind::Cooling, &[self.sub(), trial.id.as_str()]);
        if let Some(Cooling { challenge, ends }) = store.get(cooling).await? {
            return Ok(Begun::TooSoon(ends - now, self.own_challenge(&challenge).await?));
        }
        let id = self.app.random.id();
        // Counted before it is sent: what may have been sent was sent.
        if trial.factor.proves_by() != ProvesBy::AppCode && self.app.config.limits == Limits::Default {
            let ends = now + COOL_DOWN;
            store.put(cooling, &Cooling { challenge: id.clone(), ends }, COOL_DOWN).await?;
        }
        let oob_code = self.send(&trial, cooling).await?;
        let challenge = Challenge {
            id,
            authenticator: trial.id,
            factor: trial.factor,
            detail: entry.detail(&self.words),
            number: entry.ending().map(ToOwned::to_owned),
            sub: self.sub().to_owned(),
            sent: now,
            oob_code,
            state: State::Open,
        };
        store.put(key(&challenge.id), &challenge, LIVES).await?;
        Ok(Begun::Open(challenge))
    }

    /// Asks the tenant. What was certainly not sent needs no pause before it is asked for again.
    async fn send(&self, trial: &Trial, cooling: Key) -> Result<Option<Secret>, Error> {
        match self.app.tenant.challenge(&self.person.token, &trial.id, trial.factor).await {
            Ok(oob_code) => Ok(oob_code),
            Err(error) if error.maybe_done() => Err(harmless(error.into())),
            Err(error) => {
                self.app.store.remove(cooling).await?;
                Err(error.into())
            }
        }
    }

    async fn prove_alone(&self, id: &str, code: Secret) -> Result<Tried, Error> {
        // Read again: another click may have come through while this one waited.
        let challenge = self.challenge(id).await?;
        if challenge.works() {
            return Ok(Tried::Works);
        }
        let proof = challenge.proof(code).ok_or(Error::NotFound)?;
        match limits::count_try(&self.app, id).await {
            Err(Error::TooMany(..)) => return Ok(Tried::Not(Reason::TooManyWrong)),
            counted => counted?,
        }
        match self.app.tenant.verify(&self.person.token, &proof).await {
            Ok(sub) => {
                self.person.must_be(sub.as_deref())?;
                self.settle(challenge, State::Works).await?;
                Ok(Tried::Works)
            }
            Err(error) => match error.reason() {
                Some(reason @ (Reason::WrongCode | Reason::CodeExpired | Reason::TooManyWrong)) => {
                    Ok(Tried::Not(reason))
                }
                _ => Err(harmless(error.into())),
            },
        }
    }

    /// Keeps how it ended and drops the secret.
    async fn settle(&self, challenge: Challenge, state: State) -> Result<(), Error> {
        let settled = Challenge { oob_code: None, state, ..challenge };
        self.app.store.replace(key(&settled.id), &settled, LIVES).await?;
        Ok(())
    }

    async fn own_challenge(&self, id: &str) -> Result<Option<Challenge>, Error> {
        let found: Option<Challenge> = self.app.store.get(key(id)).await?;
        Ok(found.filter(|challenge| challenge.sub == self.sub()))
    }

    fn sub(&self) -> &str {
        &self.person.identity.sub
    }
}

fn key(id: &str) -> Key {
    Key::random_id(Kind::Challenge, id)
}

/// A try changes nothing, whatever became of it.
fn harmless(error: Error) -> Error {
    match error {
        Error::Tenant(error) => error.known_undone().into(),
        other => other,
    }
}
