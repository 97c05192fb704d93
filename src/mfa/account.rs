//! The account of a signed-in person: the list of their authenticators, and the factors that they may add to it.

use std::sync::Arc;

use time::Duration;

use super::remembered::Remembered;
use super::{Overview, Permission, Person, enrollment, remembered};
use crate::audit;
use crate::error::Error;
use crate::factor::Factor;
use crate::portal::App;
use crate::store::{Key, RecordKind};

/// How long a refused factor is not offered: about one visit, because the tenant may enable it again.
const REFUSED_FOR: Duration = Duration::minutes(10);

/// A signed-in person's account, on which every act of `mfa` works.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) portal: App,
    pub(crate) person: Arc<Person>,
    /// The family of the browser, for the history of changes.
    pub(crate) browser: Option<&'static str>,
    /// BCP 47 tag of the language of this session's pages.
    pub(crate) language: String,
    /// The request in which the person acts.
    pub(crate) request: Arc<audit::Request>,
}

impl Account {
    /// The person's authenticators, grouped.
    pub(crate) async fn overview(&self) -> Result<Overview, Error> {
        self.overview_recalling(&mut remembered::read(self).await?).await
    }

    /// The same with what was read of the person before.
    pub(crate) async fn overview_recalling(&self, remembered: &mut Remembered) -> Result<Overview, Error> {
        let mut listed = self.portal.tenant.authenticators(&self.person.token).await?;
        remembered::settle(self, remembered, &listed).await;
        if !self.person.has_proved_factor(&self.portal.clock) {
            remembered.hide_addresses();
        }
        if listed.iter().any(|it| !it.active) {
            // An enrollment that is open in another tab is no leftover.
            let in_progress = enrollment::in_progress(self, &listed).await?;
            listed.retain(|it| it.active || !in_progress.contains(&it.id));
        }
        Ok(Overview::recalling(listed, self.person.verified_email(), remembered))
    }

    /// The factors to offer, in the operator's order. The portal cannot ask which ones the tenant enables.
    pub(crate) async fn offers(&self) -> Result<Vec<Factor>, Error> {
        if !self.person.may(Permission::Add) {
            return Ok(Vec::new());
        }
        let refused = self.refused_factors().await?;
        Ok(self.portal.config.factors.iter().copied().filter(|factor| !refused.contains(factor)).collect())
    }

    /// Stops offering a factor that the tenant has just refused as not enabled.
    pub(super) async fn stop_offering(&self, factor: Factor) -> Result<(), Error> {
        let mut refused = self.refused_factors().await?;
        refused.push(factor);
        Ok(self.portal.store.put(self.key(RecordKind::NotOffered, &[]), &refused, REFUSED_FOR).await?)
    }

    async fn refused_factors(&self) -> Result<Vec<Factor>, Error> {
        Ok(self.portal.store.get(self.key(RecordKind::NotOffered, &[])).await?.unwrap_or_default())
    }

    /// The person's `sub` claim.
    pub(super) fn sub(&self) -> &str {
        &self.person.identity.sub
    }

    /// The key of one of the person's records; `parts` tell records of one kind apart.
    pub(super) fn key(&self, kind: RecordKind, parts: &[&str]) -> Key {
        self.portal.store.key_of_person(kind, self.sub(), parts)
    }
}
