//! The authenticators on the tenant's list that are an enrollment's own. Its association returned no ids, so they are told
//! by the lists before and after it, and a person may enroll elsewhere at the same time.

use super::{Account, Enrollment, pending};
use crate::error::Error;
use crate::factor::Factor;
use crate::tenant::Authenticator;

/// Those on one list.
pub(super) struct Own {
    /// All that it created, or may have while its ids are not known.
    candidates: Vec<Authenticator>,
    are_known: bool,
    factor: Factor,
}

impl Own {
    pub(super) async fn of(
        account: &Account,
        enrollment: &Enrollment,
        listed: &[Authenticator],
    ) -> Result<Self, Error> {
        let factor = enrollment.what.factor();
        let known = &enrollment.authenticators;
        let are_known = !known.is_empty();
        let candidates = if are_known {
            listed.iter().filter(|it| known.contains(&it.id)).cloned().collect()
        } else {
            let pending = pending::find(account, factor).await?.filter(|it| it.enrollment == enrollment.id);
            let candidates = pending.iter().flat_map(|pending| pending.candidates(listed));
            candidates.filter(|it| !enrollment.superseded.contains(&it.id)).cloned().collect()
        };
        Ok(Self { candidates, are_known, factor })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// All that may be its own.
    pub(super) fn candidates(&self) -> &[Authenticator] {
        &self.candidates
    }

    /// Whether it was confirmed; `None` when the list does not show it, or shows an active one that may be of another
    /// enrollment.
    pub(super) fn is_active(&self) -> Option<bool> {
        if self.candidates.iter().any(|it| it.active && self.factor.is_akin(it.factor)) {
            return self.are_known.then_some(true);
        }
        (!self.candidates.is_empty()).then_some(false)
    }

    /// Whether this one is active by this enrollment for certain. One that may be of another enrollment protects the person
    /// from this one, and so does an app beside a push, which may have come with it or not.
    pub(super) fn holds_active(&self, authenticator: &Authenticator) -> bool {
        self.are_known
            && self.factor.is_akin(authenticator.factor)
            && self.candidates.iter().any(|it| it.id == authenticator.id)
    }
}

/// Whether one association may have created all of these: it creates one of each factor, and the two channels of one
/// number share an ending of their ids.
pub(super) fn may_be_of_one<'a>(all: impl IntoIterator<Item = &'a Authenticator>) -> bool {
    let mut others: Vec<&Authenticator> = Vec::new();
    all.into_iter().all(|it| {
        let is_anothers = |other: &&Authenticator| {
            let is_channel = it.factor.other_channel() == Some(other.factor);
            other.factor == it.factor || is_channel && other.id.suffix() != it.id.suffix()
        };
        let is_alone = !others.iter().any(is_anothers);
        others.push(it);
        is_alone
    })
}
