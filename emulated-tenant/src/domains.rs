//! The tenant's two domains, told apart by the Host header: the canonical one and the custom one (contract §1.3).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use url::{ParseError, Url};

use crate::world::Shared;

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

    /// The audience of the MFA API: always on the canonical domain.
    pub(crate) fn mfa_audience(&self) -> String {
        format!("{}mfa/", self.canonical)
    }

    /// The audience that seed 001 made by hand.
    pub(crate) fn custom_mfa_audience(&self) -> String {
        format!("{}mfa/", self.custom)
    }

    /// The audience of the Management API: always on the canonical domain.
    pub(crate) fn management_audience(&self) -> String {
        format!("{}api/v2/", self.canonical)
    }
}

/// The domain that a request was made on, with its trailing slash: the `iss` of what is issued there.
pub(crate) struct Issuer(pub(crate) String);

impl FromRequestParts<Shared> for Issuer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Infallible> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let domains = &shared.world().domains;
        let custom = host.split(':').next() == Some("localhost");
        Ok(Self(if custom { &domains.custom } else { &domains.canonical }.to_string()))
    }
}
