//! The address that a person goes back to: of RETURN_ORIGINS alone, in characters that every browser reads alike.

use serde::{Deserialize, Serialize};
use url::{Origin, Url, form_urlencoded};

use super::Outcome;

/// Sealed and encoded, an address of this length leaves room in the 4 KB that proxies such as nginx allow for a
/// response head.
const MAX_LENGTH: usize = 1500;

/// An absolute http or https address, as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ReturnAddress {
    text: String,
    url: Url,
}

/// The reason not to return to an address. Of the address it holds the origin alone.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not an absolute http address, or with characters that browsers drop or replace.
    #[error("not a plain http address of at most {MAX_LENGTH} characters")]
    Unreadable,
    /// An address of another origin.
    #[error("{0} is not in RETURN_ORIGINS")]
    Elsewhere(String),
}

impl ReturnAddress {
    /// The address, if its origin is exactly one of these (RFC 6454 §5).
    pub(crate) fn of(text: &str, origins: &[Origin]) -> Result<Self, Refused> {
        let address = Self::try_from(text.to_owned())?;
        if address.is_of(origins) {
            Ok(address)
        } else {
            Err(Refused::Elsewhere(address.url.origin().ascii_serialization()))
        }
    }

    /// Whether its origin is one of these.
    pub(crate) fn is_of(&self, origins: &[Origin]) -> bool {
        origins.contains(&self.url.origin())
    }

    /// The address as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The site without the page, for readers other than the one who came from there.
    pub(crate) fn site(&self) -> Self {
        let url = Url::parse(&self.url.origin().ascii_serialization()).unwrap_or_else(|_| self.url.clone());
        Self { text: url.to_string(), url }
    }

    /// The name of its site.
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address with the outcome of the visit, in place of an earlier visit's.
    pub(crate) fn with(&self, outcome: Outcome) -> String {
        let name = |pair: &str| {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            decoded.map(|(name, _)| name.into_owned()).unwrap_or_default()
        };
        let old = self.url.query().unwrap_or_default().split('&');
        // The rest of the query stays byte for byte.
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
        // Browsers drop tabs, line ends and blanks, and read a backslash as a slash.
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
