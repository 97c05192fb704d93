//! The unfinished act, from association to confirmation: begun once however often it is asked for, kept sealed under
//! keys of its own, cleared when it is given up.
//!
//! The association returns no authenticator id, so the list before and after tells which one is ours; an unfinished one
//! that stays behind counts towards the tenant's limit of 51.

mod approval;
mod leftovers;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::app::App;
use crate::approval::Ending;
use crate::error::Error;
use crate::factors::{Factor, offers, recovery_code};
use crate::limits;
use crate::lock;
use crate::secret::Secret;
use crate::session::Person;
use crate::step_up::SignedIn;
use crate::store::{Key, Kind};
use crate::tenant::{self, Associate, Association, Authenticator, AuthenticatorId, Proof, Reason};

/// How long a set-up may take. Nothing secret of it is kept longer.
const LIVES: Duration = Duration::minutes(10);
/// How long it is remembered which unfinished authenticators are ours to clear.
const REMEMBERED: Duration = Duration::DAY;
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
    sub: String,
    ends: OffsetDateTime,
    authenticators: Vec<AuthenticatorId>,
}

impl Enrollment {
    /// For how long no further code is sent.
    #[must_use]
    pub fn cools_down(&self, now: OffsetDateTime) -> Duration {
        (self.sent + COOL_DOWN - now).max(Duration::ZERO)
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

/// Which enrollment of a factor is the person's, and which authenticators it left at the tenant.
#[derive(Serialize, Deserialize)]
struct Pending {
    enrollment: String,
    authenticators: Vec<AuthenticatorId>,
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
    /// Begins an enrollment, or resumes the pending one of the same thing. Of several requests at once one associates,
    /// and the others wait for it.
    pub async fn start(&self, what: Associate) -> Result<Enrollment, Error> {
        let lock = self.lock(what.factor());
        lock::alone(&self.app.store, lock, self.start_alone(what)).await
    }

    /// The open or confirmed enrollment with this id, if it is this person's and of this factor.
    pub async fn find(&self, factor: Factor, id: &str) -> Result<Enrollment, Error> {
        let found: Option<Enrollment> = self.app.store.get(key(id)).await?;
        let own = |it: &Enrollment| {
            it.sub == self.sub() && it.what.factor() == factor && self.app.clock.now() < it.ends
        };
        found.filter(own).ok_or(Error::SetUpEnded)
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

    /// Sends a new code in place of the earlier one. The tenant can only associate anew for that.
    pub async fn resend(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let lock = self.lock(enrollment.what.factor());
        lock::alone(&self.app.store, lock, self.resend_alone(enrollment)).await
    }

    /// Gives the enrollment up and clears what it left at the tenant.
    pub async fn cancel(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.app.store.remove(key(&enrollment.id)).await?;
        if let Some(pending) = self.app.store.take(self.pending_key(enrollment.what.factor())).await? {
            self.clear(pending).await;
        }
        Ok(())
    }

    async fn start_alone(&self, what: Associate) -> Result<Enrollment, Error> {
        self.clear_lapsed().await?;
        let pending_key = self.pending_key(what.factor());
        if let Some(pending) = self.app.store.get::<Pending>(pending_key).await? {
            match self.find(what.factor(), &pending.enrollment).await {
                Ok(open) if open.what == what && open.is_open(self.app.clock.now()) => return Ok(open),
                Ok(_) | Err(Error::SetUpEnded) => {}
                Err(error) => return Err(error),
            }
            self.app.store.remove(key(&pending.enrollment)).await?;
            self.clear(pending).await;
        }
        self.associate(self.app.random.id(), what).await
    }

    async fn resend_alone(&self, enrollment: &Enrollment) -> Result<(), Error> {
        // Somebody else's click may have sent one while this one waited.
        let enrollment = self.find(enrollment.what.factor(), &enrollment.id).await?;
        if enrollment.association.is_none() || !enrollment.cools_down(self.app.clock.now()).is_zero() {
            return Ok(());
        }
        let earlier = self.app.store.get::<Pending>(self.pending_key(enrollment.what.factor())).await?;
        // Cleared last: where the tenant sends nothing more, the earlier code still works.
        self.associate(enrollment.id, enrollment.what).await?;
        if let Some(earlier) = earlier {
            self.clear(earlier).await;
        }
        Ok(())
    }

    /// Each answer is written before the next call: whatever dies in between, nothing told only once is lost.
    async fn associate(&self, id: String, what: Associate) -> Result<Enrollment, Error> {
        let (tenant, token) = (&self.app.tenant, &self.person.token);
        limits::count_start(self.app, self.sub(), &what).await?;
        let before = tenant.authenticators(token).await?;
        let associated = tenant.associate(token, &what).await;
        if matches!(&associated, Err(error) if error.reason() == Some(Reason::NotAvailable)) {
            offers::refuse(self.app, self.sub(), what.factor()).await?;
        }
        let mut association = associated?;
        recovery_code::keep(self.app, self.sub(), std::mem::take(&mut association.recovery_codes)).await?;
        let now = self.app.clock.now();
        let (sub, ends) = (self.sub().to_owned(), now + LIVES);
        let mut enrollment = Enrollment {
            id,
            what,
            association: Some(association),
            sent: now,
            ending: None,
            sub,
            ends,
            authenticators: Vec::new(),
        };
        self.save(&enrollment).await?;
        // Without this list the set-up still works; only clearing it later would not.
        if let Ok(after) = tenant.authenticators(token).await.inspect_err(tenant::Error::log) {
            enrollment.authenticators = ours(&before, after, enrollment.what.factor());
            self.save(&enrollment).await?;
        }
        Ok(enrollment)
    }

    async fn save(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let pending =
            Pending { enrollment: enrollment.id.clone(), authenticators: enrollment.authenticators.clone() };
        self.app.store.put(key(&enrollment.id), enrollment, LIVES).await?;
        Ok(self.app.store.put(self.pending_key(enrollment.what.factor()), &pending, REMEMBERED).await?)
    }

    /// Keeps the fact and drops the secrets, so that a second submit finds a finished set-up and not a missing one.
    async fn finish(&self, enrollment: &Enrollment) -> Result<Outcome, Error> {
        let done = Enrollment { association: None, ..enrollment.clone() };
        self.app.store.replace(key(&enrollment.id), &done, LIVES).await?;
        self.app.store.remove(self.pending_key(enrollment.what.factor())).await?;
        Ok(Outcome::Confirmed)
    }

    /// Whether the list shows that it was confirmed; `None` where the list does not tell.
    async fn is_active(&self, enrollment: &Enrollment) -> Option<bool> {
        let listed = self.app.tenant.authenticators(&self.person.token).await;
        let listed = listed.inspect_err(tenant::Error::log).ok()?;
        let mut own = listed.iter().filter(|it| enrollment.authenticators.contains(&it.id)).peekable();
        own.peek()?;
        Some(own.any(|it| it.active))
    }

    /// What this person's starts of this factor hold.
    fn lock(&self, factor: Factor) -> Key {
        self.app.store.key_of(Kind::Starting, &[self.sub(), factor.slug()])
    }

    fn pending_key(&self, factor: Factor) -> Key {
        self.app.store.key_of(Kind::Pending, &[self.sub(), factor.slug()])
    }

    fn sub(&self) -> &str {
        &self.person.identity.sub
    }
}

fn key(id: &str) -> Key {
    Key::random_id(Kind::Enrollment, id)
}

/// What the association added: unfinished, not there before, and of its factor or that one's twin.
fn ours(before: &[Authenticator], after: Vec<Authenticator>, factor: Factor) -> Vec<AuthenticatorId> {
    let related = |other| match factor {
        Factor::Sms | Factor::Voice => matches!(other, Factor::Sms | Factor::Voice),
        Factor::Push => matches!(other, Factor::Push | Factor::Totp),
        _ => other == factor,
    };
    after
        .into_iter()
        .filter(|it| !it.active && related(it.factor) && before.iter().all(|old| old.id != it.id))
        .map(|it| it.id)
        .collect()
}
