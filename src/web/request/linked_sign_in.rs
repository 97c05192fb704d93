//! The sign-in that a link describes: `/?organization=acme&connection=acme-okta&login_hint=pat@acme.example`.
//!
//! A sealed cookie carries it to the page that begins the sign-in, so that no address of ours repeats it. Afterwards it
//! remembers the way of the last sign-in that succeeded, because *sign in again* leads there without a session too.
//! Anybody can make a link, so what one names is given up after ten minutes without such a sign-in.

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
const LINK_LASTS: Duration = Duration::minutes(10);

/// The sign-in that a link describes, or the way that the last one took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LinkedSignIn {
    #[serde(flatten)]
    pub(crate) entrance: Entrance,
    /// The account as the link's author knows it: somebody's address, so it is never logged or shown.
    #[serde(rename = "h")]
    login_hint: Option<Secret>,
    /// Whether somebody's session was open then. Without it the next person to sign in may be another.
    #[serde(rename = "v", default)]
    in_session: bool,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    since: OffsetDateTime,
    /// Whether no sign-in has been begun for it yet.
    #[serde(rename = "n")]
    is_new: bool,
    /// The sign-ins begun for it, none of which has succeeded.
    #[serde(rename = "t", default)]
    tried: u8,
    /// The last sign-in that succeeded.
    #[serde(rename = "l", default)]
    last: Option<LastSignIn>,
}

/// The way that a sign-in has taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LastSignIn {
    #[serde(flatten)]
    entrance: Entrance,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    since: OffsetDateTime,
}

impl LinkedSignIn {
    /// A link that names nothing.
    pub(crate) fn none(portal: &Portal) -> Self {
        let (entrance, since) = (Entrance::default(), portal.clock.now());
        Self { entrance, login_hint: None, in_session: false, since, is_new: false, tried: 0, last: None }
    }

    /// The link that this browser came by, or the way of its last sign-in. Whatever the settings no longer allow is
    /// dropped.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar) -> Self {
        let (clock, config) = (&portal.clock, &portal.config);
        let Some(mut found): Option<Self> = sealed(portal).read(jar) else { return Self::none(portal) };
        found.last = found.last.filter(|last| clock.is_within(LASTS, last.since));
        if !clock.is_within(LINK_LASTS, found.since) {
            found = found.given_up(portal);
        }
        let entrance = &mut found.entrance;
        entrance.organization = entrance.organization.take().filter(|it| config.offers(it));
        entrance.connection = entrance.connection.take().filter(|it| config.connections.contains(it));
        found
    }

    /// The link that names these, followed in a browser that came by this one before. One that names a way in replaces
    /// it as a whole.
    pub(crate) fn followed(self, entrance: Entrance, login_hint: Option<Secret>, portal: &Portal) -> Self {
        let entrance = if entrance == Entrance::default() { self.entrance } else { entrance };
        let since = portal.clock.now();
        Self { entrance, login_hint, in_session: false, since, is_new: true, tried: 0, last: self.last }
    }

    /// The same, followed while this browser has a session.
    pub(crate) fn in_session(self, in_session: bool) -> Self {
        Self { in_session, ..self }
    }

    /// The same once a sign-in has been begun for it.
    pub(crate) fn begun(self, portal: &Portal) -> Self {
        let tried = self.tried.saturating_add(1);
        Self { login_hint: None, since: portal.clock.now(), is_new: false, tried, ..self }
    }

    /// The same once a sign-in has succeeded by this way.
    pub(crate) fn succeeded(self, entrance: Entrance, portal: &Portal) -> Self {
        let last = LastSignIn { entrance: entrance.clone(), since: portal.clock.now() };
        Self { entrance, last: Some(last), tried: 0, ..self.begun(portal) }
    }

    /// Without what the link names: the way of the last sign-in, if there was one.
    pub(crate) fn given_up(self, portal: &Portal) -> Self {
        let entrance = self.last.as_ref().map(|last| last.entrance.clone()).unwrap_or_default();
        Self { entrance, tried: 0, ..self.begun(portal) }
    }

    /// For another account: a second one is not asked for where the link leads, because the first was refused there.
    pub(crate) fn for_another_account(self, portal: &Portal) -> Self {
        if self.tried > 1 { self.given_up(portal) } else { self }
    }

    /// For the next person: the way of the last sign-in counts as a link that may lead nowhere.
    pub(crate) fn signed_out(self, portal: &Portal) -> Self {
        Self { last: None, ..self.given_up(portal) }
    }

    /// Whether the link is for another organization than the one that this person is signed in to.
    pub(crate) fn is_for_another(&self, person: &Person) -> bool {
        self.is_new && self.entrance.leads_away(&person.identity)
    }

    /// The link's account, for a sign-in that begins soon after it was followed, and in the session that was open then.
    pub(crate) fn login_hint(&self, portal: &Portal, person: Option<&Person>) -> Option<&str> {
        let is_due = portal.clock.is_within(LINK_LASTS, self.since) && (!self.in_session || person.is_some());
        let hint = self.login_hint.as_ref().filter(|_| is_due);
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
        let lasts = if self.last.is_some() { LASTS } else { LINK_LASTS };
        let cookie = match self.login_hint {
            None if says_nothing && !self.is_new => None,
            _ => sealed.holding(self, lasts),
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
