//! The names and attributes of our cookies. A deletion needs the same attributes, or a browser ignores it.

use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

use crate::config::Config;

/// The name of our cookie with this role. Under https its prefix makes browsers accept it from this host only (RFC 6265bis
/// §4.1.3.2). Portals on one host differ by a hash of their path. A browser sends a partitioned cookie beside an older one of
/// the same name, so cookies get another name with EMBED_ORIGINS.
pub(crate) fn name(config: &Config, role: &str) -> String {
    let prefix = if config.is_https() { "__Host-" } else { "" };
    let kept_apart = if config.partitions_cookies() { "embed-" } else { "" };
    let suffix = match config.base_path() {
        "" => String::new(),
        path => {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, path.as_bytes());
            digest.as_ref()[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .fold("-".to_owned(), |all, one| all + &one)
        }
    };
    format!("{prefix}mfa-portal-{kept_apart}{role}{suffix}")
}

/// A cookie with our attributes. Lax, because Strict is not sent on the navigation after a callback. With EMBED_ORIGINS it is
/// None and partitioned (CHIPS), so that it works in another site's frame. No check of ours rests on SameSite.
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

/// The cookie's deletion.
pub(crate) fn deletion(config: &Config, name: String) -> Cookie<'static> {
    cookie(config, name, String::new(), Duration::ZERO)
}

/// The name of the session's cookie.
pub(crate) fn session_name(config: &Config) -> String {
    name(config, "session")
}

/// The common beginning of the names of sign-in cookies, one for each sign-in under way.
pub(crate) fn sign_in_prefix(config: &Config) -> String {
    format!("{}.", name(config, "sign-in"))
}

/// Adds the cookie to an answer. A value that no header can hold is left out.
pub(crate) fn append(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
