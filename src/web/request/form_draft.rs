//! The form fields that are no secret, kept while the person signs in again: sealed in a cookie of their own browser, so that
//! they stand in no address and cost no store write.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::cookies::Role;
use super::sealed_cookie::SealedCookie;
use crate::portal::Portal;

/// As long as a sign-in may take.
const LASTS: Duration = Duration::minutes(10);
/// A cookie holds 4 KB. Longer text is no phone number and no e-mail address.
const MAX_TYPED: usize = 300;

/// The fields worth keeping, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FormDraft {
    pub(crate) phone_number: String,
    pub(crate) country: String,
    pub(crate) email: String,
}

impl FormDraft {
    /// The draft that this browser keeps, or an empty one.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar) -> Self {
        sealed(portal).read(jar).unwrap_or_default()
    }

    /// The cookie that keeps this draft, unless it is empty or too long.
    pub(crate) fn cookie(&self, portal: &Portal) -> Option<Cookie<'static>> {
        let long = [&self.phone_number, &self.country, &self.email].iter().any(|text| text.len() > MAX_TYPED);
        if long || *self == Self::default() { None } else { sealed(portal).holding(self, LASTS) }
    }

    /// The deletion of this browser's draft, if it has one.
    pub(crate) fn deletion(portal: &Portal, jar: &CookieJar) -> Option<Cookie<'static>> {
        let sealed = sealed(portal);
        sealed.is_in(jar).then(|| sealed.deletion())
    }
}

fn sealed(portal: &Portal) -> SealedCookie<'_> {
    SealedCookie::of_role(portal, Role::FormDraft)
}
