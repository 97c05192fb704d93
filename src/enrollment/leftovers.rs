//! What set-ups left unfinished at the tenant: cleared when they have lapsed, or when the person asks for it.

use super::{Enrollment, Enrollments, Pending, key};
use crate::error::Error;
use crate::factors::Factor;
use crate::tenant::{self, AuthenticatorId};

impl Enrollments<'_> {
    /// Clears what the person's lapsed set-ups left. It rides along with the next start, never with a GET.
    pub(super) async fn clear_lapsed(&self) -> Result<(), Error> {
        for factor in Factor::ALL.into_iter().filter(|factor| factor.can_be_added()) {
            let Some(pending) = self.pending(factor).await? else { continue };
            if self.open(factor, &pending).await?.is_none() {
                self.app.store.remove(self.pending_key(factor)).await?;
                self.clear(pending).await;
            }
        }
        Ok(())
    }

    /// Unfinished authenticators of set-ups that are still open, in whichever tab.
    pub async fn running(&self) -> Result<Vec<AuthenticatorId>, Error> {
        let mut running = Vec::new();
        for factor in Factor::ALL.into_iter().filter(|factor| factor.can_be_added()) {
            let Some(pending) = self.pending(factor).await? else { continue };
            if self.open(factor, &pending).await?.is_some() {
                running.extend(pending.authenticators);
            }
        }
        Ok(running)
    }

    /// Clears every unfinished authenticator that belongs to no open set-up of ours. The person asked for it.
    pub async fn clear_unfinished(&self) -> Result<(), Error> {
        let (tenant, token) = (&self.app.tenant, &self.person.token);
        let running = self.running().await?;
        let listed = tenant.authenticators(token).await?;
        let leftover = listed.into_iter().filter(|it| !it.active && !running.contains(&it.id));
        for authenticator in leftover.filter(|it| it.factor != Factor::RecoveryCode && it.id.is_well_formed())
        {
            tenant.remove(token, &authenticator.id).await?;
        }
        Ok(())
    }

    /// Removes what a set-up of ours left unfinished at the tenant, and nothing that was confirmed meanwhile. Where it
    /// fails, the leftovers are counted on the list and can be cleared there.
    pub(super) async fn clear(&self, pending: Pending) {
        if pending.authenticators.is_empty() {
            return;
        }
        let listed = self.app.tenant.authenticators(&self.person.token).await;
        let Ok(listed) = listed.inspect_err(tenant::Error::log) else { return };
        let unfinished =
            listed.into_iter().filter(|it| !it.active && pending.authenticators.contains(&it.id));
        for authenticator in unfinished.filter(|it| it.id.is_well_formed()) {
            if let Err(error) = self.app.tenant.remove(&self.person.token, &authenticator.id).await {
                error.log();
            }
        }
    }

    async fn pending(&self, factor: Factor) -> Result<Option<Pending>, Error> {
        Ok(self.app.store.get(self.pending_key(factor)).await?)
    }

    async fn open(&self, factor: Factor, pending: &Pending) -> Result<Option<Enrollment>, Error> {
        let enrollment: Option<Enrollment> = self.app.store.get(key(&pending.enrollment)).await?;
        let now = self.app.clock.now();
        Ok(enrollment.filter(|it| it.what.factor() == factor && now < it.ends && it.association.is_some()))
    }
}
