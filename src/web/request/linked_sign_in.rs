//! The sign-in that a link describes: `/?organization=acme&connection=acme-okta&login_hint=pat@acme.example`.
//!
//! A sealed cookie carries it to the page that begins the sign-in, so that no address of ours repeats it. Afterwards it
//! remembers the way that the person came in by, because *sign in again* leads there without a session too.

use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::cookies::Role;
use super::paths::query_value;
use super::sealed_cookie::SealedCookie;
use crate::config::Config;
use crate::mfa::Person;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::tenant::Entrance;

/// A page may stay open over a working day before somebody signs in again on it.
const LASTS: Duration = Duration::DAY;
/// As long as a sign-in may take.
const HINT_LASTS: Duration = Duration::minutes(10);

/// The sign-in that a link describes, or the way that the last one took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LinkedSignIn {
    #[serde(flatten)]
    pub(crate) entrance: Entrance,
    /// The account as the link's author knows it: somebody's address, so it is never logged or shown.
    #[serde(rename = "h")]
    login_hint: Option<Secret>,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    since: OffsetDateTime,
    /// Whether no sign-in has been begun for it yet.
    #[serde(rename = "n")]
    is_new: bool,
}

impl LinkedSignIn {
    /// A link that names nothing.
    pub(crate) fn none(portal: &Portal) -> Self {
        Self::by(Entrance::default(), portal)
    }

    /// The way that a sign-in takes or has taken.
    pub(crate) fn by(entrance: Entrance, portal: &Portal) -> Self {
        Self { entrance, login_hint: None, since: portal.clock.now(), is_new: false }
    }

    /// The link that this browser came by. Whatever the settings no longer allow is dropped.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar) -> Self {
        let young = |it: &Self| portal.clock.is_within(LASTS, it.since);
        let found: Option<Self> = sealed(portal).read(jar).filter(young);
        let mut found = found.unwrap_or_else(|| Self::none(portal));
        let config = &portal.config;
        let entrance = &mut found.entrance;
        entrance.organization = entrance.organization.take().filter(|it| config.offers(it));
        entrance.connection = entrance.connection.take().filter(|it| config.connections.contains(it));
        found
    }

    /// The link that names these, followed in a browser that came by this one before. One that names a way in replaces
    /// it as a whole.
    pub(crate) fn followed(self, entrance: Entrance, login_hint: Option<Secret>, portal: &Portal) -> Self {
        let before = if entrance == Entrance::default() { self.entrance } else { entrance };
        Self { login_hint, is_new: true, ..Self::by(before, portal) }
    }

    /// Whether the link is for another organization than the one that this person is signed in to.
    pub(crate) fn is_for_another(&self, person: &Person) -> bool {
        let wanted = self.entrance.organization.as_ref().filter(|_| self.is_new);
        wanted.is_some_and(|organization| !organization.is_of(&person.identity))
    }

    /// The link's account, for a sign-in that begins soon after it was followed.
    pub(crate) fn login_hint(&self, portal: &Portal) -> Option<&str> {
        let hint = self.login_hint.as_ref().filter(|_| portal.clock.is_within(HINT_LASTS, self.since));
        hint.map(Secret::expose)
    }

    /// The way in as parameters of an address of ours, which takes them out of a frame. The account is left out.
    pub(crate) fn parameters(entrance: &Entrance, config: &Config) -> String {
        let listed = entrance.organization.as_ref().filter(|it| config.offers(it));
        let organization = listed.map(|it| format!("&organization={}", query_value(it.as_str())));
        let connection = entrance.connection.as_ref();
        let connection = connection.map(|it| format!("&connection={}", query_value(it)));
        [organization, connection].into_iter().flatten().collect()
    }

    /// Adds it to the browser's cookies, unless there is nothing to remember.
    pub(crate) fn keep(&self, portal: &Portal, jar: CookieJar) -> CookieJar {
        let sealed = sealed(portal);
        let says_nothing = self.entrance == Entrance::default() || self.entrance == portal.config.entrance();
        let cookie = match self.login_hint {
            None if says_nothing && !self.is_new => None,
            _ => sealed.holding(self, LASTS),
        };
        match cookie {
            Some(cookie) => jar.add(cookie),
            None if sealed.is_in(&jar) => jar.add(sealed.deletion()),
            None => jar,
        }
    }
}

fn sealed(portal: &Portal) -> SealedCookie<'_> {
    SealedCookie::of_role(portal, Role::LinkedSignIn)
}
