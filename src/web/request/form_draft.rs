//! The form fields that are no secret, kept while the person signs in again: sealed in a cookie of their own browser, so that
//! they stand in no address and cost no store write.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::cookies::Role;
use super::frame::hash;
use super::sealed_cookie::SealedCookie;
use crate::mfa::Person;
use crate::portal::Portal;
use crate::secret::Secret;

/// As long as a sign-in may take.
const LASTS: Duration = Duration::minutes(10);
/// A cookie holds 4 KB. Longer text is no phone number and no e-mail address.
const MAX_TYPED: usize = 300;
/// The name under which a form's token is sealed.
const TOKEN: &str = "form";

/// The fields worth keeping, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FormDraft {
    pub(crate) phone_number: String,
    pub(crate) country: String,
    pub(crate) email: String,
}

/// The fields of a submitted form that tell whose it is.
#[derive(Deserialize)]
struct Signed {
    csrf_token: String,
}

/// A draft, and the hash of the `sub` that typed it.
#[derive(Serialize, Deserialize)]
struct Owned {
    owner: String,
    draft: FormDraft,
}

/// A new synchronizer token for a person's forms. It names its owner under seal, so that a form still tells whose it is after
/// the session has ended.
pub(crate) fn token_of(portal: &Portal, sub: &str) -> Secret {
    portal.seal(TOKEN, &hash(sub)).unwrap_or_else(|| portal.random.verifier()).into()
}

impl FormDraft {
    /// The draft that this browser keeps, if this person typed it, or an empty one.
    pub(crate) fn read(portal: &Portal, jar: &CookieJar, person: &Person) -> Self {
        let kept = sealed(portal).read(jar).filter(|kept: &Owned| kept.owner == hash(&person.identity.sub));
        kept.map(|kept| kept.draft).unwrap_or_default()
    }

    /// The cookie that keeps the fields of this body, unless there are none, they are too long or no person's.
    pub(crate) fn cookie(portal: &Portal, body: &[u8]) -> Option<Cookie<'static>> {
        let draft: Self = serde_urlencoded::from_bytes(body).ok()?;
        let Signed { csrf_token } = serde_urlencoded::from_bytes(body).ok()?;
        let owner = portal.open(TOKEN, &csrf_token)?;
        let long =
            [&draft.phone_number, &draft.country, &draft.email].iter().any(|text| text.len() > MAX_TYPED);
        let empty = draft == Self::default();
        if long || empty { None } else { sealed(portal).holding(&Owned { owner, draft }, LASTS) }
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
