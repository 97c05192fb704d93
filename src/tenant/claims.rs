//! The claims of an ID token: strict where they decide who signed in, and absent rather than fatal where they only
//! describe the person, because Apple, LinkedIn and SAML connections send them in types of their own.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::id_token::IdTokenError;

/// The claims as sent, each unread, so that one of another type spoils no other. A repeated one fails the token.
#[derive(Clone, Deserialize)]
pub(super) struct SentClaims {
    #[serde(default)]
    iss: Sent,
    #[serde(default)]
    sub: Sent,
    #[serde(default)]
    aud: Sent,
    #[serde(default)]
    azp: Sent,
    #[serde(default)]
    exp: Sent,
    #[serde(default)]
    iat: Sent,
    #[serde(default)]
    nbf: Sent,
    #[serde(default)]
    nonce: Sent,
    #[serde(default)]
    auth_time: Sent,
    #[serde(default)]
    sid: Sent,
    #[serde(default)]
    acr: Sent,
    #[serde(default)]
    amr: Sent,
    #[serde(default)]
    name: Sent,
    #[serde(default)]
    email: Sent,
    #[serde(default)]
    email_verified: Sent,
    #[serde(default)]
    locale: Sent,
    #[serde(default)]
    org_id: Sent,
    #[serde(default)]
    org_name: Sent,
    /// An Action of the tenant's adds it (docs/tenant.md).
    #[serde(default, rename = "https://mfa-portal/recovery_code_used")]
    recovery_code_used: Sent,
}

/// The claims that the portal reads (OpenID Connect Core 1.0 §2 and §5.1; Auth0, Work with Tokens and Organizations).
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: Audience,
    pub(super) azp: Option<String>,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) nbf: Option<i64>,
    pub(super) nonce: String,
    pub(super) auth_time: Option<i64>,
    pub(super) sid: Option<String>,
    pub(super) acr: Option<String>,
    pub(super) amr: Vec<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) locale: Option<String>,
    pub(super) org_id: Option<String>,
    pub(super) org_name: Option<String>,
    pub(super) recovery_code_used: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl TryFrom<SentClaims> for Claims {
    type Error = IdTokenError;

    fn try_from(sent: SentClaims) -> Result<Self, IdTokenError> {
        Ok(Self {
            iss: sent.iss.required("iss")?,
            sub: sent.sub.required("sub")?,
            aud: sent.aud.required("aud")?,
            azp: sent.azp.strict("azp")?,
            exp: sent.exp.required("exp")?,
            iat: sent.iat.required("iat")?,
            nbf: sent.nbf.strict("nbf")?,
            nonce: sent.nonce.required("nonce")?,
            auth_time: sent.auth_time.strict("auth_time")?,
            sid: sent.sid.lenient("sid"),
            acr: sent.acr.lenient("acr"),
            amr: sent.amr.lenient("amr").unwrap_or_default(),
            name: sent.name.lenient("name"),
            email: sent.email.lenient("email"),
            email_verified: sent.email_verified.flag("email_verified"),
            locale: sent.locale.lenient("locale"),
            org_id: sent.org_id.lenient("org_id"),
            org_name: sent.org_name.lenient("org_name"),
            recovery_code_used: sent.recovery_code_used.flag("recovery_code_used"),
        })
    }
}

impl Claims {
    /// `aud` must name us. If it names others too, `azp` must name us (OpenID Connect Core 1.0 §3.1.3.7, 3 to 5).
    pub(super) fn is_for(&self, client_id: &str) -> bool {
        let (named, alone) = match &self.aud {
            Audience::One(aud) => (aud == client_id, true),
            Audience::Several(auds) => (auds.iter().any(|aud| aud == client_id), auds.len() == 1),
        };
        named && self.azp.as_deref().map_or(alone, |azp| azp == client_id)
    }
}

/// One claim's JSON, `null` included; `None` if it was not sent.
#[derive(Clone, Default)]
struct Sent(Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::deserialize(deserializer).map(|json| Self(Some(json)))
    }
}

impl Sent {
    fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, serde_json::Error> {
        self.0.as_ref().map(|json| serde_json::from_str(json.get())).transpose()
    }

    /// A claim that may be absent, but not of another type.
    fn strict<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, IdTokenError> {
        // serde's own text quotes the value.
        self.read().map_err(|_| IdTokenError::Claim(name))
    }

    fn required<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, IdTokenError> {
        self.strict(name)?.ok_or(IdTokenError::Claim(name))
    }

    /// A claim that counts as absent when it has another type.
    fn lenient<T: DeserializeOwned>(&self, name: &'static str) -> Option<T> {
        self.read().unwrap_or_else(|_| {
            note_ignored(name);
            None
        })
    }

    /// True for `true`, and for `"true"`, which Apple sends (Sign in with Apple, Authenticating users).
    fn flag(&self, name: &'static str) -> bool {
        match self.lenient::<Value>(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(Value::String(text)) if text == "true" => true,
            Some(_) => {
                note_ignored(name);
                false
            }
        }
    }
}

fn note_ignored(claim: &'static str) {
    tracing::warn!(claim, "ID token claim of another type, counted as absent");
}
