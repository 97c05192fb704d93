//! Access tokens and ID tokens (Auth0, Access token profiles), and the token response.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::jws::{self, Token};
use crate::world::organization::Organization;

/// A custom claim, whose name is a URL of the application's (Auth0, Create Custom Claims).
const RECOVERY_CODE_CLAIM: &str = "https://mfa-portal/recovery_code_used";

/// The access that a person or machine was granted.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) sub: String,
    pub(crate) client_id: String,
    pub(crate) audience: Option<String>,
    pub(crate) scope: Vec<String>,
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scope.iter().any(|granted| granted == scope)
    }
}

/// The claims of an ID token that describe the sign-in.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignInClaims {
    pub(crate) nonce: Option<String>,
    pub(crate) sid: Option<String>,
    /// Set if `max_age` or `prompt=login` was sent.
    pub(crate) auth_time: Option<i64>,
    /// Whether Universal Login has just challenged the person.
    pub(crate) challenged: bool,
    /// Whether the person passed that challenge by a recovery code.
    pub(crate) used_recovery_code: bool,
    /// The organization that the person signed in to.
    pub(crate) organization: Option<Organization>,
}

/// An access token whose signature was verified. The caller must check expiry and audience.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) grant: Grant,
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) expires_at: i64,
}

/// Lifetime of a token for the Management API, in seconds.
pub(crate) const MANAGEMENT_LIFETIME: i64 = 86_400;
/// Auth0's default lifetime of an ID token, in seconds.
const ID_TOKEN_LIFETIME: i64 = 36_000;

impl World {
    /// Issues an access token; `lifetime` is in seconds.
    pub(crate) fn access_token(&self, grant: &Grant, issuer: &str, lifetime: i64) -> String {
        let now = self.now().unix_timestamp();
        let mut claims = json!({
            "iss": issuer,
            "sub": grant.sub,
            "aud": audience(grant, issuer),
            "iat": now,
            "exp": now + lifetime,
            "scope": grant.scope.join(" "),
            "azp": grant.client_id,
        });
        if grant.sub.ends_with("@clients") {
            claims["gty"] = json!("client-credentials");
        }
        let key = self.keys.current();
        Token::new(&key, claims).sign(&key)
    }

    /// Reads an access token that one of the published keys signed.
    pub(crate) fn read_access_token(&self, token: &str) -> Option<AccessToken> {
        let keys = self.keys.published();
        let claims = jws::verified(token, keys.iter().map(AsRef::as_ref))?;
        let text = |name: &str| claims[name].as_str().map(str::to_owned);
        let audiences = match &claims["aud"] {
            Value::Array(entries) => entries.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            single => single.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
        };
        let grant = Grant {
            sub: text("sub")?,
            client_id: text("azp")?,
            audience: audiences.first().cloned(),
            scope: text("scope")?.split_whitespace().map(str::to_owned).collect(),
        };
        Some(AccessToken { grant, issuer: text("iss")?, audiences, expires_at: claims["exp"].as_i64()? })
    }

    /// Issues an ID token (OpenID Connect Core §2), tampered with if a test asked for it.
    fn id_token(&mut self, grant: &Grant, sign_in: &SignInClaims, issuer: &str) -> String {
        let key = self.keys.current();
        let token = Token::new(&key, self.id_token_claims(grant, sign_in, issuer));
        match self.next_tamper() {
            Some(tamper) => tamper.apply(token, &key, &self.settings.client_secret),
            None => token.sign(&key),
        }
    }

    fn id_token_claims(&self, grant: &Grant, sign_in: &SignInClaims, issuer: &str) -> Value {
        let now = self.now().unix_timestamp();
        let mut claims = self.profile_claims(grant);
        claims["iss"] = json!(issuer);
        claims["aud"] = json!(grant.client_id);
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + ID_TOKEN_LIFETIME);
        if let Some(nonce) = &sign_in.nonce {
            claims["nonce"] = json!(nonce);
        }
        if let Some(sid) = &sign_in.sid {
            claims["sid"] = json!(sid);
        }
        if let Some(auth_time) = sign_in.auth_time {
            claims["auth_time"] = json!(auth_time);
        }
        if let Some(organization) = &sign_in.organization {
            claims["org_id"] = json!(organization.id);
            if self.settings.organization_names {
                claims["org_name"] = json!(organization.name);
            }
        }
        // After a hosted challenge only: tokens that the MFA API issues have no `amr` (Auth0, Step-up).
        if sign_in.challenged && self.settings.amr {
            claims["amr"] = json!(["mfa"]);
            claims["acr"] = json!("http://schemas.openid.net/pape/policies/2007/06/multi-factor");
        }
        if sign_in.used_recovery_code && self.settings.recovery_code_claim {
            claims[RECOVERY_CODE_CLAIM] = json!(true);
        }
        claims
    }

    /// `sub`, and the claims that the scopes `profile` and `email` allow (OpenID Connect Core §5.4).
    pub(crate) fn profile_claims(&self, grant: &Grant) -> Value {
        let mut claims = json!({ "sub": grant.sub });
        let Some(person) = self.person(&grant.sub) else { return claims };
        if grant.has("profile") {
            claims["name"] = json!(person.name);
            claims["nickname"] = json!(person.email.split('@').next());
            if let Some(locale) = &person.locale {
                claims["locale"] = json!(locale);
            }
        }
        if grant.has("email") {
            claims["email"] = json!(person.email);
            claims["email_verified"] = json!(person.email_verified);
        }
        for (name, value) in &person.claims {
            if let Some(own) = claims.get_mut(name) {
                *own = value.clone();
            }
        }
        claims
    }
}

impl World {
    /// The response to a grant that succeeded; contains an ID token if `openid` was granted.
    pub(crate) fn token_response(&mut self, grant: &Grant, claims: &SignInClaims, issuer: &str) -> Value {
        let lifetime = self.settings.token_lifetime;
        let mut response = json!({
            "access_token": self.access_token(grant, issuer, lifetime),
            "expires_in": lifetime,
            "token_type": "Bearer",
        });
        if self.settings.scope_in_response {
            response["scope"] = json!(grant.scope.join(" "));
        }
        if grant.has("openid") {
            response["id_token"] = json!(self.id_token(grant, claims, issuer));
        }
        response
    }

    /// The scopes that are granted of the requested ones; unknown scopes are dropped without an error.
    pub(crate) fn granted_scopes(&self, requested: &str, audience: Option<&str>) -> Vec<String> {
        let of_api = ["enroll", "read:authenticators", "remove:authenticators"];
        let of_profile = ["openid", "profile", "email"];
        let known =
            |scope: &&str| of_profile.contains(scope) || (audience.is_some() && of_api.contains(scope));
        let limit = self.settings.granted_scopes.as_deref();
        let allowed = |scope: &&str| limit.is_none_or(|limit| limit.iter().any(|one| one == scope));
        requested.split_whitespace().filter(known).filter(allowed).map(str::to_owned).collect()
    }
}

impl AccessToken {
    pub(crate) fn is_alive(&self, unix_time: i64) -> bool {
        unix_time < self.expires_at
    }

    pub(crate) fn is_for(&self, audience: &str) -> bool {
        self.audiences.iter().any(|one| one == audience)
    }
}

/// The `aud` claim: an array if `openid` was granted, else a single string (FAQ).
fn audience(grant: &Grant, issuer: &str) -> Value {
    let userinfo = format!("{issuer}userinfo");
    match &grant.audience {
        Some(api) if grant.has("openid") => json!([api, userinfo]),
        Some(api) => json!(api),
        None => json!(userinfo),
    }
}
