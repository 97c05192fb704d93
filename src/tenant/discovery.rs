//! What the tenant says of itself: `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4).

use std::sync::Arc;

use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;
use url::Url;

use super::{Error, Kind, Tenant};

/// How long a document is used; Auth0's own SDKs keep it as long.
const KEPT: Duration = Duration::minutes(10);

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

#[derive(Default)]
pub(super) struct Cache(Mutex<Option<(OffsetDateTime, Arc<Discovery>)>>);

impl Tenant {
    /// The tenant's document: fetched when first needed, then kept for a while. One caller fetches, the others wait.
    pub async fn discovery(&self) -> Result<Arc<Discovery>, Error> {
        let mut cached = self.discovery.0.lock().await;
        let now = self.clock.now();
        if let Some((_, document)) = cached.as_ref().filter(|(fetched, _)| now - *fetched < KEPT) {
            return Ok(document.clone());
        }
        let document = Arc::new(self.fetch_discovery().await?);
        *cached = Some((now, document.clone()));
        Ok(document)
    }

    async fn fetch_discovery(&self) -> Result<Discovery, Error> {
        const CALL: &str = "discovery";
        let url = self.endpoint(&[".well-known", "openid-configuration"]);
        let document: Discovery = self.get(CALL, url, None).await?.json()?;
        match self.trouble_with(&document) {
            None => Ok(document),
            Some(cause) => Err(Error { call: CALL, kind: Kind::Misconfigured(cause), request_id: None }),
        }
    }

    /// The issuer is the configured one, byte for byte, and nothing leads to another host (RFC 9700 §4.4).
    fn trouble_with(&self, document: &Discovery) -> Option<String> {
        if document.issuer != self.url.as_str() {
            return Some(format!(
                "AUTH0_DOMAIN is {}, but the issuer there is {:?}",
                self.url, document.issuer
            ));
        }
        let endpoints = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        let foreign = |url: &&Url| url.origin() != self.url.origin();
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
        query.append_pair("client_id", &self.client_id).append_pair(return_name, return_to);
        if let (Some(sid), true) = (sid, discovery.end_session_endpoint.is_some()) {
            query.append_pair("logout_hint", sid);
        }
        drop(query);
        Ok(url)
    }
}
