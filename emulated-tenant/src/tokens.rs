//! Access tokens and ID tokens, in Auth0's profile (contract §2).

use serde_json::{Value, json};

use crate::jws::{self, Token};
use crate::world::World;

/// What a person, or a machine, was granted.
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

/// What an ID token says about the sign-in.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignIn {
    pub(crate) nonce: Option<String>,
    pub(crate) sid: Option<String>,
    /// Only when `max_age` or `prompt=login` was sent.
    pub(crate) auth_time: Option<i64>,
    /// Only just after a challenge of Universal Login.
    pub(crate) challenged: bool,
}

/// An access token that the tenant signed; whoever reads it looks at expiry and audience.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) grant: Grant,
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) expires_at: i64,
}

/// How long a token for the Management API lives (contract §9).
pub(crate) const MANAGEMENT_LIFETIME: i64 = 86_400;
/// How long an ID token lives, Auth0's default.
const ID_TOKEN_LIFETIME: i64 = 36_000;

impl World {
    /// A signed access token.
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

    /// An access token that one of the published keys signed.
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

    /// An ID token (OpenID Connect Core §2), tampered with if a test asked for it.
    pub(crate) fn id_token(&mut self, grant: &Grant, sign_in: &SignIn, issuer: &str) -> String {
        let key = self.keys.current();
        let token = Token::new(&key, self.id_token_claims(grant, sign_in, issuer));
        match self.next_tamper() {
            Some(tamper) => tamper.apply(token, &key, &self.settings.client_secret),
            None => token.sign(&key),
        }
    }

    fn id_token_claims(&self, grant: &Grant, sign_in: &SignIn, issuer: &str) -> Value {
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
        if sign_in.challenged {
            claims["amr"] = json!(["mfa"]);
            claims["acr"] = json!("http://schemas.openid.net/pape/policies/2007/06/multi-factor");
        }
        claims
    }

    /// `sub`, and what the scopes `profile` and `email` allow (OpenID Connect Core §5.4).
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
        claims
    }
}

impl AccessToken {
    /// Whether one of these keys' tokens is still good at a Unix time.
    pub(crate) fn is_alive(&self, unix_time: i64) -> bool {
        unix_time < self.expires_at
    }

    pub(crate) fn is_for(&self, audience: &str) -> bool {
        self.audiences.iter().any(|one| one == audience)
    }
}

/// An array when `openid` was granted, else a single text (contract §2).
fn audience(grant: &Grant, issuer: &str) -> Value {
    let userinfo = format!("{issuer}userinfo");
    match &grant.audience {
        Some(api) if grant.has("openid") => json!([api, userinfo]),
        Some(api) => json!(api),
        None => json!(userinfo),
    }
}
