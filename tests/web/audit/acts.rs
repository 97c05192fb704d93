//! The operations of a person: the form that begins each, the call that it makes, and the lines that end it.

use emulated_tenant::{Authenticator, Factor, Tenant};

use crate::factors::{CODE, NOTHING, SCAN};
use crate::support::{ASSOCIATE, Browser, Form, TOKEN};

const ALEX: &str = "app.phone@example.com";
const OLD_APP: &str = "/authenticators/remove?id=totp%7Cdev_AppPhoneTotp0001";
pub(crate) const MANAGEMENT: [(&str, &str); 2] = [
    ("auth0-management-client-id", "mfa-portal-management"),
    ("auth0-management-client-secret", "emulated-tenant-management-secret"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Start,
    Send,
    Confirm,
    Cancel,
    Challenge,
    Trial,
    Removal,
    /// Of the old one, after a new one was added.
    Replacement,
    /// Of what unfinished set-ups have left.
    Clearing,
    NewCode,
}

impl Act {
    pub(crate) const ALL: [Self; 10] = [
        Self::Start,
        Self::Send,
        Self::Confirm,
        Self::Cancel,
        Self::Challenge,
        Self::Trial,
        Self::Removal,
        Self::Replacement,
        Self::Clearing,
        Self::NewCode,
    ];

    /// The person who does it.
    pub(crate) fn email(self) -> &'static str {
        match self {
            Self::Start | Self::Send | Self::Confirm | Self::Cancel => NOTHING,
            _ => ALEX,
        }
    }

    /// The tenant's call that decides it.
    pub(crate) fn call(self) -> (&'static str, &'static str) {
        match self {
            Self::Start | Self::Send => ("POST", ASSOCIATE),
            Self::Confirm | Self::Trial => ("POST", TOKEN),
            Self::Cancel | Self::Removal | Self::Replacement | Self::Clearing => {
                ("DELETE", "/mfa/authenticators/")
            }
            Self::Challenge => ("POST", "/mfa/challenge"),
            Self::NewCode => ("POST", "/api/v2/users/"),
        }
    }

    /// The event of its success.
    pub(crate) fn success(self) -> &'static str {
        match self {
            Self::Start | Self::Send => "enrollment_started",
            Self::Confirm => "enrollment_confirmed",
            Self::Cancel | Self::Clearing => "enrollment_cancelled",
            Self::Challenge => "challenge_sent",
            Self::Trial => "trial",
            Self::Removal => "removal",
            Self::Replacement => "replacement",
            Self::NewCode => "recovery_code_made",
        }
    }

    /// The events that end its operation.
    pub(crate) fn ends(self) -> &'static [&'static str] {
        match self {
            Self::Start | Self::Send | Self::Confirm | Self::Cancel => {
                &["enrollment_confirmed", "enrollment_failed", "enrollment_cancelled"]
            }
            Self::Challenge | Self::Trial => &["trial"],
            Self::Removal => &["removal"],
            Self::Replacement => &["replacement"],
            Self::Clearing => &["enrollment_cancelled"],
            Self::NewCode => &["recovery_code_made"],
        }
    }

    /// Signs in and goes on until only the form is to be sent.
    pub(crate) async fn form(self, browser: &mut Browser, tenant: &Tenant) -> Form {
        let email = self.email();
        browser.open("/").await;
        browser.pass_sign_in(email).await;
        match self {
            Self::Start => form_at(browser, "/factors/totp", SCAN).await,
            Self::Send => {
                let mut form = form_at(browser, "/factors/sms", "Send the code").await;
                form.set(&browser.page.field("Phone number"), "+44 7700 900123");
                form
            }
            Self::Confirm => {
                browser.open("/factors/totp").await;
                browser.press(SCAN, &[]).await;
                let key = browser.page.text_of(".key").replace(' ', "");
                with_code(browser, "Confirm", &tenant.devices(email).totp_code_of(&key).unwrap())
            }
            Self::Cancel => {
                browser.open("/factors/totp").await;
                browser.press(SCAN, &[]).await;
                browser.page.form("Cancel this set-up")
            }
            Self::Challenge => challenge_form(browser).await,
            Self::Trial => {
                let form = challenge_form(browser).await;
                browser.send(&form).await;
                let code = tenant.devices(email).messages().pop().unwrap().code;
                with_code(browser, "Check code", &code)
            }
            Self::Removal => {
                browser.follow("Remove authenticator app").await;
                browser.page.form("Remove the authenticator app")
            }
            Self::Replacement => {
                browser.follow("Replace authenticator app").await;
                browser.press("Set up the new one", &[]).await;
                add_app(tenant, Authenticator::active);
                form_at(browser, OLD_APP, "Remove the old app").await
            }
            Self::Clearing => {
                add_app(tenant, |app| app);
                form_at(browser, "/", "Clear it").await
            }
            Self::NewCode => form_at(browser, "/recovery-code", "Get a new recovery code").await,
        }
    }
}

/// Adds another app of Alex's, as another application would.
fn add_app(tenant: &Tenant, state: fn(Authenticator) -> Authenticator) {
    let app = state(Authenticator::new(Factor::Totp, "dev_Elsewhere0000001"));
    tenant.change_person(ALEX, |alex| alex.authenticators.push(app));
}

async fn form_at(browser: &mut Browser, path: &str, button: &str) -> Form {
    browser.open(path).await;
    browser.page.form(button)
}

async fn challenge_form(browser: &mut Browser) -> Form {
    browser.follow("Test your phone ending 0167").await;
    browser.page.form("Send me a text message")
}

fn with_code(browser: &Browser, button: &str, code: &str) -> Form {
    let mut form = browser.page.form(button);
    form.set(&browser.page.field(CODE), code);
    form
}
