//! The mark of a sign-out. The page after it can be opened by anybody at any time, and says so only where it is true.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use time::Duration;

use super::cookies::{self, Role};
use crate::config::Config;

/// As long as the way through the tenant and back may take.
const LASTS: Duration = Duration::minutes(10);

/// Marks this browser as signed out.
pub(crate) fn mark(config: &Config) -> Cookie<'static> {
    cookies::cookie(config, cookies::name(config, Role::SignedOut), "1".to_owned(), LASTS)
}

/// Whether a sign-out has just happened in this browser.
pub(crate) fn is_marked(config: &Config, jar: &CookieJar) -> bool {
    jar.get(&cookies::name(config, Role::SignedOut)).is_some()
}
