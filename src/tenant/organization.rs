//! Organizations (Auth0, Work with Tokens and Organizations), and the way into the tenant that a sign-in takes.

use serde::{Deserialize, Serialize};

use super::Identity;

/// In characters (Auth0, Create Organizations).
const MAX_LENGTH: usize = 50;
/// Begins every id and no name.
const ID: &str = "org_";

/// An organization by its id, `org_…`, or by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Organization(String);

impl Organization {
    /// The organization of this id or name; `None` if the text can be neither. Auth0 writes names in lower case, so
    /// that is how they are kept and compared; ids are compared exactly.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let fits = !text.is_empty() && text.len() <= MAX_LENGTH && text.bytes().all(plain);
        let is_id = text.starts_with(ID);
        fits.then(|| Self(if is_id { text.to_owned() } else { text.to_ascii_lowercase() }))
    }

    /// As the tenant takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the person signed in to it: an id is that of `org_id`, a name that of `org_name`.
    #[must_use]
    pub fn is_of(&self, identity: &Identity) -> bool {
        if self.0.starts_with(ID) {
            identity.org_id.as_deref() == Some(&self.0)
        } else {
            identity.org_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&self.0))
        }
    }
}

impl TryFrom<String> for Organization {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::named(&text).ok_or("not an organization")
    }
}

impl From<Organization> for String {
    fn from(organization: Organization) -> Self {
        organization.0
    }
}

/// The way into the tenant: an organization, and a connection whose login people see at once (Auth0, Authorize
/// Application, `connection`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entrance {
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Organization>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
}

impl Entrance {
    /// Whether it names neither.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it leads to another organization than the one that this person is signed in to, and so maybe to another
    /// account.
    pub(crate) fn leads_away(&self, identity: &Identity) -> bool {
        self.organization.as_ref().is_some_and(|organization| !organization.is_of(identity))
    }

    /// The same way again for somebody who came in by it: the organization that the tenant's own page asked for is
    /// part of it.
    pub(crate) fn of(self, identity: &Identity) -> Self {
        let chosen = || Organization::named(identity.org_id.as_deref()?);
        Self { organization: self.organization.or_else(chosen), ..self }
    }
}
