//! The discovery document, `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4).

use std::sync::Arc;

use serde::Deserialize;
use url::Url;

use super::{Answer, Call, Error, Tenant};

/// The parts of the document we use.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    issuer: String,
    /// `/authorize`, where people sign in.
    pub authorization_endpoint: Url,
    /// `/oauth/token`.
    pub token_endpoint: Url,
    /// The signing keys (RFC 7517).
    pub jwks_uri: Url,
    /// Where people sign out (OpenID Connect RP-Initiated Logout 1.0 §2.1), if the tenant advertises it.
    pub end_session_endpoint: Option<Url>,
    /// Whether a callback must carry `iss` (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Tenant {
    /// The tenant's document, cached.
    pub(crate) async fn discovery(&self) -> Result<Arc<Discovery>, Error> {
        self.discovery.get(Call::Discovery, &self.clock, |_| true, || self.published_discovery()).await
    }

    async fn published_discovery(&self) -> Result<Discovery, Error> {
        let url = self.endpoint("/.well-known/openid-configuration");
        self.discovered(&self.get(Call::Discovery, &url, None).await?)
    }

    /// The document in an answer, if it is this tenant's.
    pub fn discovered(&self, answer: &Answer) -> Result<Discovery, Error> {
        let document: Discovery = answer.json()?;
        match self.mismatch(&document) {
            None => Ok(document),
            Some(cause) => Err(answer.misconfigured(cause)),
        }
    }

    /// The issuer must be the configured one, byte for byte, and every endpoint on its host (RFC 9700 §4.4).
    fn mismatch(&self, document: &Discovery) -> Option<String> {
        let issuer = &self.options.url;
        if document.issuer != issuer.as_str() {
            return Some(format!("AUTH0_DOMAIN is {issuer}, but the issuer there is {:?}", document.issuer));
        }
        let endpoints = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        let is_foreign = |url: &&Url| url.origin() != issuer.origin();
        let foreign = endpoints.into_iter().chain(&document.end_session_endpoint).find(is_foreign)?;
        Some(format!("discovery names an endpoint on another host: {foreign}"))
    }

    /// Where to end the tenant's own session: `end_session_endpoint` (OpenID Connect RP-Initiated Logout 1.0 §2) for a
    /// session whose `sid` is known, which as `logout_hint` keeps the ID token out of the URL; else `/v2/logout`, which
    /// needs neither a session nor the discovery document (Auth0, Log Users Out of Auth0).
    pub(crate) async fn sign_out_url(&self, sid: Option<&str>, return_to: &str) -> Url {
        let known = match sid {
            Some(sid) => self.end_session_endpoint().await.map(|url| (url, sid)),
            None => None,
        };
        let (mut url, return_name, hint) = match known {
            Some((url, sid)) => (url, "post_logout_redirect_uri", Some(sid)),
            None => (self.endpoint("/v2/logout"), "returnTo", None),
        };
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", &self.options.client_id).append_pair(return_name, return_to);
        if let Some(sid) = hint {
            query.append_pair("logout_hint", sid);
        }
        drop(query);
        url
    }

    async fn end_session_endpoint(&self) -> Option<Url> {
        match self.discovery().await {
            Ok(discovery) => discovery.end_session_endpoint.clone(),
            Err(error) => {
                error.log();
                None
            }
        }
    }
}
