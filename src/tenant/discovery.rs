//! What the tenant says of itself: `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4).

use std::sync::Arc;

use serde::Deserialize;
use url::Url;

use super::{Call, Error, Tenant};

/// The parts of the document we use.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: Url,
    /// Where codes are exchanged.
    pub token_endpoint: Url,
    /// Where the signing keys are.
    pub jwks_uri: Url,
    /// Where people sign out, if the tenant advertises it.
    pub end_session_endpoint: Option<Url>,
    /// Whether a callback must carry `iss` (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Tenant {
    /// The tenant's document: fetched when first needed, then kept for a while.
    pub async fn discovery(&self) -> Result<Arc<Discovery>, Error> {
        self.discovery.get(&self.clock, |_| true, || self.published_discovery()).await
    }

    async fn published_discovery(&self) -> Result<Discovery, Error> {
        let url = self.endpoint(&[".well-known", "openid-configuration"]);
        let answer = self.get(Call::Discovery, url, None).await?;
        let document: Discovery = answer.json()?;
        match self.trouble_with(&document) {
            None => Ok(document),
            Some(cause) => Err(answer.misconfigured(cause)),
        }
    }

    /// The issuer is the configured one, byte for byte, and nothing leads to another host (RFC 9700 §4.4).
    fn trouble_with(&self, document: &Discovery) -> Option<String> {
        if document.issuer != self.options.url.as_str() {
            return Some(format!(
                "AUTH0_DOMAIN is {}, but the issuer there is {:?}",
                self.options.url, document.issuer
            ));
        }
        let endpoints = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        let foreign = |url: &&Url| url.origin() != self.options.url.origin();
        let foreign = endpoints.into_iter().chain(&document.end_session_endpoint).find(foreign)?;
        Some(format!("discovery names an endpoint on another host: {foreign}"))
    }
}

impl Tenant {
    /// Where to end the tenant's own session (OpenID Connect RP-Initiated Logout §2; `/v2/logout` where discovery names
    /// no such endpoint). `logout_hint` is the session's `sid`, so that no token stands in an address.
    pub async fn sign_out_url(&self, sid: Option<&str>, return_to: &str) -> Result<Url, Error> {
        let discovery = self.discovery().await?;
        let mut url =
            discovery.end_session_endpoint.clone().unwrap_or_else(|| self.endpoint(&["v2", "logout"]));
        let return_name =
            if discovery.end_session_endpoint.is_some() { "post_logout_redirect_uri" } else { "returnTo" };
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", &self.options.client_id).append_pair(return_name, return_to);
        if let (Some(sid), true) = (sid, discovery.end_session_endpoint.is_some()) {
            query.append_pair("logout_hint", sid);
        }
        drop(query);
        Ok(url)
    }
}
