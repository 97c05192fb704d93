//! What kind of device reads the page: whether an `otpauth:` link leads anywhere on it.

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, USER_AGENT};

/// User-Agent Client Hints §3.3: a structured boolean, `?1` on phones.
const MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// The reader's device, as far as its browser tells. A wrong guess costs a link; the key to type is always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Not known for a desktop, on which an `otpauth:` link would be dead: phones and tablets have apps that open it.
    pub opens_otpauth: bool,
    /// Made by Apple, where `apple-otpauth:` opens Passwords (Apple, Securing Logins with iCloud Keychain Verification
    /// Codes). Tablets that ask for desktop pages are among these too.
    pub opens_apple_otpauth: bool,
}

impl Device {
    /// What the headers tell.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = text(USER_AGENT);
        let named = |names: &[&str]| names.iter().any(|name| agent.contains(name));
        let mobile = text(MOBILE) == "?1" || named(&["Mobile", "Android", "iPhone", "iPad"]);
        Self {
            opens_otpauth: mobile || !named(&["Windows NT", "Macintosh", "X11", "CrOS"]),
            opens_apple_otpauth: named(&["iPhone", "iPad", "Macintosh"]),
        }
    }
}
