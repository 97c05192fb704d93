//! Light or dark: what an embedding page asks for with `?theme=`, else what the reader's system says.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use time::Duration;
use url::form_urlencoded;

use crate::app::{App, Portal};
use crate::cookies;

/// As long as a page of a portal may stay open.
const REMEMBERED: Duration = Duration::DAY;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// What this address asks for, or one before it in this browser.
    #[must_use]
    pub fn of(portal: &Portal, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        asked(uri).or_else(|| Self::named(jar.get(&name(portal))?.value()))
    }

    /// Its name in addresses and on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// Remembers what an address asked for.
pub async fn remember(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = asked(request.uri());
    let mut response = next.run(request).await;
    if let Some(theme) = asked {
        let cookie = cookies::cookie(&app.config, name(&app), theme.name().to_owned(), REMEMBERED);
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

fn asked(uri: &Uri) -> Option<Theme> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == "theme").and_then(|(_, theme)| Theme::named(&theme))
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, "theme")
}
