//! A sign-in under way, kept in the browser that began it: one sealed cookie for each `state`.
//!
//! So an anonymous visitor costs no store write, tabs do not overwrite each other, and a `state` works only in the
//! browser that has its cookie.

use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::mfa::Person;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::tenant::Entrance;
use crate::web::request::address::is_own_path;
use crate::web::request::cookies;
use crate::web::request::frame::hash;
use crate::web::request::sealed_cookie::SealedCookie;

/// How long a sign-in may take. Auth0's own pages give up earlier.
pub(super) const LASTS: Duration = Duration::minutes(10);
/// The most sign-ins under way in one browser; a new one replaces the oldest.
const AT_MOST: usize = 5;

/// One sign-in under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    #[serde(rename = "s")]
    pub(crate) state: String,
    #[serde(rename = "n")]
    pub(crate) nonce: String,
    #[serde(rename = "v")]
    pub(crate) verifier: Secret,
    /// The page after sign-in, below the path of APP_BASE_URL.
    #[serde(rename = "t")]
    pub(crate) next: String,
    #[serde(rename = "b", with = "time::serde::timestamp::milliseconds")]
    pub(crate) began: OffsetDateTime,
    /// Whether a new proof of identity is needed.
    #[serde(rename = "f")]
    pub(crate) fresh: bool,
    /// The way into the tenant.
    #[serde(flatten)]
    pub(crate) entrance: Entrance,
    /// The hash of the `sub` that steps up.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
}

impl Transaction {
    /// Begins a sign-in that leads to `next`, or the step-up of `person`.
    pub(crate) fn begin(portal: &Portal, next: Option<&str>, fresh: bool, person: Option<&Person>) -> Self {
        Self {
            state: portal.random.id(),
            nonce: portal.random.id(),
            verifier: Secret::from(portal.random.verifier()),
            next: next.filter(|next| is_own_path(next)).unwrap_or("/").to_owned(),
            began: portal.clock.now(),
            fresh,
            entrance: Entrance::default(),
            person: person.filter(|_| fresh).map(|person| hash(&person.identity.sub)),
        }
    }

    /// The same by this way into the tenant.
    pub(crate) fn by(self, entrance: Entrance) -> Self {
        Self { entrance, ..self }
    }

    /// Whether this person may complete it: only the one that it began with may complete a step-up, even if that
    /// session has ended meanwhile.
    pub(crate) fn is_for(&self, person: &Person) -> bool {
        self.person.as_ref().is_none_or(|sub| *sub == hash(&person.identity.sub))
    }

    /// Adds it to the browser's cookies, in place of the oldest ones when there are too many. Cookies that are no
    /// sign-ins of ours count as the oldest.
    pub(crate) fn keep(&self, portal: &Portal, mut jar: CookieJar) -> CookieJar {
        let prefix = cookies::sign_in_prefix(&portal.config);
        let mut others: Vec<(OffsetDateTime, String)> = jar
            .iter()
            .map(|cookie| cookie.name().to_owned())
            .filter(|name| name.starts_with(&prefix))
            .map(|name| (Self::read(portal, &jar, &name).map(|it| it.began), name))
            .map(|(began, name)| (began.unwrap_or(OffsetDateTime::UNIX_EPOCH), name))
            .collect();
        others.sort();
        let too_many = (others.len() + 1).saturating_sub(AT_MOST);
        for (_, name) in others.into_iter().take(too_many.min(cookies::MOST_DELETIONS)) {
            jar = jar.add(SealedCookie::named(portal, name).deletion());
        }
        match self.cookie(portal).holding(self, LASTS) {
            Some(cookie) => jar.add(cookie),
            None => jar,
        }
    }

    /// The sign-in with this `state`, if this browser began it within its time.
    pub(crate) fn find(portal: &Portal, jar: &CookieJar, state: &str) -> Option<Self> {
        let found = Self::read(portal, jar, &cookies::sign_in_name(&portal.config, state)?)?;
        let young = portal.clock.is_within(LASTS, found.began);
        (found.state == state && young).then_some(found)
    }

    /// Removes it from the browser's cookies.
    pub(crate) fn forget(&self, portal: &Portal, jar: CookieJar) -> CookieJar {
        jar.add(self.cookie(portal).deletion())
    }

    fn read(portal: &Portal, jar: &CookieJar, name: &str) -> Option<Self> {
        SealedCookie::named(portal, name.to_owned()).read(jar)
    }

    fn cookie<'a>(&self, portal: &'a Portal) -> SealedCookie<'a> {
        let name = cookies::sign_in_name(&portal.config, &self.state);
        SealedCookie::named(portal, name.unwrap_or_else(|| cookies::sign_in_prefix(&portal.config)))
    }
}
