//! Light or dark: an embedding page asks for it with `?theme=`; otherwise the reader's system decides.

use axum::http::Uri;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use time::Duration;
use url::form_urlencoded;

use super::cookies::{self, Role};
use crate::portal::Portal;

/// As long as an embedding page may stay open.
const REMEMBERED_FOR: Duration = Duration::DAY;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// The theme that this address asks for, or an earlier one in this browser.
    pub(crate) fn of(portal: &Portal, uri: &Uri, jar: &CookieJar) -> Option<Self> {
        asked(uri).or_else(|| Self::named(jar.get(&name(portal))?.value()))
    }

    /// Its name in addresses and on pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// The cookie that remembers this theme.
pub(crate) fn cookie(portal: &Portal, theme: Theme) -> Cookie<'static> {
    cookies::cookie(&portal.config, name(portal), theme.name().to_owned(), REMEMBERED_FOR)
}

/// The theme that an address asks for.
pub(crate) fn asked(uri: &Uri) -> Option<Theme> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == "theme").and_then(|(_, theme)| Theme::named(&theme))
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, Role::Theme)
}
