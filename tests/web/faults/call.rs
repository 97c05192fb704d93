//! The portal's calls to the tenant, each with the step of a person that causes it.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind};
use url::Url;

use super::trouble::Trouble;
use crate::factors::{APP_PHONE, CODE, CONFIRM};
use crate::support::{ASSOCIATE, Browser, Form, LIST, TOKEN, World};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/.well-known/jwks.json";
const CHALLENGE: &str = "/mfa/challenge";
const USERS: &str = "/api/v2/users/";
const MANAGEMENT: [(&str, &str); 2] = [
    ("auth0-management-client-id", "mfa-portal-management"),
    ("auth0-management-client-secret", "emulated-tenant-management-secret"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Discovery,
    Keys,
    Exchange,
    List,
    Associate,
    Confirm,
    Challenge,
    Remove,
    ManagementToken,
    Regenerate,
}

impl Call {
    pub(super) const ALL: [Self; 10] = [
        Self::Discovery,
        Self::Keys,
        Self::Exchange,
        Self::List,
        Self::Associate,
        Self::Confirm,
        Self::Challenge,
        Self::Remove,
        Self::ManagementToken,
        Self::Regenerate,
    ];

    /// Method and path prefix.
    pub(super) fn endpoint(self) -> (&'static str, &'static str) {
        match self {
            Self::Discovery => ("GET", DISCOVERY),
            Self::Keys => ("GET", KEYS),
            Self::Exchange | Self::Confirm | Self::ManagementToken => ("POST", TOKEN),
            Self::List => ("GET", LIST),
            Self::Associate => ("POST", ASSOCIATE),
            Self::Challenge => ("POST", CHALLENGE),
            Self::Remove => ("DELETE", LIST),
            Self::Regenerate => ("POST", USERS),
        }
    }

    pub(super) fn is_read(self) -> bool {
        self.endpoint().0 == "GET"
    }

    /// The call before this one in the same step.
    fn preceding_call(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Keys | Self::Regenerate => Some(("POST", TOKEN)),
            Self::Associate | Self::Challenge | Self::Remove => Some(("GET", LIST)),
            Self::Discovery | Self::Exchange | Self::List | Self::Confirm | Self::ManagementToken => None,
        }
    }

    /// Prepares the step that makes the call, in a world with this number.
    pub(super) async fn about_to(self, number: u16) -> Scene {
        let world = World::numbered(number, &MANAGEMENT).await;
        let mut browser = match self {
            Self::Discovery | Self::Keys | Self::Exchange => world.browser(),
            _ => world.signed_in(APP_PHONE).await,
        };
        let step = match self {
            Self::Discovery => Step::Go(world.portal.join("sign-in").unwrap()),
            Self::Keys | Self::Exchange => Step::Go(browser.until_callback(APP_PHONE).await),
            Self::List => Step::Go(world.portal.clone()),
            Self::Associate => {
                browser.open("/factors/totp").await;
                Step::Send(browser.page.form("Show me the QR code"))
            }
            Self::Confirm => Step::Send(about_to_confirm(&world, &mut browser).await),
            Self::Challenge => {
                browser.follow("Test your phone ending 0167").await;
                Step::Send(browser.page.form("Send me a text message"))
            }
            Self::Remove => {
                browser.follow("Remove authenticator app").await;
                Step::Send(browser.page.form("Remove the authenticator app"))
            }
            Self::ManagementToken | Self::Regenerate => {
                browser.follow("Get a new recovery code").await;
                Step::Send(browser.page.form("Get a new recovery code"))
            }
        };
        world.tenant.journal().clear();
        Scene { world, browser, step, call: self }
    }
}

async fn about_to_confirm(world: &World, browser: &mut Browser) -> Form {
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let key = browser.page.text_of(".key").replace(' ', "");
    let mut form = browser.page.form(CONFIRM);
    form.set(&browser.page.field(CODE), &world.devices(APP_PHONE).totp_code_of(&key).unwrap());
    form
}

enum Step {
    Go(Url),
    Send(Form),
}

/// A person about to take the step that makes the call.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) browser: Browser,
    pub(super) call: Call,
    step: Step,
}

impl Scene {
    /// Makes the call fail with this trouble.
    pub(super) async fn inject(&self, trouble: Trouble, elsewhere: &Url) {
        let (method, path) = self.call.endpoint();
        let faults = self.world.tenant.faults();
        match (trouble.fault(self.world.now(), elsewhere), self.call.preceding_call()) {
            (Some(fault), _) => faults.inject(Fault::new(method, path, fault)),
            (None, Some((method, path))) => {
                faults.inject(Fault::new(method, path, FaultKind::Vanish).times(1));
            }
            (None, None) => self.world.tenant.stop().await,
        }
    }

    /// Takes the step and returns how long the page took.
    pub(super) async fn take_step(&mut self) -> Duration {
        let began = tokio::time::Instant::now();
        match &self.step {
            Step::Go(url) => self.browser.go(url.clone()).await,
            Step::Send(form) => self.browser.send(form).await,
        };
        began.elapsed()
    }

    /// The number of these calls at the tenant.
    pub(super) fn calls(&self) -> usize {
        let (method, path) = self.call.endpoint();
        let requests = self.world.tenant.journal().requests();
        requests.iter().filter(|it| it.method == method && it.path.starts_with(path)).count()
    }

    /// The `X-Auth0-RequestId` of the last answer to the call.
    pub(super) fn tenant_request_id(&self) -> Option<String> {
        let (method, path) = self.call.endpoint();
        let requests = self.world.tenant.journal().requests();
        let last = requests.iter().rev().find(|it| it.method == method && it.path.starts_with(path))?;
        last.status.map(|_| last.request_id.clone())
    }

    /// Whether the page shows success.
    pub(super) fn went_well(&self) -> bool {
        let page = &self.browser.page;
        page.status == 200
            && match self.call {
                Call::Discovery => page.heading() == "Sign in",
                Call::Keys | Call::Exchange | Call::List => !page.entries().is_empty(),
                Call::Associate => page.count("svg.qr") == 1,
                Call::Confirm => page.notice().starts_with("Authenticator app added"),
                Call::Challenge => page.heading() == "Check your messages",
                Call::Remove => page.notice().starts_with("Authenticator app removed"),
                Call::ManagementToken | Call::Regenerate => !page.text_of(".recovery").is_empty(),
            }
    }
}
