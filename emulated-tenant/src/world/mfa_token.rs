//! The two kinds of token that the MFA API accepts: the access token (a JWT), and the opaque `mfa_token`
//! (`Fe26.2*…`) of the password grant. Thread 90893 is about the difference.

use time::{Duration, OffsetDateTime};

use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::tokens::{AccessToken, Grant};

/// The grant that an opaque `mfa_token` names.
#[derive(Clone, Debug)]
pub(crate) struct OpaqueToken {
    pub(crate) grant: Grant,
    expires_at: OffsetDateTime,
}

/// The caller of an endpoint under `/mfa/`.
pub(crate) struct Bearer {
    pub(crate) grant: Grant,
    /// Whether the token is an opaque `mfa_token`.
    pub(crate) opaque: bool,
}

impl World {
    /// Issues an opaque token to a person who has proved only the password.
    pub(crate) fn opaque_token(&mut self, grant: Grant) -> String {
        let token = self.random.iron("");
        let expires_at = self.now() + Duration::minutes(10);
        self.opaque_tokens.insert(token.clone(), OpaqueToken { grant, expires_at });
        token
    }

    /// The caller who sent this Bearer token. An access token must have the scope; an opaque token has no scopes.
    pub(crate) fn bearer(&self, token: Option<&str>, scope: &str, issuer: &str) -> Result<Bearer, Refusal> {
        let refusals = &self.settings.refusals;
        let token = token.ok_or_else(|| refusals.invalid_token.clone())?;
        if let Some(opaque) = self.opaque_tokens.get(token) {
            let alive = self.now() < opaque.expires_at;
            let bearer = Bearer { grant: opaque.grant.clone(), opaque: true };
            return if alive { Ok(bearer) } else { Err(refusals.invalid_token.clone()) };
        }
        let token = self.read_access_token(token).filter(|token| self.opens_mfa_api(token, issuer));
        let grant = token.ok_or_else(|| refusals.invalid_token.clone())?.grant;
        if !grant.has(scope) {
            return Err(refusals.insufficient_scope.clone());
        }
        Ok(Bearer { grant, opaque: false })
    }

    fn opens_mfa_api(&self, token: &AccessToken, issuer: &str) -> bool {
        let custom_api = self.settings.custom_domain_api && token.is_for(&self.domains.custom_mfa_audience());
        let audience = custom_api || token.is_for(&self.domains.mfa_audience());
        let host = !self.settings.issuer_must_match_host || token.issuer == issuer;
        audience
            && host
            && token.is_alive(self.now().unix_timestamp())
            && self.person(&token.grant.sub).is_some()
    }

    /// The grant of the `mfa_token` parameter of a challenge or confirmation. Unlike [`World::bearer`] it
    /// refuses an API made by hand for the custom domain, and checks the expiry first (thread 44384).
    pub(crate) fn mfa_token(&self, token: &str, client_id: &str) -> Result<Grant, Refusal> {
        let refusals = &self.settings.refusals;
        let grant = if let Some(opaque) = self.opaque_tokens.get(token) {
            if self.now() >= opaque.expires_at {
                return Err(refusals.expired_mfa_token.clone());
            }
            opaque.grant.clone()
        } else {
            let token = self.read_access_token(token).ok_or_else(|| refusals.malformed_mfa_token.clone())?;
            if !token.is_alive(self.now().unix_timestamp()) {
                return Err(refusals.expired_mfa_token.clone());
            }
            if !token.is_for(&self.domains.mfa_audience()) {
                return Err(refusals.invalid_audience.clone());
            }
            token.grant
        };
        if grant.client_id != client_id {
            return Err(refusals.other_client.clone());
        }
        Ok(grant)
    }
}
