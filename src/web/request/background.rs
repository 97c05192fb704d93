//! The ground of a page in a frame: its own, or that of the page around it, which asks with `?background=transparent`.

use axum::http::Uri;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use time::Duration;
use url::form_urlencoded;

use super::cookies::{self, Role};
use crate::portal::Portal;

/// As long as an embedding page may stay open.
const REMEMBERED_FOR: Duration = Duration::DAY;

/// The ground that an embedding page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Background {
    Transparent,
    Opaque,
}

impl Background {
    /// The ground that this address asks for, or an earlier one in this browser.
    pub(crate) fn of(portal: &Portal, uri: &Uri, jar: &CookieJar) -> Option<Self> {
        asked(uri).or_else(|| Self::named(jar.get(&name(portal))?.value()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Transparent => "transparent",
            Self::Opaque => "opaque",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Transparent, Self::Opaque].into_iter().find(|background| background.name() == name)
    }
}

/// The cookie that remembers this ground.
pub(crate) fn cookie(portal: &Portal, background: Background) -> Cookie<'static> {
    cookies::cookie(&portal.config, name(portal), background.name().to_owned(), REMEMBERED_FOR)
}

/// The ground that an address asks for.
pub(crate) fn asked(uri: &Uri) -> Option<Background> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == "background").and_then(|(_, background)| Background::named(&background))
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, Role::Background)
}
