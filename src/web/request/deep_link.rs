//! A deep link: `/?return_to=https://portal.example.com/account&action=add:totp` says what the person came to do and
//! where they go back to. A sealed cookie remembers it for the visit, through sign-ins too.
//!
//! A visit with an `action` is led back when the action has ended, with `status` and `factor` in the address. The Back
//! link, which is on every page, carries the address as it was given.

mod action;
mod outcome;
mod return_address;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub(crate) use self::action::Action;
pub(crate) use self::outcome::{Outcome, Status};
pub(crate) use self::return_address::{Refused, ReturnAddress};
use super::cookies::Role;
use super::paths::{Paths, query_value};
use super::sealed_cookie::SealedCookie;
use crate::config::Config;
use crate::mfa::Person;
use crate::portal::Portal;

/// A visit lasts ten minutes and may be continued; a later one is new.
const LASTS: Duration = Duration::HOUR;

/// The link's requests, as far as they are still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeepLink {
    #[serde(rename = "b")]
    pub(crate) back: Option<ReturnAddress>,
    #[serde(rename = "a")]
    pub(crate) action: Option<Action>,
    /// The outcome of a step, while another step is left before the person goes back.
    #[serde(rename = "o")]
    pub(crate) outcome: Option<Outcome>,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    pub(crate) since: OffsetDateTime,
    /// A hash of the person who signed in for it, or in whose session it was opened.
    #[serde(rename = "w", default)]
    pub(crate) whose: Option<String>,
    /// A frame has a deep link of its own, because a window of the same browser may be here for another one.
    #[serde(skip)]
    pub(crate) framed: bool,
}

impl DeepLink {
    /// A visit without a deep link.
    pub(crate) fn none(portal: &Portal) -> Self {
        Self {
            back: None,
            action: None,
            outcome: None,
            since: portal.clock.now(),
            whose: None,
            framed: false,
        }
    }

    /// The deep link that this browser remembers. An address that RETURN_ORIGINS no longer allows is dropped.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar, framed: bool) -> Self {
        let young = |it: &Self| portal.clock.now() - it.since < LASTS;
        let found = sealed(portal, framed).read(jar).filter(young);
        let mut found = found.unwrap_or_else(|| Self::none(portal));
        found.back = found.back.filter(|back| back.is_of(&portal.config.return_origins));
        Self { framed, ..found }
    }

    /// The address as a parameter of one of ours, which takes it out of a frame.
    pub(crate) fn parameter(&self) -> Option<String> {
        Some(format!("return_to={}", query_value(self.back.as_ref()?.as_str())))
    }

    /// A page's own way back: out of an `action` visit, else to the list. With frames the list is told that it was taken.
    pub(crate) fn way_back(&self, paths: &Paths, config: &Config) -> String {
        match (&self.back, self.action) {
            (Some(_), Some(action)) if action != Action::List => paths.leave(),
            (_, None) if config.is_embedded() => paths.leave(),
            _ => paths.list(),
        }
    }

    /// The same, opened within this person's session.
    pub(crate) fn opened_by(self, sub: &str) -> Self {
        Self { whose: self.whose.or_else(|| Some(name_of(sub))), ..self }
    }

    /// Belongs to this person from now on. When it was another's, the way back to the site alone is left.
    pub(crate) fn belong_to(&self, portal: &Portal, jar: CookieJar, sub: &str) -> CookieJar {
        let whose = name_of(sub);
        match (&self.back, &self.whose) {
            (None, _) => jar,
            (Some(_), Some(before)) if *before != whose => self.sign_out(portal, jar),
            _ => jar.add(Self { whose: Some(whose), ..self.clone() }.cookie(portal)),
        }
    }

    /// The same as this visitor may see it: of a person's link only they see more than the way back to its site, and one
    /// that is nobody's is theirs.
    pub(crate) fn seen_by(&self, person: Option<&Person>) -> Cow<'_, Self> {
        if self.back.is_none() {
            return Cow::Borrowed(self);
        }
        let sub = person.map(|person| person.identity.sub.as_str());
        match (&self.whose, sub) {
            (None, Some(sub)) => Cow::Owned(self.clone().opened_by(sub)),
            (Some(whose), sub) if sub.is_none_or(|sub| name_of(sub) != *whose) => {
                Cow::Owned(self.site_alone())
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// Keeps the way back to the site alone, because the next person here came from another page of it.
    pub(crate) fn sign_out(&self, portal: &Portal, jar: CookieJar) -> CookieJar {
        if self.back.is_some() { jar.add(self.site_alone().cookie(portal)) } else { jar }
    }

    /// The way back to the site, for whoever comes next.
    pub(crate) fn site_alone(&self) -> Self {
        let back = self.back.as_ref().map(ReturnAddress::site);
        Self { back, whose: None, ..self.without_action() }
    }

    pub(crate) fn without_action(&self) -> Self {
        Self { action: None, outcome: None, ..self.clone() }
    }

    /// The cookie that remembers it, or the deletion of an earlier one.
    pub(crate) fn cookie(&self, portal: &Portal) -> Cookie<'static> {
        let sealed = sealed(portal, self.framed);
        let left = self.since + LASTS - portal.clock.now();
        let holding = self.back.as_ref().and_then(|_| sealed.holding(self, left));
        holding.unwrap_or_else(|| sealed.deletion())
    }
}

/// On a request with nobody's deep link: where a page of a person's session notes that it is theirs.
#[derive(Clone, Default)]
pub(crate) struct Claim(Arc<OnceLock<String>>);

impl Claim {
    /// Notes that a page of this person's session shows it.
    pub(crate) fn note(&self, sub: &str) {
        self.0.get_or_init(|| sub.to_owned());
    }

    /// The person whose session showed it, if any did.
    pub(crate) fn noted(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

/// A hash of the person.
fn name_of(sub: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, sub.as_bytes()).as_ref()[..16])
}

fn sealed(portal: &Portal, framed: bool) -> SealedCookie<'_> {
    SealedCookie::of_role(portal, if framed { Role::FramedDeepLink } else { Role::DeepLink })
}
