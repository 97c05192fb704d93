//! The form fields that are no secret, kept while the person signs in again: sealed in a cookie of their own browser,
//! so that they stand in no address and cost no store write.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::cookies::Role;
use super::sealed_cookie::SealedCookie;
use crate::mfa::Person;
use crate::portal::Portal;
use crate::secret::Secret;

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
    pub(crate) name: Option<String>,
}

/// The field of a submitted form that tells whose it is.
#[derive(Deserialize)]
struct Signed {
    csrf_token: Secret,
}

/// A draft, and its form's token.
#[derive(Serialize, Deserialize)]
struct Kept {
    token: Secret,
    draft: FormDraft,
}

impl FormDraft {
    /// The draft that this browser keeps, if this person typed it, or an empty one.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar, person: &Person) -> Self {
        let Some(Kept { token, draft }) = sealed(portal).read(jar) else { return Self::default() };
        if portal.store.is_token_of(&token, &person.identity.sub) { draft } else { Self::default() }
    }

    /// The fields of a form's body, empty if it has none or they are too long.
    pub(crate) fn of_body(body: &[u8]) -> Self {
        let draft: Self = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let name = draft.name.as_deref().unwrap_or_default();
        let fields = [&*draft.phone_number, &*draft.country, &*draft.email, name];
        if fields.iter().any(|text| text.len() > MAX_TYPED) { Self::default() } else { draft }
    }

    /// The cookie that keeps the fields of this body, unless there are none or they are too long.
    pub(crate) fn cookie(portal: &Portal, body: &[u8]) -> Option<Cookie<'static>> {
        let draft = Self::of_body(body);
        let Signed { csrf_token } = serde_urlencoded::from_bytes(body).ok()?;
        let is_empty = draft == Self::default();
        if is_empty || csrf_token.expose().len() > MAX_TYPED {
            None
        } else {
            sealed(portal).holding(&Kept { token: csrf_token, draft }, LASTS)
        }
    }

    /// Removes the draft from the browser's cookies.
    pub(crate) fn forget(portal: &Portal, jar: CookieJar) -> CookieJar {
        match Self::deletion(portal, &jar) {
            Some(deletion) => jar.add(deletion),
            None => jar,
        }
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
