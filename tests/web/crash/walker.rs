//! A person who presses random links and buttons, with plausible values in the fields.

use std::fmt;
use std::time::{Duration, Instant};

use emulated_tenant::{Factor, Tenant};
use fastrand::Rng;
use reqwest::RequestBuilder;
use url::Url;

use crate::support::{Browser, Form, Page};

/// Shorter than a session's ten minutes.
const VISIT: Duration = Duration::from_secs(480);
/// Pages that people open by typing or from bookmarks.
const ADDRESSES: [&str; 6] =
    ["/", "/recovery-code", "/factors/totp", "/factors/sms", "/factors/email", "/factors/push"];
const NUMBERS: [&str; 3] = ["+44 7700 900123", "+44 7700 900124", "+1 202 555 0142"];

/// One person in one browser.
pub(crate) struct Walker {
    pub(crate) email: String,
    pub(crate) browser: Browser,
    tenant: Tenant,
    /// The click during which the process died.
    interrupted: Option<Click>,
    signed_in_since: Option<Instant>,
}

#[derive(Clone, Debug)]
pub(crate) enum Click {
    Open(Url),
    Send(Form),
}

impl Click {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Open(url) => url.path(),
            Self::Send(form) => form.action.path(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let Self::Send(form) = self else { return None };
        form.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_post(&self) -> bool {
        matches!(self, Self::Send(form) if form.post)
    }
}

impl fmt::Display for Click {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.is_post() { "POST" } else { "GET" }, self.path())
    }
}

impl Walker {
    pub(crate) fn new(email: &str, browser: Browser, tenant: &Tenant) -> Self {
        Self {
            email: email.to_owned(),
            browser,
            tenant: tenant.clone(),
            interrupted: None,
            signed_in_since: None,
        }
    }

    /// A random click; without a session, the callback of a new sign-in.
    pub(crate) async fn next_click(&mut self, rng: &mut Rng) -> Click {
        if let Some(again) = self.interrupted.take().filter(|_| rng.u8(..3) == 0) {
            return again;
        }
        let page = &self.browser.page;
        if page.html.is_empty() || !self.is_home(&page.url) || page.heading() == "You are signed out" {
            self.renew_codes();
            return Click::Open(self.browser.until_callback(&self.email).await);
        }
        match rng.u8(..20) {
            0 | 1 => self.open(ADDRESSES[rng.usize(..ADDRESSES.len())]),
            2..=7 => self.link(rng),
            _ => self.button(rng).unwrap_or_else(|| self.link(rng)),
        }
    }

    pub(crate) fn request(&self, click: &Click) -> RequestBuilder {
        match click {
            Click::Open(url) => self.browser.client().get(url.clone()),
            Click::Send(form) => self.browser.request(form),
        }
    }

    pub(crate) fn after_answer(&mut self, click: &Click) {
        match click.path() {
            "/callback" => self.signed_in_since = Some(Instant::now()),
            "/sign-out" if click.is_post() => self.signed_in_since = None,
            _ => {}
        }
    }

    pub(crate) fn after_crash(&mut self, click: Click) {
        if ["/callback", "/sign-in", "/sign-out"].contains(&click.path()) {
            self.signed_in_since = None;
        }
        self.interrupted = Some(click);
    }

    /// Whether the session must still be valid.
    pub(crate) fn stays_signed_in(&self) -> bool {
        self.signed_in_since.is_some_and(|since| since.elapsed() < VISIT)
    }

    fn open(&self, path: &str) -> Click {
        Click::Open(self.browser.address(path))
    }

    pub(crate) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.browser.address("/").origin()
    }

    fn link(&self, rng: &mut Rng) -> Click {
        let leads_on = |url: &Url| {
            let path = url.path();
            // The ledger compares English texts.
            let translates = url.query_pairs().any(|(name, _)| name == "lang");
            self.is_home(url) && !translates && !path.starts_with("/static") && !path.ends_with("/download")
        };
        let mut links: Vec<Url> = self.browser.page.links().into_iter().filter(leads_on).collect();
        if rng.u8(..20) > 0 {
            // Every page has these, and they lead away from it.
            links.retain(|url| !["/", "/sign-out", "/sign-in"].contains(&url.path()));
        }
        self.answer_phone(rng);
        rng.choice(links).map_or_else(|| self.open("/"), Click::Open)
    }

    fn button(&self, rng: &mut Rng) -> Option<Click> {
        let button = rng.choice(self.browser.page.buttons())?;
        let mut form = self.browser.page.form(&button);
        for name in form.fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            match name.as_str() {
                "phone_number" => form.set(&name, NUMBERS[rng.usize(..NUMBERS.len())]),
                "email" => form.set(&name, &format!("private{}@example.org", rng.u8(..3))),
                "code" => form.set(&name, &self.code(rng)),
                _ => {}
            }
        }
        if form.action.path() == "/recovery-code" && rng.u8(..4) > 0 {
            form.set("saved", "yes");
        }
        Some(Click::Send(form))
    }

    /// Mostly the right code.
    fn code(&self, rng: &mut Rng) -> String {
        let right = if rng.u8(..7) > 0 { self.right_code(&self.browser.page) } else { None };
        right.unwrap_or_else(|| format!("{:06}", rng.u32(..1_000_000)))
    }

    fn right_code(&self, page: &Page) -> Option<String> {
        let devices = self.tenant.devices(&self.email);
        let key = page.text_of(".key").replace(' ', "");
        if !key.is_empty() {
            return devices.totp_code_of(&key);
        }
        let path = page.path();
        let sent = |part: &str, heading: &str| path.contains(part) || page.heading() == heading;
        match () {
            () if sent("/sms/", "Check your messages") => devices.last_code(Factor::Sms),
            () if sent("/voice/", "Answer the call") => devices.last_code(Factor::Voice),
            () if sent("/email/", "Check your e-mail") => devices.last_code(Factor::Email),
            () => {
                self.renew_codes();
                let person = self.tenant.person(&self.email)?;
                devices.totp_code_of(person.active(Factor::Totp)?.secret.as_deref()?)
            }
        }
    }

    /// The tenant accepts an app's code once in thirty seconds; this lifts the limit.
    pub(crate) fn renew_codes(&self) {
        self.tenant.clear_limits();
        self.tenant.change_person(&self.email, |person| {
            person.authenticators.iter_mut().for_each(|authenticator| authenticator.last_step = None);
        });
    }

    fn answer_phone(&self, rng: &mut Rng) {
        let devices = self.tenant.devices(&self.email);
        match rng.u8(..8) {
            0..=3 => drop(devices.approve_push()),
            4 => drop(devices.deny_push()),
            _ => {}
        }
    }
}
