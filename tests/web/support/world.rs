//! A stage (portal, tenant and clock) and the people in front of it.

use std::ops::Deref;

use emulated_tenant::MailServer;
use stage::Stage;

use super::{Browser, canary};

/// Everything a test needs; it ends with the test.
pub(crate) struct World(Stage);

impl Deref for World {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.0
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for mail in self.smtp.iter().flat_map(MailServer::mails) {
            let parts = [mail.subject(), mail.text(), mail.html()].concat();
            canary::check_written(&self.tenant, "a mail", parts.as_bytes());
        }
    }
}

impl World {
    /// A portal and a tenant with default settings.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings of the portal, by flag name; see [`Stage::start`].
    pub(crate) async fn with(flags: &[(&str, &str)]) -> Self {
        Self(Stage::start(flags).await.unwrap())
    }

    /// The same; see [`Stage::numbered`].
    pub(crate) async fn numbered(number: u16, flags: &[(&str, &str)]) -> Self {
        Self(Stage::numbered(number, flags).await.unwrap())
    }

    /// Another portal with the same tenant and clock, as after a restart with other settings.
    pub(crate) fn beside(&self, flags: &[(&str, &str)]) -> Self {
        Self(self.0.beside(flags).unwrap())
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self)
    }

    /// A browser in which this person is signed in and sees the list.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.open("/").await;
        browser.pass_sign_in(email).await;
        browser
    }

    /// How many unfinished authenticators this person has at the tenant.
    pub(crate) fn unfinished(&self, email: &str) -> usize {
        self.tenant.authenticators(email).iter().filter(|it| !it.active).count()
    }
}
