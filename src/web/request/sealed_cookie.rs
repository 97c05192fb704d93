//! A cookie whose value only we can read and make: sealed under its own name, so that one cannot stand in for another.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::Duration;

use super::cookies::{self, Role};
use crate::portal::Portal;

/// A sealed cookie by its name.
pub(crate) struct SealedCookie<'a> {
    portal: &'a Portal,
    name: String,
}

impl<'a> SealedCookie<'a> {
    /// The cookie with this role; [`cookies::name`] makes its name.
    pub(crate) fn of_role(portal: &'a Portal, role: Role) -> Self {
        Self { portal, name: cookies::name(&portal.config, role) }
    }

    /// The cookie with exactly this name.
    pub(crate) fn named(portal: &'a Portal, name: String) -> Self {
        Self { portal, name }
    }

    /// The value in the jar, if it is there and ours.
    pub(crate) fn read<T: DeserializeOwned>(&self, jar: &CookieJar) -> Option<T> {
        self.portal.open(&self.name, jar.get(&self.name)?.value())
    }

    /// The cookie with this value, for `lasts`.
    pub(crate) fn holding(&self, value: &impl Serialize, lasts: Duration) -> Option<Cookie<'static>> {
        let sealed = self.portal.seal(&self.name, value)?;
        Some(cookies::cookie(&self.portal.config, self.name.clone(), sealed, lasts))
    }

    /// The cookie's deletion.
    pub(crate) fn deletion(&self) -> Cookie<'static> {
        cookies::deletion(&self.portal.config, self.name.clone())
    }

    /// Whether the jar has a cookie of this name, ours or not.
    pub(crate) fn is_in(&self, jar: &CookieJar) -> bool {
        jar.get(&self.name).is_some()
    }
}
