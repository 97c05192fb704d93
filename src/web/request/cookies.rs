//! The names and attributes of our cookies. A deletion needs the same attributes, or a browser ignores it.

use axum::http::Extensions;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

use crate::config::Config;

/// Declares the roles of our cookies. A cookie reaches the pages only if its role is listed, because [`OwnNames`] drops
/// others.
macro_rules! roles {
    ($($role:ident = $word:literal,)*) => {
        /// The role of a cookie of ours.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Role { $($role,)* }

        impl Role {
            const ALL: &'static [Self] = &[$(Self::$role,)*];

            /// Its word in the cookie's name.
            fn word(self) -> &'static str {
                match self { $(Self::$role => $word,)* }
            }
        }
    };
}

roles! {
    Session = "session",
    SignIn = "sign-in",
    ChosenLanguage = "language",
    ProfileLanguage = "locale",
    Theme = "theme",
    Background = "background",
    Frame = "frame",
    FormDraft = "draft",
    DeepLink = "deep-link",
    FramedDeepLink = "framed-deep-link",
    LinkedSignIn = "linked-sign-in",
    KnownBrowser = "known-browser",
    SignedOut = "signed-out",
}

/// The characters of a `state` in the name of its sign-in's cookie.
const STATE_IN_NAME: usize = 8;

/// The name of our cookie with this role. Under https its prefix makes browsers accept it from this host only (RFC
/// 6265bis §4.1.3.2). Portals on one host differ by a hash of their path. A browser sends a partitioned cookie beside
/// an older one of the same name, so cookies get another name with EMBED_ORIGINS.
pub(crate) fn name(config: &Config, role: Role) -> String {
    let prefix = if config.is_https() { "__Host-" } else { "" };
    let kept_apart = if config.partitions_cookies() { "embed-" } else { "" };
    format!("{prefix}mfa-portal-{kept_apart}{}{}", role.word(), config.cookie_suffix)
}

/// A cookie with our attributes. Lax, because Strict is not sent on the navigation after a callback. With EMBED_ORIGINS
/// it is None and partitioned (CHIPS), so that it works in another site's frame. No check of ours rests on SameSite.
pub(crate) fn cookie(config: &Config, name: String, value: String, lasts: Duration) -> Cookie<'static> {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .build();
    if config.partitions_cookies() {
        cookie.set_same_site(SameSite::None);
        cookie.set_partitioned(true);
    }
    cookie
}

/// The most deletions in one answer (`layers::own_cookies`).
pub(crate) const MOST_DELETIONS: usize = 5;

/// The cookie's deletion.
pub(crate) fn deletion(config: &Config, name: String) -> Cookie<'static> {
    cookie(config, name, String::new(), Duration::ZERO)
}

/// The name of the session's cookie.
pub(crate) fn session_name(config: &Config) -> String {
    name(config, Role::Session)
}

/// The common beginning of the names of sign-in cookies, one for each sign-in under way.
pub(crate) fn sign_in_prefix(config: &Config) -> String {
    format!("{}.", name(config, Role::SignIn))
}

/// The name of the cookie of the sign-in with this `state`; `None` for a state that is too short to be ours.
pub(crate) fn sign_in_name(config: &Config, state: &str) -> Option<String> {
    state.get(..STATE_IN_NAME).map(|beginning| format!("{}{beginning}", sign_in_prefix(config)))
}

/// Adds the cookie to an answer. A value that no header can hold is left out.
pub(crate) fn append(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The request's cookies, parsed once by the outermost layer.
pub(crate) fn jar(extensions: &Extensions) -> CookieJar {
    extensions.get().cloned().unwrap_or_default()
}

/// The names of all our cookies.
pub struct OwnNames {
    fixed: Vec<String>,
    sign_in_prefix: String,
    /// Whether pages of other hosts may frame ours, with our cookies.
    pub(crate) may_be_framed: bool,
}

impl OwnNames {
    /// The names that the cookies have with these settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let fixed = Role::ALL.iter().filter(|role| **role != Role::SignIn);
        Self {
            fixed: fixed.map(|role| name(config, *role)).collect(),
            sign_in_prefix: sign_in_prefix(config),
            may_be_framed: config.is_embedded(),
        }
    }

    /// The name as text if it is ours, byte for byte.
    pub(crate) fn own<'a>(&self, name: &'a [u8]) -> Option<&'a str> {
        let name = std::str::from_utf8(name).ok()?;
        (self.fixed.iter().any(|own| own == name) || self.is_of_sign_in(name)).then_some(name)
    }

    /// A state is base64url ([`crate::random::Random::id`]).
    pub(crate) fn is_of_sign_in(&self, name: &str) -> bool {
        name.strip_prefix(&self.sign_in_prefix).is_some_and(|state| {
            state.len() == STATE_IN_NAME
                && state.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
    }
}
