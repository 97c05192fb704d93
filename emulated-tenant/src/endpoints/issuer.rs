//! The domain that a request was made on, told by its Host header.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::world::Shared;

/// The requested domain with its trailing slash: the `iss` of every token issued there.
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
