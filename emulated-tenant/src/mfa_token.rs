//! The token of the MFA API in its two forms: the access token (a JWT) and the opaque `mfa_token` (`Fe26.2*…`)
//! of the password grant. Seed 000 tells them apart.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use time::{Duration, OffsetDateTime};

use crate::answers::Answer;
use crate::tokens::{AccessToken, Grant};
use crate::world::World;

/// What an opaque `mfa_token` stands for.
#[derive(Clone, Debug)]
pub(crate) struct OpaqueToken {
    pub(crate) grant: Grant,
    expires_at: OffsetDateTime,
}

/// Who calls an endpoint under `/mfa/`, and by which form of token.
pub(crate) struct Bearer {
    pub(crate) grant: Grant,
    pub(crate) opaque: bool,
}

impl World {
    /// An opaque token for somebody who has proved a password only.
    pub(crate) fn opaque_token(&mut self, grant: Grant) -> String {
        let token = self.random.iron("");
        let expires_at = self.now() + Duration::minutes(10);
        self.opaque_tokens.insert(token.clone(), OpaqueToken { grant, expires_at });
        token
    }

    /// Who calls with this Bearer token, which must have the scope (contract §3). An opaque token has none.
    pub(crate) fn bearer(&self, token: Option<&str>, scope: &str, issuer: &str) -> Result<Bearer, Answer> {
        let answers = &self.settings.answers;
        let token = token.ok_or_else(|| answers.invalid_token.clone())?;
        if let Some(opaque) = self.opaque_tokens.get(token) {
            let alive = self.now() < opaque.expires_at;
            let bearer = Bearer { grant: opaque.grant.clone(), opaque: true };
            return if alive { Ok(bearer) } else { Err(answers.invalid_token.clone()) };
        }
        let token = self.read_access_token(token).filter(|token| self.opens_mfa_api(token, issuer));
        let grant = token.ok_or_else(|| answers.invalid_token.clone())?.grant;
        if !grant.has(scope) {
            return Err(answers.insufficient_scope.clone());
        }
        Ok(Bearer { grant, opaque: false })
    }

    fn opens_mfa_api(&self, token: &AccessToken, issuer: &str) -> bool {
        let by_trap = self.settings.custom_domain_api && token.is_for(&self.domains.custom_mfa_audience());
        let audience = by_trap || token.is_for(&self.domains.mfa_audience());
        let host = !self.settings.issuer_must_match_host || token.issuer == issuer;
        audience
            && host
            && token.is_alive(self.now().unix_timestamp())
            && self.person(&token.grant.sub).is_some()
    }

    /// What the `mfa_token` of a challenge or a confirmation stands for (contract §5). Here, unlike above, an API
    /// that was made by hand for the custom domain does not do, and expiry is looked at first: seed 001.
    pub(crate) fn mfa_token(&self, token: &str, client_id: &str) -> Result<Grant, Answer> {
        let answers = &self.settings.answers;
        let grant = if let Some(opaque) = self.opaque_tokens.get(token) {
            if self.now() >= opaque.expires_at {
                return Err(answers.expired_mfa_token.clone());
            }
            opaque.grant.clone()
        } else {
            let token = self.read_access_token(token).ok_or_else(|| answers.malformed_mfa_token.clone())?;
            if !token.is_alive(self.now().unix_timestamp()) {
                return Err(answers.expired_mfa_token.clone());
            }
            if !token.is_for(&self.domains.mfa_audience()) {
                return Err(answers.invalid_audience.clone());
            }
            token.grant
        };
        if grant.client_id != client_id {
            return Err(answers.other_client.clone());
        }
        Ok(grant)
    }
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}
