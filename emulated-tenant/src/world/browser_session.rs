//! Browsers that are signed in on the tenant itself; Auth0 calls this the SSO session.

use time::{Duration, OffsetDateTime};

use crate::world::World;

/// Auth0's default inactivity timeout.
const LIFETIME: Duration = Duration::days(3);

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    pub(crate) sub: String,
    /// The `sid` claim of ID tokens, which is not the cookie's value.
    pub(crate) sid: String,
    pub(crate) authenticated_at: OffsetDateTime,
    /// Whether a challenge was passed in this session.
    pub(crate) challenged: bool,
}

impl World {
    /// The session with this cookie value, unless it has expired.
    pub(crate) fn session(&self, key: Option<&str>) -> Option<&BrowserSession> {
        let session = self.sessions.get(key?)?;
        let alive = self.now() - session.authenticated_at < LIFETIME;
        (alive && self.person(&session.sub).is_some()).then_some(session)
    }
}
