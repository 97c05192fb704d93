//! A person's last enrollment of each factor, and how to tell what it left at the tenant.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{Enrollment, Enrollments};
use crate::error::Error;
use crate::factor::Factor;
use crate::store::{Key, Kind};
use crate::tenant::{Authenticator, AuthenticatorId};

/// How long it is remembered which unfinished authenticators are ours to clear.
const REMEMBERED: Duration = Duration::DAY;

/// A person's last enrollment of a factor. Written before the tenant is asked, and kept when the enrollment has ended:
/// the next start clears what could not be cleared.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) enrollment: String,
    factor: Factor,
    /// When the tenant was asked.
    asked: OffsetDateTime,
    /// What was there before the tenant was asked. Whatever is unfinished and has come since is ours.
    before: Vec<AuthenticatorId>,
    /// Exactly these, once the list after has been read.
    authenticators: Option<Vec<AuthenticatorId>>,
}

impl Pending {
    /// Before the tenant is asked.
    pub(super) fn new(enrollment: &Enrollment, asked: OffsetDateTime, before: Vec<AuthenticatorId>) -> Self {
        let (enrollment, factor) = (enrollment.id.clone(), enrollment.what.factor());
        Self { enrollment, factor, asked, before, authenticators: None }
    }

    /// Once it is known which ones it left.
    pub(super) fn known(self, authenticators: &[AuthenticatorId]) -> Self {
        Self { authenticators: Some(authenticators.to_vec()), ..self }
    }

    /// Whether the enrollment brought this one: of its factor, or of that one's twin.
    pub(super) fn brought(&self, authenticator: &Authenticator) -> bool {
        match &self.authenticators {
            Some(known) => known.contains(&authenticator.id),
            None => self.factor.enrolls(authenticator.factor) && !self.before.contains(&authenticator.id),
        }
    }

    /// Whether what both may have brought is rather this one's: it is known, or it came when this one had been asked for.
    fn comes_before(&self, other: &Self) -> bool {
        self.authenticators.is_some() || (other.authenticators.is_none() && self.asked > other.asked)
    }
}

/// A person's last enrollment of every factor, each with whether it is still open.
pub(super) struct AllPending(Vec<(Pending, bool)>);

impl AllPending {
    /// The factors whose enrollment is not open any more.
    pub(super) fn lapsed(&self) -> Vec<Factor> {
        self.0.iter().filter(|(_, is_open)| !is_open).map(|(pending, _)| pending.factor).collect()
    }

    /// What of this list the factor's enrollment left unfinished, and no open one may have brought.
    pub(super) fn left(&self, factor: Factor, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let open = self.0.iter().filter(|(pending, is_open)| *is_open && pending.factor != factor);
        let running: Vec<_> = open.flat_map(|(pending, _)| self.claims(pending, listed)).collect();
        let Some((own, _)) = self.0.iter().find(|(pending, _)| pending.factor == factor) else {
            return Vec::new();
        };
        self.claims(own, listed).into_iter().filter(|id| !running.contains(id)).collect()
    }

    /// What of this list belongs to an open enrollment.
    pub(super) fn running(&self, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let open = self.0.iter().filter(|(_, is_open)| *is_open);
        open.flat_map(|(pending, _)| self.claims(pending, listed)).collect()
    }

    /// What is unfinished and this enrollment's rather than another's.
    fn claims(&self, pending: &Pending, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let others = |it: &Authenticator| {
            let rivals = self.0.iter().map(|(other, _)| other).filter(|other| other.factor != pending.factor);
            rivals.into_iter().any(|other| other.brought(it) && other.comes_before(pending))
        };
        let unfinished = listed.iter().filter(|it| !it.active && pending.brought(it) && !others(it));
        unfinished.map(|it| it.id.clone()).collect()
    }
}

impl Enrollments<'_> {
    pub(super) async fn pending(&self, factor: Factor) -> Result<Option<Pending>, Error> {
        Ok(self.app.store.get(self.pending_key(factor)).await?)
    }

    pub(super) async fn all_pending(&self) -> Result<AllPending, Error> {
        let mut all = Vec::new();
        for factor in Factor::addable() {
            let Some(pending) = self.pending(factor).await? else { continue };
            let enrollment = self.stored(factor, &pending.enrollment).await?;
            all.push((pending, enrollment.is_some_and(|it| it.association.is_some())));
        }
        Ok(AllPending(all))
    }

    pub(super) async fn keep_pending(&self, pending: &Pending) -> Result<(), Error> {
        Ok(self.app.store.put(self.pending_key(pending.factor), pending, REMEMBERED).await?)
    }

    pub(super) async fn forget_pending(&self, factor: Factor) -> Result<(), Error> {
        Ok(self.app.store.remove(self.pending_key(factor)).await?)
    }

    /// The record of an enrollment for which another code is asked for.
    pub(super) async fn pending_again(
        &self,
        enrollment: &Enrollment,
        listed: &[Authenticator],
    ) -> Result<Pending, Error> {
        let pending =
            self.pending(enrollment.what.factor()).await?.filter(|it| it.enrollment == enrollment.id);
        let others =
            listed.iter().map(|it| it.id.clone()).filter(|id| !enrollment.authenticators.contains(id));
        let before = pending.map_or_else(|| others.collect(), |pending| pending.before);
        Ok(Pending::new(enrollment, self.app.clock.now(), before))
    }

    fn pending_key(&self, factor: Factor) -> Key {
        self.app.store.key_of(Kind::Pending, &[self.sub(), factor.slug()])
    }
}
