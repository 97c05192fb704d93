//! A person's last enrollment of each factor, and which unfinished authenticators at the tenant it owns.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::own::may_be_of_one;
use super::{Account, Enrollment, LASTS, stored};
use crate::error::Error;
use crate::factor::Factor;
use crate::portal::Portal;
use crate::store::{self, Key, RecordKind};
use crate::tenant::{Authenticator, AuthenticatorId};

/// How long a record is kept from which leftovers can be cleared.
const REMEMBERED_FOR: Duration = Duration::DAY;

/// How long an enrollment may claim what no list has told. It lasts from the tenant's answer on, which takes some seconds.
const CLAIMS_FOR: Duration = LASTS.saturating_add(Duration::MINUTE);

/// A person's last enrollment of a factor. It is stored before the tenant is asked and outlives the enrollment, so that
/// the next start can clear its leftovers.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) enrollment: String,
    factor: Factor,
    #[serde(rename = "asked")]
    request_sent_at: OffsetDateTime,
    /// The authenticators before the request. An unfinished one that came later is ours, unless there are more than one
    /// association creates.
    before: Vec<AuthenticatorId>,
    /// Those of its earlier codes, or of the enrollment that it replaces, that are still to be cleared.
    #[serde(default)]
    earlier: Vec<AuthenticatorId>,
    /// Its own authenticators, once the list after the request has been read.
    authenticators: Option<Vec<AuthenticatorId>>,
}

impl Pending {
    /// The record before the tenant is asked.
    pub(super) fn new(
        enrollment: &Enrollment,
        request_sent_at: OffsetDateTime,
        before: Vec<AuthenticatorId>,
        earlier: Vec<AuthenticatorId>,
    ) -> Self {
        let (enrollment, factor) = (enrollment.id.clone(), enrollment.what.factor());
        Self { enrollment, factor, request_sent_at, before, earlier, authenticators: None }
    }

    /// The record once the ids of its authenticators are known, and which earlier ones are still to be cleared.
    pub(super) fn with_ids(self, authenticators: &[AuthenticatorId], earlier: Vec<AuthenticatorId>) -> Self {
        Self { authenticators: Some(authenticators.to_vec()), earlier, ..self }
    }

    pub(super) fn earlier(&self) -> &[AuthenticatorId] {
        &self.earlier
    }

    /// The record as it counts now: once an enrollment has lapsed whose ids no list has told, nothing is its own by guess.
    fn at(self, now: OffsetDateTime) -> Self {
        let is_lapsed = now >= self.request_sent_at + CLAIMS_FOR;
        let authenticators = self.authenticators.or_else(|| is_lapsed.then(Vec::new));
        Self { authenticators, ..self }
    }

    /// Whether the enrollment created this authenticator, or may have while its ids are not known.
    pub(super) fn may_have_created(&self, authenticator: &Authenticator) -> bool {
        self.knows(&authenticator.id)
            || self.authenticators.is_none()
                && self.factor.enrolls(authenticator.factor)
                && !self.before.contains(&authenticator.id)
    }

    fn knows(&self, id: &AuthenticatorId) -> bool {
        self.earlier.contains(id) || self.authenticators.as_ref().is_some_and(|own| own.contains(id))
    }

    /// The authenticators on this list that it created, or may have while its ids are not known. An active one is then of
    /// its factor, because an app that was confirmed meanwhile is no push's twin.
    pub(super) fn candidates<'a>(
        &self,
        listed: &'a [Authenticator],
    ) -> impl Iterator<Item = &'a Authenticator> {
        let may_be = |it: &&Authenticator| {
            self.authenticators.is_some() || !it.active || self.factor.is_akin(it.factor)
        };
        listed.iter().filter(|it| self.may_have_created(it)).filter(may_be)
    }

    /// Whether nobody else can have begun one of those on this list that it may have created. A push brings an app, and never
    /// an app alone.
    fn may_have_created_all(&self, listed: &[Authenticator]) -> bool {
        let newest: Vec<_> = self.candidates(listed).filter(|it| !self.earlier.contains(&it.id)).collect();
        may_be_of_one(newest.iter().copied()) && newest.iter().any(|it| self.factor.is_akin(it.factor))
    }

    /// Whether an authenticator of this factor was there before the request, as its id says.
    pub(super) fn had(&self, factor: Factor) -> bool {
        let is_of = |id: &AuthenticatorId| {
            id.as_str().split_once('|').and_then(|(prefix, _)| Factor::from_wire(prefix)) == Some(factor)
        };
        self.before.iter().any(is_of)
    }

    /// Whether the authenticator with this id is its own, or may be while its ids are not known.
    pub(super) fn may_own(&self, id: &AuthenticatorId) -> bool {
        self.knows(id) || self.authenticators.is_none() && !self.before.contains(id)
    }

    /// When two enrollments could both have created an authenticator: whether this one has the stronger claim, because
    /// it knows the id or because it is the later request.
    fn has_stronger_claim_than(&self, other: &Self, id: &AuthenticatorId) -> bool {
        self.knows(id) || !other.knows(id) && self.request_sent_at > other.request_sent_at
    }
}

/// A person's last enrollment of every factor, each with whether it is still open.
pub(super) struct AllPending(Vec<(Pending, bool)>);

impl AllPending {
    pub(super) async fn read(account: &Account) -> Result<Self, Error> {
        let keys: Vec<Key> = Factor::addable().map(|factor| key(account, factor)).collect();
        account.portal.store.read_ahead(&keys).await?;
        let mut all = Vec::new();
        for factor in Factor::addable() {
            let Some(pending) = find(account, factor).await? else { continue };
            let enrollment = stored(account, factor, &pending.enrollment).await?;
            all.push((pending, enrollment.is_some_and(|it| it.association.is_some())));
        }
        Ok(Self(all))
    }

    /// Each factor's last enrollment.
    pub(super) fn all(&self) -> impl Iterator<Item = &Pending> {
        self.0.iter().map(|(pending, _)| pending)
    }

    /// The factors whose enrollment is no longer open.
    pub(super) fn lapsed(&self) -> Vec<Factor> {
        self.0.iter().filter(|(_, is_open)| !is_open).map(|(pending, _)| pending.factor).collect()
    }

    /// The unfinished authenticators of the factor's enrollment that no open enrollment may have created. Those whose id is not
    /// known are among them only if nobody else can have begun one of them.
    pub(super) fn leftovers(&self, factor: Factor, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let open = self.0.iter().filter(|(pending, is_open)| *is_open && pending.factor != factor);
        let in_progress: Vec<_> =
            open.flat_map(|(pending, _)| self.owned_unfinished(pending, listed)).collect();
        let Some((own, _)) = self.0.iter().find(|(pending, _)| pending.factor == factor) else {
            return Vec::new();
        };
        let is_all_its = own.may_have_created_all(listed);
        let owned = self.owned_unfinished(own, listed).into_iter();
        owned.filter(|id| !in_progress.contains(id) && (is_all_its || own.knows(id))).collect()
    }

    /// The unfinished authenticators of open enrollments.
    pub(super) fn in_progress(&self, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let open = self.0.iter().filter(|(_, is_open)| *is_open);
        open.flat_map(|(pending, _)| self.owned_unfinished(pending, listed)).collect()
    }

    /// The unfinished authenticators to which this enrollment has the strongest claim.
    fn owned_unfinished(&self, pending: &Pending, listed: &[Authenticator]) -> Vec<AuthenticatorId> {
        let is_anothers = |it: &Authenticator| {
            let rivals = self.0.iter().map(|(other, _)| other).filter(|other| other.factor != pending.factor);
            rivals
                .into_iter()
                .any(|other| other.may_have_created(it) && other.has_stronger_claim_than(pending, &it.id))
        };
        let unfinished =
            listed.iter().filter(|it| !it.active && pending.may_have_created(it) && !is_anothers(it));
        unfinished.map(|it| it.id.clone()).collect()
    }
}

pub(super) async fn find(account: &Account, factor: Factor) -> Result<Option<Pending>, Error> {
    Ok(of(&account.portal, account.sub(), factor).await?)
}

/// That of the person with this `sub`.
pub(super) async fn of(portal: &Portal, sub: &str, factor: Factor) -> Result<Option<Pending>, store::Error> {
    let found: Option<Pending> = portal.store.get(key_of(portal, sub, factor)).await?;
    Ok(found.map(|pending| pending.at(portal.clock.now())))
}

pub(super) async fn keep(account: &Account, pending: &Pending) -> Result<(), Error> {
    Ok(account.portal.store.put(key(account, pending.factor), pending, REMEMBERED_FOR).await?)
}

pub(super) async fn forget(account: &Account, factor: Factor) -> Result<(), Error> {
    Ok(account.portal.store.remove(key(account, factor)).await?)
}

fn key(account: &Account, factor: Factor) -> Key {
    key_of(&account.portal, account.sub(), factor)
}

fn key_of(portal: &Portal, sub: &str, factor: Factor) -> Key {
    portal.store.key_of_person(RecordKind::PendingEnrollment, sub, &[factor.slug()])
}
