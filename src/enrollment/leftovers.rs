//! What set-ups left unfinished at the tenant: cleared when the set-up is given up, when it has lapsed, or when the person
//! asks for it.

use super::{Enrollment, Enrollments};
use crate::error::Error;
use crate::factor::Factor;
use crate::tenant::{self, Authenticator, AuthenticatorId};

impl Enrollments<'_> {
    /// Clears what lapsed set-ups left, and the last one of this factor, which is to be replaced. Gives what was there
    /// without them. It rides along with a start, never with a GET.
    pub(super) async fn clear_lapsed(
        &self,
        own: Factor,
        listed: &[Authenticator],
    ) -> Result<Vec<AuthenticatorId>, Error> {
        let all = self.all_pending().await?;
        let mut before: Vec<_> = listed.iter().map(|it| it.id.clone()).collect();
        for factor in all.lapsed() {
            let left = all.left(factor, listed);
            before.retain(|id| !left.contains(id));
            if self.remove_all(left).await && factor != own {
                self.forget_pending(factor).await?;
            }
        }
        Ok(before)
    }

    /// Clears what an earlier request for another code left, if it died. Gives the authenticators whose code works.
    pub(super) async fn clear_all_but_current(
        &self,
        enrollment: &Enrollment,
        listed: &[Authenticator],
    ) -> Result<Vec<AuthenticatorId>, Error> {
        let left = self.all_pending().await?.left(enrollment.what.factor(), listed);
        // The list was never read after the newest code: it brought what no earlier one had.
        if enrollment.asked.is_none() && enrollment.authenticators.is_empty() {
            let (stale, current) = left.into_iter().partition(|id| enrollment.outdated.contains(id));
            self.remove_all(stale).await;
            return Ok(current);
        }
        let current = enrollment.authenticators.clone();
        if !current.is_empty() {
            self.remove_all(left.into_iter().filter(|id| !current.contains(id)).collect()).await;
        }
        Ok(current)
    }

    /// Unfinished authenticators of set-ups that are still open, in whichever tab.
    pub async fn running(&self, listed: &[Authenticator]) -> Result<Vec<AuthenticatorId>, Error> {
        Ok(self.all_pending().await?.running(listed))
    }

    /// Clears every unfinished authenticator that belongs to no open set-up of ours. The person asked for it.
    pub async fn clear_unfinished(&self) -> Result<(), Error> {
        let (tenant, token) = (&self.app.tenant, &self.person.token);
        let listed = tenant.authenticators(token).await?;
        let running = self.running(&listed).await?;
        let leftover = listed.into_iter().filter(|it| !it.active && !running.contains(&it.id));
        for authenticator in leftover.filter(|it| it.factor != Factor::RecoveryCode && it.id.is_well_formed())
        {
            tenant.remove(token, &authenticator.id).await?;
        }
        Ok(())
    }

    /// Removes what this set-up left unfinished at the tenant, and nothing that was confirmed meanwhile. Where it fails,
    /// the leftovers are counted on the list, and the next start tries again.
    pub(super) async fn clear(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let factor = enrollment.what.factor();
        let pending = self.pending(factor).await?.filter(|it| it.enrollment == enrollment.id);
        if pending.is_none() {
            return Ok(());
        }
        let listed = self.app.tenant.authenticators(&self.person.token).await;
        let Ok(listed) = listed.inspect_err(tenant::Error::log) else { return Ok(()) };
        self.remove_all(self.all_pending().await?.left(factor, &listed)).await;
        Ok(())
    }

    /// What this enrollment brought to the list, unfinished or not.
    pub(super) async fn authenticators_of(
        &self,
        enrollment: &Enrollment,
        listed: &[Authenticator],
    ) -> Result<Vec<AuthenticatorId>, Error> {
        if !enrollment.authenticators.is_empty() {
            return Ok(enrollment.authenticators.clone());
        }
        let pending =
            self.pending(enrollment.what.factor()).await?.filter(|it| it.enrollment == enrollment.id);
        let brought = |it: &&Authenticator| {
            pending.as_ref().is_some_and(|pending| pending.brought(it))
                && !enrollment.outdated.contains(&it.id)
        };
        Ok(listed.iter().filter(brought).map(|it| it.id.clone()).collect())
    }

    /// Whether all of them are gone.
    pub(super) async fn remove_all(&self, unfinished: Vec<AuthenticatorId>) -> bool {
        let mut gone = true;
        for id in unfinished.into_iter().filter(AuthenticatorId::is_well_formed) {
            if let Err(error) = self.app.tenant.remove(&self.person.token, &id).await {
                error.log();
                gone = false;
            }
        }
        gone
    }
}
