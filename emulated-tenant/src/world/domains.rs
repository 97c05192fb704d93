//! The tenant's two domains: the canonical one and the custom one (Auth0, Custom domains).

use url::{ParseError, Url};

/// Both domains as issuers, each with its trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct Domains {
    pub(crate) canonical: Url,
    pub(crate) custom: Url,
}

impl Domains {
    pub(crate) fn new(port: u16) -> Result<Self, ParseError> {
        let at = |host: &str| Url::parse(&format!("http://{host}:{port}/"));
        Ok(Self { canonical: at("127.0.0.1")?, custom: at("localhost")? })
    }

    /// The audience of the MFA API, which stays on the canonical domain (thread 44384).
    pub(crate) fn mfa_audience(&self) -> String {
        format!("{}mfa/", self.canonical)
    }

    /// The audience of an API made by hand for the custom domain (thread 44384).
    pub(crate) fn custom_mfa_audience(&self) -> String {
        format!("{}mfa/", self.custom)
    }

    /// The audience of the Management API, which stays on the canonical domain.
    pub(crate) fn management_audience(&self) -> String {
        format!("{}api/v2/", self.canonical)
    }
}
