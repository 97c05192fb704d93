//! A sign-in under way, kept in the browser that began it: one sealed cookie for each `state`.
//!
//! An anonymous visitor costs no store write, tabs do not overwrite each other, and a `state` works only in the browser
//! that has its cookie.

use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::app::Portal;
use crate::config::Config;
use crate::cookies;
use crate::secret::Secret;

/// How long a sign-in may take. Auth0's own pages give up earlier.
pub(crate) const LIVES: Duration = Duration::minutes(10);
/// As many sign-ins may be under way in one browser; the oldest goes first.
const AT_MOST: usize = 5;
/// What fits into a cookie of 512 bytes beside the rest.
const MAX_NEXT: usize = 150;

/// One sign-in under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    #[serde(rename = "s")]
    pub(crate) state: String,
    #[serde(rename = "n")]
    pub(crate) nonce: String,
    #[serde(rename = "v")]
    pub(crate) verifier: Secret,
    /// Where the person goes afterwards, below the base path.
    #[serde(rename = "t")]
    pub(crate) next: String,
    #[serde(rename = "b", with = "time::serde::timestamp")]
    pub(crate) began: OffsetDateTime,
    /// Whether a new proof of identity was asked for.
    #[serde(rename = "f")]
    pub(crate) fresh: bool,
}

impl Transaction {
    /// Begins a sign-in that leads to `next`.
    pub(crate) fn begin(portal: &Portal, next: Option<&str>, fresh: bool) -> Self {
        Self {
            state: portal.random.id(),
            nonce: portal.random.id(),
            verifier: Secret::from(portal.random.verifier()),
            next: next.filter(|next| is_own_path(next)).unwrap_or("/").to_owned(),
            began: portal.clock.now(),
            fresh,
        }
    }

    /// Adds it to the browser's cookies, in place of the oldest ones where there are too many.
    pub(crate) fn keep(&self, portal: &Portal, mut jar: CookieJar) -> CookieJar {
        let mut others: Vec<(OffsetDateTime, String)> = jar
            .iter()
            .filter(|cookie| cookie.name().starts_with(&prefix(&portal.config)))
            .map(|cookie| {
                let began = open(portal, cookie.name(), cookie.value()).map(|it| it.began);
                (began.unwrap_or(OffsetDateTime::UNIX_EPOCH), cookie.name().to_owned())
            })
            .collect();
        others.sort();
        let too_many = (others.len() + 1).saturating_sub(AT_MOST);
        for (_, name) in others.into_iter().take(too_many) {
            jar = jar.add(cookies::deletion(&portal.config, name));
        }
        let name = self.cookie_name(portal);
        match self.seal(portal, &name) {
            Some(value) => jar.add(cookies::cookie(&portal.config, name, value, LIVES)),
            None => jar,
        }
    }

    /// The sign-in with this `state`, if this browser began it a short while ago.
    pub(crate) fn find(portal: &Portal, jar: &CookieJar, state: &str) -> Option<Self> {
        let name = cookie_name(portal, state)?;
        let found = open(portal, &name, jar.get(&name)?.value())?;
        let young = portal.clock.is_within(LIVES, found.began);
        (found.state == state && young).then_some(found)
    }

    /// Takes it out of the browser's cookies.
    pub(crate) fn forget(&self, portal: &Portal, jar: CookieJar) -> CookieJar {
        jar.add(cookies::deletion(&portal.config, self.cookie_name(portal)))
    }

    fn cookie_name(&self, portal: &Portal) -> String {
        cookie_name(portal, &self.state).unwrap_or_else(|| prefix(&portal.config))
    }

    fn seal(&self, portal: &Portal, name: &str) -> Option<String> {
        let plain = serde_json::to_vec(self).ok()?;
        portal.keys.seal(&portal.random, name.as_bytes(), plain).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }
}

/// What the names of all these cookies begin with.
pub(crate) fn prefix(config: &Config) -> String {
    format!("{}.", cookies::name(config, "sign-in"))
}

fn cookie_name(portal: &Portal, state: &str) -> Option<String> {
    state.get(..8).map(|beginning| format!("{}{beginning}", prefix(&portal.config)))
}

fn open(portal: &Portal, name: &str, value: &str) -> Option<Transaction> {
    let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
    serde_json::from_slice(&portal.keys.open(name.as_bytes(), &sealed)?).ok()
}

/// Only a path of ours, in characters that no browser reads in another way: `//host` and `/\host` lead elsewhere.
pub(crate) fn is_own_path(next: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/?=&%._~:|+-".contains(c);
    next.len() <= MAX_NEXT && next.starts_with('/') && !next.starts_with("//") && next.chars().all(plain)
}
