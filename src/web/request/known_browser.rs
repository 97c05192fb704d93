//! A browser in which somebody has signed in before. A sealed cookie tells it from a crowd of strangers that may share
//! its network: it opens nothing, and gives its sign-ins a place of their own in the queue. So little that a copy is worth
//! no more than a place among strangers once it is misused (`mfa::sign_in_limits`), and sign-out need not take it away.

use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::cookies::Role;
use super::frame::hash;
use super::sealed_cookie::SealedCookie;
use crate::portal::Portal;

/// People come here about once a year.
const LASTS: Duration = Duration::days(400);

/// The browser, by a hash of the account that signed in last: one account has one place, in however many browsers.
#[derive(Serialize, Deserialize)]
pub(crate) struct KnownBrowser {
    #[serde(rename = "id")]
    pub(crate) account: String,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    since: OffsetDateTime,
}

impl KnownBrowser {
    /// The browser of this jar, if it is known.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar) -> Option<Self> {
        let found: Option<Self> = sealed(portal).read(jar);
        found.filter(|it| portal.clock.is_within(LASTS, it.since))
    }

    /// Keeps the browser known after a sign-in.
    pub(crate) fn keep(portal: &Portal, jar: CookieJar, sub: &str) -> CookieJar {
        let known = Self { account: hash(sub), since: portal.clock.now() };
        match sealed(portal).holding(&known, LASTS) {
            Some(cookie) => jar.add(cookie),
            None => jar,
        }
    }
}

fn sealed(portal: &Portal) -> SealedCookie<'_> {
    SealedCookie::of_role(portal, Role::KnownBrowser)
}
