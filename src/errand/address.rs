//! The address that a person goes back to: only one of RETURN_ORIGINS, in signs that every browser reads in one way.

use serde::{Deserialize, Serialize};
use url::{Origin, Url};

use super::Outcome;

/// Sealed and encoded, it leaves room in the 4 KB that a proxy such as nginx takes of an answer's head.
const MAX_LENGTH: usize = 1500;

/// An absolute http or https address, as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReturnAddress {
    text: String,
    url: Url,
}

/// Why an address is not returned to. It says nothing of the address but its origin.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refused {
    /// No absolute http address, or signs in it that browsers drop or turn into others.
    #[error("it is no plain http address of {MAX_LENGTH} characters or less")]
    Unreadable,
    /// An address of somebody else.
    #[error("{0} is not in RETURN_ORIGINS")]
    Elsewhere(String),
}

impl ReturnAddress {
    /// The address, if its origin is exactly one of these (RFC 6454 §5).
    pub fn of(text: &str, origins: &[Origin]) -> Result<Self, Refused> {
        let address = Self::try_from(text.to_owned())?;
        if address.is_of(origins) {
            Ok(address)
        } else {
            Err(Refused::Elsewhere(address.url.origin().ascii_serialization()))
        }
    }

    /// Whether its origin is one of these.
    #[must_use]
    pub fn is_of(&self, origins: &[Origin]) -> bool {
        origins.contains(&self.url.origin())
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of its site.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address with what came of the visit, in place of what an earlier visit may have left there.
    #[must_use]
    pub fn with(&self, outcome: Outcome) -> String {
        let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
        let old = self.url.query().unwrap_or_default().split('&');
        // What else is in the query stays byte for byte.
        let others = old.filter(|pair| !["", "status", "factor"].contains(&name(pair).as_str()));
        let status = format!("status={}", outcome.status.name());
        let factor = outcome.factor.map(|factor| format!("factor={}", factor.slug()));
        let query: Vec<String> = others.map(ToOwned::to_owned).chain([status]).chain(factor).collect();
        let mut url = self.url.clone();
        url.set_query(Some(&query.join("&")));
        url.into()
    }
}

impl TryFrom<String> for ReturnAddress {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        // Tabs, line ends and blanks are dropped by browsers, a backslash is a slash to them.
        let plain = text.len() <= MAX_LENGTH && text.bytes().all(|it| it.is_ascii_graphic() && it != b'\\');
        let url = Url::parse(&text).ok().filter(|_| plain).ok_or(Refused::Unreadable)?;
        // A `blob:` address has the origin of the one within it.
        let is_web = matches!(url.scheme(), "http" | "https");
        if !is_web || !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Unreadable);
        }
        // `https:portal.example` is an address to us and a path to a browser that is on https.
        let as_given = text.starts_with(&url.origin().ascii_serialization());
        Ok(Self { text: if as_given { text } else { url.to_string() }, url })
    }
}

impl From<ReturnAddress> for String {
    fn from(address: ReturnAddress) -> Self {
        address.text
    }
}
