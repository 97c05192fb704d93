//! Notices of changes: mails to the person and webhooks to the company, whatever the servers do.

mod disavowed;
mod former;
mod killed;
mod language;
mod mails;
mod real;
mod retries;
pub(crate) mod smtpd;
mod storm;
mod tried_out;
mod unpolled;
pub(crate) mod webhooks;

use emulated_tenant::{Mail, MailServer, Person};
use time::Duration;

use crate::audit::Stream;
use crate::factors::{CODE, CONFIRM, SCAN};
use crate::support::{Browser, World};

pub(crate) const FROM: &str = "Northwind <security@northwind.example>";
/// She has a verified address and no factor.
pub(crate) const VERA: &str = "vera@example.com";
/// Longer than the first pause, with the leeway for another replica's clock.
const NEXT_ATTEMPT: Duration = Duration::minutes(4);

/// A world whose notices go to a mail server of the test's.
struct Post {
    world: World,
    smtp: MailServer,
    stream: Stream,
}

impl Post {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(flags: &[(&str, &str)]) -> Self {
        let (stream, from) = (Stream::new(), ("mail-from", FROM));
        let world = stream.world(&[&[("smtp-url", "{smtp}"), from], flags].concat()).await;
        let smtp = world.smtp.clone().unwrap();
        world.tenant.add_person(Person::new("Vera Verified", VERA));
        Self { world, smtp, stream }
    }

    /// A browser in which Vera has added an authenticator app.
    async fn with_app(&self) -> Browser {
        self.add_app(VERA).await
    }

    /// A browser in which this person has added one.
    async fn add_app(&self, email: &str) -> Browser {
        let mut browser = self.world.signed_in(email).await;
        self.add_app_with(&mut browser, email).await;
        browser
    }

    /// Adds one in this browser of the person's.
    async fn add_app_with(&self, browser: &mut Browser, email: &str) {
        browser.open("/factors/totp").await;
        browser.press(SCAN, &[]).await;
        let key = browser.page.text_of(".key").replace(' ', "");
        let code = self.world.devices(email).totp_code_of(&key).unwrap();
        browser.press(CONFIRM, &[(CODE, &code)]).await;
        assert_eq!(browser.page.path(), "/recovery-code", "{}", browser.page.text());
    }

    async fn send(&self) {
        self.world.send_notices().await.unwrap();
    }
}

/// The link for somebody who did not make the change, without scheme and host.
fn link(mail: &Mail) -> String {
    let text = mail.text();
    let (_, link) = text.split_once("/notices/").unwrap();
    format!("/notices/{}", link.split_whitespace().next().unwrap())
}
