//! Browsers that are signed in on the tenant itself (Auth0 calls this the SSO session).

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::{Duration, OffsetDateTime};

use crate::world::World;

const COOKIE: &str = "emulated_tenant";
/// Auth0's default inactivity timeout.
const LIFETIME: Duration = Duration::days(3);

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    pub(crate) sub: String,
    /// The `sid` of ID tokens, which is not the cookie's value.
    pub(crate) sid: String,
    pub(crate) authenticated_at: OffsetDateTime,
    /// Whether a challenge was passed in this session.
    pub(crate) challenged: bool,
}

/// The key of the browser's session, whether or not there is one.
pub(crate) fn key(jar: &CookieJar) -> Option<String> {
    jar.get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// The cookie that carries a session's key.
pub(crate) fn cookie(key: String) -> Cookie<'static> {
    Cookie::build((COOKIE, key)).path("/").http_only(true).same_site(SameSite::Lax).build()
}

impl World {
    /// The session of a browser, unless it is too old.
    pub(crate) fn session(&self, jar: &CookieJar) -> Option<&BrowserSession> {
        let session = self.sessions.get(&key(jar)?)?;
        (self.now() - session.authenticated_at < LIFETIME && self.person(&session.sub).is_some())
            .then_some(session)
    }
}
