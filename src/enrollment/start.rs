//! The beginning of an enrollment, and another code for it: done once, however often it is asked for.

use time::{Duration, OffsetDateTime};

use super::pending::Pending;
use super::{COOL_DOWN, Enrollment, Enrollments, LIVES, key};
use crate::config::Limits;
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::{offers, recovery_code};
use crate::limits;
use crate::lock;
use crate::store::{Key, Kind};
use crate::tenant::{self, Associate, Association, Authenticator, Reason};

impl Enrollments<'_> {
    /// Begins an enrollment, or resumes the pending one of the same thing. Of several requests at once one associates,
    /// and the others wait for it.
    pub async fn start(&self, what: Associate) -> Result<Enrollment, Error> {
        let lock = self.lock(what.factor());
        // On the heap, as below: it holds the enrollment as it was, as it is and as it will be.
        lock::alone(&self.app.store, lock, Box::pin(self.start_alone(what))).await
    }

    /// Sends a new code in place of the earlier one. The tenant can only associate anew for that.
    pub async fn resend(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let lock = self.lock(enrollment.what.factor());
        lock::alone(&self.app.store, lock, Box::pin(self.resend_alone(enrollment))).await
    }

    /// For how long no further code is sent.
    #[must_use]
    pub fn cools_down(&self, enrollment: &Enrollment) -> Duration {
        self.left_until(enrollment.sent + COOL_DOWN)
    }

    fn left_until(&self, time: OffsetDateTime) -> Duration {
        let pauses = self.app.config.limits == Limits::Default;
        if pauses { (time - self.app.clock.now()).max(Duration::ZERO) } else { Duration::ZERO }
    }

    /// What may have been sent was sent: another message waits for its time.
    fn must_not_be_on_its_way(&self, enrollment: &Enrollment) -> Result<(), Error> {
        match enrollment.maybe_sent().filter(|until| self.left_until(*until).is_positive()) {
            Some(until) => Err(Error::MaybeSent(until)),
            None => Ok(()),
        }
    }

    async fn start_alone(&self, what: Associate) -> Result<Enrollment, Error> {
        let factor = what.factor();
        let earlier = self.pending(factor).await?;
        if let Some(open) = self.resumable(earlier.as_ref(), &what).await? {
            return Ok(open);
        }
        limits::count_start(self.app, self.sub(), &what).await?;
        let listed = self.app.tenant.authenticators(&self.person.token).await?;
        if let Some(earlier) = earlier {
            self.app.store.remove(key(&earlier.enrollment)).await?;
        }
        let before = self.clear_lapsed(factor, &listed).await?;
        let enrollment = self.asked(what);
        let pending = Pending::new(&enrollment, enrollment.sent, before);
        self.app.store.put(key(&enrollment.id), &enrollment, LIVES).await?;
        self.keep_pending(&pending).await?;
        match self.associate(&enrollment.what).await {
            Ok(association) => self.begun(enrollment, association, pending, &listed).await,
            Err(error) => {
                if error.nothing_done() {
                    self.app.store.remove(key(&enrollment.id)).await?;
                    self.forget_pending(factor).await?;
                }
                Err(error)
            }
        }
    }

    /// The open enrollment of the same thing.
    async fn resumable(
        &self,
        earlier: Option<&Pending>,
        what: &Associate,
    ) -> Result<Option<Enrollment>, Error> {
        let Some(earlier) = earlier else { return Ok(None) };
        let found = self.stored(what.factor(), &earlier.enrollment).await?;
        let Some(found) = found.filter(|found| found.what == *what) else { return Ok(None) };
        if !found.is_open(self.app.clock.now()) {
            return self.must_not_be_on_its_way(&found).map(|()| None);
        }
        // Confirmed by a request that did not live to say so: this is a new one.
        if self.is_active(&found).await == Some(true) {
            self.finish(&found).await?;
            return Ok(None);
        }
        Ok(Some(found))
    }

    async fn resend_alone(&self, enrollment: &Enrollment) -> Result<(), Error> {
        // Somebody else's click may have sent one while this one waited.
        let factor = enrollment.what.factor();
        let enrollment = self.find(factor, &enrollment.id).await?;
        if enrollment.association.is_none() || self.cools_down(&enrollment).is_positive() {
            return Ok(());
        }
        self.must_not_be_on_its_way(&enrollment)?;
        limits::count_start(self.app, self.sub(), &enrollment.what).await?;
        let listed = self.app.tenant.authenticators(&self.person.token).await?;
        let authenticators = self.clear_all_but_current(&enrollment, &listed).await?;
        let enrollment = Enrollment { authenticators, outdated: Vec::new(), ..enrollment };
        let pending = self.pending_again(&enrollment, &listed).await?;
        self.keep_pending(&pending).await?;
        let asked = Enrollment { asked: Some(self.app.clock.now()), ..enrollment.clone() };
        self.replace(&asked).await?;
        match self.associate(&enrollment.what).await {
            Ok(association) => self.begun(asked, association, pending, &listed).await.map(drop),
            Err(error) => {
                if error.nothing_done() {
                    self.replace(&enrollment).await?;
                }
                Err(error)
            }
        }
    }

    async fn associate(&self, what: &Associate) -> Result<Association, Error> {
        let associated = self.app.tenant.associate(&self.person.token, what).await;
        if matches!(&associated, Err(error) if error.reason() == Some(Reason::NotAvailable)) {
            offers::refuse(self.app, self.sub(), what.factor()).await?;
        }
        let mut association = associated?;
        // Told only once: kept before anything else is done.
        recovery_code::keep(self.app, self.sub(), std::mem::take(&mut association.recovery_codes)).await?;
        Ok(association)
    }

    /// Keeps what the tenant answered, learns from its list which authenticators are new, and clears those of an earlier
    /// code last: as long as there was no other, that one worked.
    async fn begun(
        &self,
        enrollment: Enrollment,
        association: Association,
        pending: Pending,
        listed: &[Authenticator],
    ) -> Result<Enrollment, Error> {
        let factor = enrollment.what.factor();
        let now = self.app.clock.now();
        let enrollment = Enrollment {
            association: Some(association),
            asked: None,
            sent: now,
            ends: now + LIVES,
            outdated: enrollment.authenticators,
            authenticators: Vec::new(),
            ..enrollment
        };
        self.replace(&enrollment).await?;
        // Without this list the set-up still works, and what it leaves is told from what was there before.
        let after = self.app.tenant.authenticators(&self.person.token).await;
        let Ok(after) = after.inspect_err(tenant::Error::log) else { return Ok(enrollment) };
        let is_new = |it: &&Authenticator| listed.iter().all(|old| old.id != it.id) && pending.brought(it);
        let new: Vec<_> = after.iter().filter(is_new).map(|it| it.id.clone()).collect();
        let left = self.all_pending().await?.left(factor, &after);
        let stale = left.into_iter().filter(|id| !new.contains(id)).collect();
        let enrollment = Enrollment { authenticators: new, outdated: Vec::new(), ..enrollment };
        self.replace(&enrollment).await?;
        if self.remove_all(stale).await {
            self.keep_pending(&pending.known(&enrollment.authenticators)).await?;
        }
        Ok(enrollment)
    }

    fn asked(&self, what: Associate) -> Enrollment {
        let now = self.app.clock.now();
        Enrollment {
            id: self.app.random.id(),
            what,
            association: None,
            sent: now,
            ending: None,
            asked: Some(now),
            sub: self.sub().to_owned(),
            ends: now + LIVES,
            authenticators: Vec::new(),
            outdated: Vec::new(),
        }
    }

    /// Not over one that was cancelled meanwhile.
    async fn replace(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let replaced = self.app.store.replace(key(&enrollment.id), enrollment, LIVES).await?;
        replaced.then_some(()).ok_or(Error::SetUpEnded)
    }

    /// What this person's starts of this factor hold.
    fn lock(&self, factor: Factor) -> Key {
        self.app.store.key_of(Kind::Starting, &[self.sub(), factor.slug()])
    }
}
