//! The reader's device: whether an `otpauth:` link opens an app on it.

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, USER_AGENT};

/// User-Agent Client Hints §3.3: a structured boolean, `?1` on phones.
const MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// Browsers by what only their User-Agent holds, the most particular first: Edge says Chrome, and Chrome says Safari.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("GSA/", "Google"),
    ("Safari/", "Safari"),
];

/// The family of the browser, if it is a known one.
pub(crate) fn browser(headers: &HeaderMap) -> Option<&'static str> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    BROWSERS.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, family)| *family)
}

/// The device as far as its browser tells. A wrong guess costs a link; the key to type is always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Device {
    /// A phone, or a tablet that says so.
    pub(crate) is_phone: bool,
    /// Phones and tablets have apps that open `otpauth:` links; on a desktop such a link would be dead.
    pub(crate) opens_otpauth: bool,
    /// Apple's devices open `apple-otpauth:` links in Passwords (Apple, Securing Logins with iCloud Keychain
    /// Verification Codes). Tablets that ask for desktop pages count as these too.
    pub(crate) opens_apple_otpauth: bool,
    /// The name that its owner would give it, where its browser tells.
    pub(crate) called: Option<&'static str>,
}

impl Device {
    /// An iPhone, or an iPad that says so: it has Apple's Passwords.
    pub(crate) fn is_apple_phone(self) -> bool {
        self.is_phone && self.opens_apple_otpauth
    }

    /// Whether apps from the App Store may be for this reader: on a desk, nothing tells which phone they have.
    pub(crate) fn may_use_app_store(self) -> bool {
        !self.is_phone || self.opens_apple_otpauth
    }

    /// The same for Google Play.
    pub(crate) fn may_use_google_play(self) -> bool {
        !self.is_apple_phone()
    }

    /// The device that sent these headers.
    #[must_use]
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = text(USER_AGENT);
        let named = |names: &[&str]| names.iter().any(|name| agent.contains(name));
        let mobile = text(MOBILE) == "?1" || named(&["Mobile", "Android", "iPhone", "iPad"]);
        Self {
            is_phone: mobile,
            opens_otpauth: mobile || !named(&["Windows NT", "Macintosh", "X11", "CrOS"]),
            opens_apple_otpauth: named(&["iPhone", "iPad", "Macintosh"]),
            called: ["iPhone", "iPad"].into_iter().find(|name| agent.contains(name)),
        }
    }
}
