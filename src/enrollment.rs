//! The unfinished act, from association to confirmation: begun once however often it is asked for, kept sealed under
//! keys of its own, cleared when it is given up.
//!
//! The association returns no authenticator id, so the list before and after tells which one is ours; an unfinished one
//! that stays behind counts towards the tenant's limit of 51. Each step is written down before it is taken, so that a
//! process may die between any two.

mod approval;
mod leftovers;
mod pending;
mod start;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::app::App;
use crate::approval::Ending;
use crate::error::Error;
use crate::factor::Factor;
use crate::limits;
use crate::secret::Secret;
use crate::session::Person;
use crate::step_up::SignedIn;
use crate::store::{Key, Kind};
use crate::tenant::{self, Associate, Association, AuthenticatorId, Proof, Reason};

/// How long a set-up may take. Nothing secret of it is kept longer.
const LIVES: Duration = Duration::minutes(10);
/// Between two messages to the same number or address.
pub const COOL_DOWN: Duration = Duration::seconds(30);

/// One person's enrollment of one factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enrollment {
    /// Its random id, part of its address.
    pub id: String,
    /// What is being enrolled.
    pub what: Associate,
    /// What the tenant answered; gone once confirmed.
    pub association: Option<Association>,
    /// When the code was last sent, or the key made.
    pub sent: OffsetDateTime,
    /// How it ended, if the phone did not approve.
    #[serde(default)]
    pub ending: Option<Ending>,
    /// Since when the tenant has been asked and nobody has seen its answer.
    asked: Option<OffsetDateTime>,
    sub: String,
    ends: OffsetDateTime,
    /// What it brought to the tenant's list; empty where that could not be read.
    authenticators: Vec<AuthenticatorId>,
    /// What an earlier code of it had brought, until the list says what the newest one did.
    #[serde(default)]
    outdated: Vec<AuthenticatorId>,
}

impl Enrollment {
    /// Until when a message may be on its way of which nobody knows, because whoever asked for it died.
    fn maybe_sent(&self) -> Option<OffsetDateTime> {
        self.what.target()?;
        Some(self.asked? + COOL_DOWN)
    }

    fn is_totp(&self) -> bool {
        self.what.factor() == Factor::Totp
    }

    fn proof(&self, code: Secret) -> Option<Proof> {
        let association = self.association.as_ref()?;
        Some(match &association.oob_code {
            Some(oob_code) => Proof::BindingCode { oob_code: oob_code.clone(), code },
            None => Proof::Otp(code),
        })
    }
}

/// How a confirmation went.
#[derive(Debug)]
pub enum Outcome {
    /// The authenticator is active now, or was already.
    Confirmed,
    /// Not with this code; the enrollment stays open. The reason is `WrongCode`, `CodeExpired` or a too-many one.
    Not(Reason),
}

/// A person's enrollments.
pub struct Enrollments<'a> {
    app: &'a App,
    person: &'a Person,
}

impl SignedIn {
    /// The person's enrollments.
    #[must_use]
    pub fn enrollments(&self) -> Enrollments<'_> {
        Enrollments { app: &self.app, person: &self.person }
    }
}

impl Enrollments<'_> {
    /// The open or confirmed enrollment with this id, if it is this person's and of this factor.
    pub async fn find(&self, factor: Factor, id: &str) -> Result<Enrollment, Error> {
        let found = self.stored(factor, id).await?;
        found.filter(|it| it.association.is_some() || it.asked.is_none()).ok_or(Error::SetUpEnded)
    }

    async fn stored(&self, factor: Factor, id: &str) -> Result<Option<Enrollment>, Error> {
        let found: Option<Enrollment> = self.app.store.get(key(id)).await?;
        let now = self.app.clock.now();
        Ok(found.filter(|it| it.sub == self.sub() && it.what.factor() == factor && now < it.ends))
    }

    /// Ends the enrollment with a code. A second submit of the right code is as good as the first.
    pub async fn confirm(&self, enrollment: &Enrollment, code: Secret) -> Result<Outcome, Error> {
        let Some(proof) = enrollment.proof(code) else { return Ok(Outcome::Confirmed) };
        let counted = limits::count_try(self.app, &enrollment.id).await;
        if let Err(Error::TooMany(..)) = counted {
            self.cancel(enrollment).await?;
        }
        counted?;
        match self.app.tenant.verify(&self.person.token, &proof).await {
            Ok(sub) => self.taken(enrollment, sub.as_deref()).await,
            Err(error) => self.not_taken(enrollment, error).await,
        }
    }

    /// The tenant has taken the code; of whom, and for what, remains to be seen.
    async fn taken(&self, enrollment: &Enrollment, sub: Option<&str>) -> Result<Outcome, Error> {
        self.person.must_be(sub)?;
        // It takes a code of any app of the person's; ours is then still unfinished.
        if enrollment.is_totp() && self.is_active(enrollment).await == Some(false) {
            return Ok(Outcome::Not(Reason::WrongCode));
        }
        self.finish(enrollment).await
    }

    /// A refusal or a lost answer may follow an earlier success: the list tells.
    async fn not_taken(&self, enrollment: &Enrollment, error: tenant::Error) -> Result<Outcome, Error> {
        let again = error.reason().filter(|reason| {
            matches!(reason, Reason::WrongCode | Reason::CodeExpired | Reason::TooManyWrong)
        });
        if again.is_none() && !error.maybe_done() {
            return Err(error.into());
        }
        match (self.is_active(enrollment).await, again) {
            (Some(true), Some(_)) => self.finish(enrollment).await,
            (Some(true), None) => {
                error.log();
                self.finish(enrollment).await
            }
            (_, Some(reason)) => Ok(Outcome::Not(reason)),
            (Some(false), None) => Err(error.known_undone().into()),
            (None, None) => Err(error.into()),
        }
    }

    /// Gives the enrollment up and clears what it left at the tenant. That comes first, so that pressing the button
    /// again does what a request that died did not.
    pub async fn cancel(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.clear(enrollment).await?;
        Ok(self.app.store.remove(key(&enrollment.id)).await?)
    }

    /// Keeps the fact and drops the secrets, so that a second submit finds a finished set-up and not a missing one.
    async fn finish(&self, enrollment: &Enrollment) -> Result<Outcome, Error> {
        let done = Enrollment { association: None, asked: None, ..enrollment.clone() };
        self.app.store.replace(key(&enrollment.id), &done, LIVES).await?;
        Ok(Outcome::Confirmed)
    }

    /// Whether the list shows that it was confirmed; `None` where the list does not tell.
    async fn is_active(&self, enrollment: &Enrollment) -> Option<bool> {
        let listed = self.app.tenant.authenticators(&self.person.token).await;
        let listed = listed.inspect_err(tenant::Error::log).ok()?;
        let own = self.authenticators_of(enrollment, &listed).await.ok()?;
        let mut own = listed.iter().filter(|it| own.contains(&it.id)).peekable();
        own.peek()?;
        Some(own.any(|it| it.active))
    }

    fn sub(&self) -> &str {
        &self.person.identity.sub
    }
}

fn key(id: &str) -> Key {
    Key::random_id(Kind::Enrollment, id)
}
