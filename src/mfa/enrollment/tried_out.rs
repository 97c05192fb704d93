//! A code that is typed to try an app out may confirm another one: the tenant takes a code of any app, and the first one
//! that it takes confirms an unfinished app (Auth0, Manage Authenticator Factors Using the MFA API).

use super::{finish, pending, stored};
use crate::audit::Event;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::Account;
use crate::mfa::act::Subject;
use crate::mfa::notices::Notice;
use crate::mfa::remembered::{self, Added};
use crate::outbox::Kind;
use crate::tenant::{self, Authenticator, AuthenticatorId};

/// The person's unfinished apps before a code is shown to the tenant.
pub(in crate::mfa) struct Unfinished<'a> {
    account: &'a Account,
    apps: Vec<AuthenticatorId>,
    /// The trial and its unfinished apps: after one was confirmed, the next is told apart.
    operation: String,
}

pub(super) fn is_unfinished_app(listed: &Authenticator) -> bool {
    !listed.active && listed.factor == Factor::Totp
}

impl<'a> Unfinished<'a> {
    /// Reads the list, and keeps what is told if the process dies after the code was taken.
    pub(in crate::mfa) async fn before(account: &'a Account, trial: &str) -> Result<Self, Error> {
        let listed = account.portal.tenant.authenticators(&account.person.token).await?;
        let apps: Vec<_> = listed.into_iter().filter(is_unfinished_app).map(|it| it.id).collect();
        let ids = apps.iter().map(AuthenticatorId::as_str);
        let operation = std::iter::once(trial).chain(ids).collect::<Vec<_>>().join(" ");
        let this = Self { account, apps, operation };
        if !this.apps.is_empty() {
            this.notice(&this.operation()).await.intend().await?;
        }
        Ok(this)
    }

    /// Tells of the app that the code has confirmed; whether there is one.
    pub(in crate::mfa) async fn confirmed(self) -> Result<bool, Error> {
        let account = self.account;
        if self.apps.is_empty() {
            return Ok(false);
        }
        let listed = account.portal.tenant.authenticators(&account.person.token).await;
        let listed = listed.map_err(tenant::Error::in_the_middle)?;
        let operation = self.operation();
        let notice = self.notice(&operation).await;
        let Some(app) = listed.iter().find(|it| it.active && self.apps.contains(&it.id)) else {
            notice.forget().await;
            return Ok(false);
        };
        if !self.finish_open(&app.id).await? {
            notice.keep().await;
            let ids = std::slice::from_ref(&app.id);
            let added = Added { factors: vec![Factor::Totp], ids, mask: None, called: None };
            remembered::note_added(account, &self.operation, added).await;
            let authenticator = Some(app.id.as_str());
            let subject = Subject { operation: &operation, factor: Some(Factor::Totp), authenticator };
            account.tell_about(Event::EnrollmentConfirmed.succeeded(), &subject);
            return Ok(true);
        }
        notice.forget().await;
        Ok(true)
    }

    /// Forgets what would have been told, because the code was not taken.
    pub(in crate::mfa) async fn refused(self) {
        if !self.apps.is_empty() {
            self.notice(&self.operation()).await.forget().await;
        }
    }

    /// Finishes the open set-up of this app; whether there is one.
    async fn finish_open(&self, app: &AuthenticatorId) -> Result<bool, Error> {
        let Some(pending) = pending::find(self.account, Factor::Totp).await? else { return Ok(false) };
        let open = stored(self.account, Factor::Totp, &pending.enrollment).await?;
        let Some(open) = open.filter(|it| it.association.is_some() && it.authenticators.contains(app)) else {
            return Ok(false);
        };
        finish(self.account, &open).await?;
        Ok(true)
    }

    fn operation(&self) -> [&str; 2] {
        ["confirmed-by-trial", &self.operation]
    }

    async fn notice<'b>(&'b self, operation: &'b [&'b str]) -> Notice<'b> {
        Notice::new(self.account, Kind::Added, operation, Factor::Totp, None).await
    }
}
