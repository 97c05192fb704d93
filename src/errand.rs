//! What the person was sent here for, and where they go back to: a link such as
//! `/?return_to=https://portal.example.com/account&action=add:totp` says both, and a sealed cookie remembers them for the
//! visit, through sign-ins too.
//!
//! Whoever came with an `action` is led back when it has come to its end, with `status` and `factor` in the address. The
//! Back link, which is on every page, carries the address as it was given.

mod action;
mod address;
mod arrival;
mod ending;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use self::action::Action;
pub use self::address::ReturnAddress;
pub use self::arrival::{may_be_compressed, remember};
pub(crate) use self::ending::router;
pub use self::ending::{Onwards, Outcome, Status};
use crate::app::Portal;
use crate::cookies;

/// A visit lasts ten minutes and may be continued; who comes later than this has come anew.
const LIVES: Duration = Duration::HOUR;

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    #[serde(rename = "b")]
    back: Option<ReturnAddress>,
    #[serde(rename = "a")]
    action: Option<Action>,
    /// What came of it, where something is left to do before the person goes back.
    #[serde(rename = "o")]
    outcome: Option<Outcome>,
    #[serde(rename = "s", with = "time::serde::timestamp")]
    since: OffsetDateTime,
    /// A frame has an errand of its own, for a window of the same browser may be here for another one.
    #[serde(skip)]
    framed: bool,
}

impl Errand {
    /// Somebody who came by themselves.
    pub(crate) fn none(portal: &Portal) -> Self {
        Self { back: None, action: None, outcome: None, since: portal.clock.now(), framed: false }
    }

    /// What this browser remembers. What RETURN_ORIGINS holds no more is forgotten.
    fn read(portal: &Portal, jar: &CookieJar, framed: bool) -> Self {
        let name = name(portal, framed);
        let open = || -> Option<Self> {
            let sealed = URL_SAFE_NO_PAD.decode(jar.get(&name)?.value()).ok()?;
            serde_json::from_slice(&portal.keys.open(name.as_bytes(), &sealed)?).ok()
        };
        let young = |errand: &Self| portal.clock.now() - errand.since < LIVES;
        let mut errand = open().filter(young).unwrap_or_else(|| Self::none(portal));
        errand.back = errand.back.filter(|back| back.is_of(&portal.config.return_origins));
        Self { framed, ..errand }
    }

    /// Where the Back link leads.
    #[must_use]
    pub fn back(&self) -> Option<&ReturnAddress> {
        self.back.as_ref()
    }

    /// The address as a parameter of one of ours, which takes it out of a frame.
    #[must_use]
    pub fn parameter(&self) -> Option<String> {
        let address: String =
            url::form_urlencoded::byte_serialize(self.back()?.as_str().as_bytes()).collect();
        Some(format!("return_to={address}"))
    }

    /// Where a page's own way back leads, below the base path: out of an `action` visit, else to the list.
    #[must_use]
    pub fn way_back(&self) -> &'static str {
        match (&self.back, self.action) {
            (Some(_), Some(action)) if action != Action::List => "/leave",
            _ => "/",
        }
    }

    /// Forgets what was to be done, and not where to go back to.
    pub fn drop_action(&self, portal: &Portal, jar: CookieJar) -> CookieJar {
        if self.action.is_some() { jar.add(self.without_action().cookie(portal)) } else { jar }
    }

    fn without_action(&self) -> Self {
        Self { action: None, outcome: None, ..self.clone() }
    }

    /// The cookie that remembers it, or that forgets what was remembered.
    #[must_use]
    pub fn cookie(&self, portal: &Portal) -> Cookie<'static> {
        let name = name(portal, self.framed);
        let sealed = || {
            let plain = serde_json::to_vec(self).ok().filter(|_| self.back.is_some())?;
            portal.keys.seal(&portal.random, name.as_bytes(), plain)
        };
        match sealed() {
            Some(sealed) => {
                let value = URL_SAFE_NO_PAD.encode(sealed);
                cookies::cookie(&portal.config, name, value, self.since + LIVES - portal.clock.now())
            }
            None => cookies::deletion(&portal.config, name),
        }
    }
}

fn name(portal: &Portal, framed: bool) -> String {
    cookies::name(&portal.config, if framed { "framed-errand" } else { "errand" })
}
