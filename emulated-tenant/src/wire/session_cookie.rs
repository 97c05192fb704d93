//! The cookie of a browser that is signed in on the tenant itself.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

const NAME: &str = "emulated_tenant";

/// The session key that the browser sent; the session may be gone.
pub(crate) fn key(jar: &CookieJar) -> Option<String> {
    jar.get(NAME).map(|cookie| cookie.value().to_owned())
}

/// The cookie that carries a session key.
pub(crate) fn cookie(key: String) -> Cookie<'static> {
    Cookie::build((NAME, key)).path("/").http_only(true).same_site(SameSite::Lax).build()
}
