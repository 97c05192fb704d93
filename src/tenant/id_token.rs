//! Validates ID tokens (OpenID Connect Core 1.0 §3.1.3.7): who signed in, when, and how.

use std::ops::Not;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::claims::{Claims, SentClaims};
use super::token::MAX_AGE;
use super::{Error, Organization, Tenant};
use crate::clock::SKEW;
use crate::i18n::visible::seen;
use crate::secret::Secret;

/// In bytes. Auth0's ID tokens have about 1 kB, to which custom claims add.
const MAX_LENGTH: usize = 32 * 1024;
/// In characters. Enterprise connections build user ids from whatever ids their directory chose.
const MAX_SUB: usize = 1024;
/// In `amr` right after a challenge (Auth0, Configure Step-up Authentication for Web Apps).
const MFA: &str = "mfa";
/// In `acr` after a challenge, and in `acr_values` to ask for one (Auth0, Configure Step-up Authentication for Web
/// Apps).
pub(super) const MULTI_FACTOR: &str = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

/// An ID token as received, not yet validated.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct IdToken(pub Secret);

/// The values that the ID token of one sign-in must match.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// The nonce of the authorization request.
    pub nonce: &'a str,
    /// For a fresh sign-in: the earliest `auth_time`.
    pub proved_since: Option<OffsetDateTime>,
    /// When the token was requested: the earliest `iat`.
    pub asked: OffsetDateTime,
    /// The organization that the sign-in was for.
    pub organization: Option<&'a Organization>,
}

/// The signed-in person, by the claims of the ID token (OpenID Connect Core 1.0 §5.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the claims of the same names say it")]
pub struct Identity {
    /// The user id, such as `auth0|…`.
    #[serde(rename = "s")]
    pub sub: String,
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(rename = "v", default, skip_serializing_if = "Not::not")]
    pub email_verified: bool,
    /// Language, as a BCP 47 tag.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The tenant's session id, for signing out.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// When the person last authenticated, if the token says so.
    #[serde(
        rename = "at",
        default,
        with = "time::serde::timestamp::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_time: Option<OffsetDateTime>,
    /// Whether this sign-in included a second factor.
    #[serde(rename = "m", default, skip_serializing_if = "Not::not")]
    pub challenged: bool,
    /// The organization that the person signed in to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_name: Option<String>,
    /// Whether the second factor was the recovery code, where an Action of the tenant's says so (docs/tenant.md).
    #[serde(default, skip_serializing_if = "Not::not")]
    pub used_recovery_code: bool,
}

impl Identity {
    /// The same with `auth_time` by our clock: the token was issued after it was requested, so the proof is at least as old
    /// as that. One that is older than the oldest that we ask for proves no factor, and the browser can leave out the
    /// parameter that makes the tenant tell its time (OpenID Connect Core §3.1.3.7).
    fn by_our_clock(self, issued_at: OffsetDateTime, asked: OffsetDateTime) -> Self {
        let auth_time = self.auth_time.map(|at| at.saturating_add(asked - issued_at));
        let is_recent = auth_time.is_some_and(|at| asked - at <= MAX_AGE + SKEW);
        Self { auth_time, challenged: self.challenged && is_recent, ..self }
    }
}

/// Why an ID token was refused; for the log.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum IdTokenError {
    #[error(transparent)]
    Tenant(#[from] Error),
    #[error("the ID token is not acceptable: {0}")]
    Token(&'static str),
    #[error(
        "the ID token is signed with {0:?}, not RS256; set the application's Advanced Settings → OAuth → JsonWebToken \
         Signature Algorithm to RS256"
    )]
    Algorithm(String),
    #[error("the ID token's {0} is wrong")]
    Claim(&'static str),
    #[error(
        "the ID token was issued at {made} by the tenant's clock, and here it is {here}: {} s apart, of which {} are \
         tolerated; synchronize this machine's clock (NTP)",
        (*here - *made).whole_seconds().abs(), SKEW.whole_seconds()
    )]
    Clock { made: OffsetDateTime, here: OffsetDateTime },
    #[error("a fresh sign-in was requested, but auth_time is older")]
    Stale,
    #[error(
        "the ID token is not of the organization asked for; ID tokens have org_name only with Auth0's setting Allow \
         Organization Names in Authentication API"
    )]
    OtherOrganization,
}

impl Tenant {
    /// The signed-in person, if the token is genuine, current, and issued to us for this sign-in.
    pub async fn identify(&self, token: &IdToken, expected: Expected<'_>) -> Result<Identity, IdTokenError> {
        let claims = self.verified_claims(token.0.expose()).await?;
        self.check(&claims, &expected)?;
        let issued_at = OffsetDateTime::from_unix_timestamp(claims.iat).unwrap_or(expected.asked);
        let identity = Identity::from(claims).by_our_clock(issued_at, expected.asked);
        // A person of one organization must not be taken for one of another (Auth0, Organization names).
        match expected.organization {
            Some(organization) if !organization.is_of(&identity) => Err(IdTokenError::OtherOrganization),
            _ => Ok(identity),
        }
    }

    async fn verified_claims(&self, token: &str) -> Result<Claims, IdTokenError> {
        let refuse = IdTokenError::Token;
        if token.len() > MAX_LENGTH {
            return Err(refuse("too long"));
        }
        let sent = sent_header(token).ok_or(refuse("unreadable header"))?;
        // Pinned, so that neither `none` nor HS256 with the public key as its secret is ever tried (RFC 8725 §3.1).
        if sent.alg != "RS256" {
            return Err(IdTokenError::Algorithm(sent.alg.chars().take(16).collect()));
        }
        let header = decode_header(token).map_err(|_| refuse("unreadable header"))?;
        if !header.typ.as_deref().is_none_or(is_jwt) {
            return Err(refuse("typ names another kind of token"));
        }
        if sent.crit.is_some() {
            return Err(refuse("a critical header that we do not support"));
        }
        let key = self.signing_key(header.kid.as_deref()).await?.ok_or(refuse("unknown key"))?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| refuse("unusable key"))?;
        let mut validation = Validation::new(Algorithm::RS256);
        // `check` does the rest, on our own clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = decode::<SentClaims>(token, &key, &validation).map_err(|error| match error.kind() {
            ErrorKind::Json(_) => refuse("claims that are unreadable or repeated"),
            _ => refuse("bad signature"),
        })?;
        token.claims.try_into()
    }

    fn check(&self, claims: &Claims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
        let now = self.clock.now().unix_timestamp();
        let skew = SKEW.whole_seconds();
        let wrong = |claim| Err(IdTokenError::Claim(claim));
        if claims.iss != self.options.url.as_str() {
            return wrong("iss");
        }
        if !claims.is_for(&self.options.client_id) {
            return wrong("aud or azp");
        }
        // A NUL separates the parts of a record's name.
        if claims.sub.is_empty() || claims.sub.chars().count() > MAX_SUB || claims.sub.contains('\0') {
            return wrong("sub");
        }
        let is_future = |at: i64| at.saturating_sub(skew) > now;
        if is_future(claims.iat) || claims.iat.saturating_add(skew) < expected.asked.unix_timestamp() {
            let made = OffsetDateTime::from_unix_timestamp(claims.iat).unwrap_or(OffsetDateTime::UNIX_EPOCH);
            return Err(IdTokenError::Clock { made, here: self.clock.now() });
        }
        if claims.exp.saturating_add(skew) <= now {
            return wrong("exp");
        }
        if claims.nbf.is_some_and(is_future) {
            return wrong("nbf");
        }
        if claims.nonce != expected.nonce {
            return wrong("nonce");
        }
        if claims.auth_time.is_some_and(is_future) {
            return wrong("auth_time");
        }
        let auth_time = claims.auth_time.unwrap_or(i64::MIN).saturating_add(skew);
        match expected.proved_since {
            Some(since) if auth_time < since.unix_timestamp() => Err(IdTokenError::Stale),
            _ => Ok(()),
        }
    }
}

/// Whether `typ` allows for an ID token. Access tokens say `at+jwt` (RFC 9068 §2.1). A media type ignores case and may
/// leave out `application/` (RFC 7515 §4.1.9).
fn is_jwt(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "jwt"
}

/// The parts of the header that the library does not show: algorithms that it does not know, and `crit`, which names
/// extensions that we would have to support (RFC 7515 §4.1.11).
#[derive(Deserialize)]
struct SentHeader {
    #[serde(default)]
    alg: String,
    #[serde(default, deserialize_with = "present")]
    crit: Option<Value>,
}

/// The value, `null` too, of a name that is there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn sent_header(token: &str) -> Option<SentHeader> {
    use base64::Engine as _;
    let header = token.split('.').next()?;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).ok()?;
    serde_json::from_slice(&header).ok()
}

impl From<Claims> for Identity {
    fn from(claims: Claims) -> Self {
        let is_seen = |text: &String| seen(text).is_some();
        Self {
            challenged: claims.amr.iter().any(|method| method == MFA)
                || claims.acr.as_deref() == Some(MULTI_FACTOR),
            auth_time: claims.auth_time.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
            sub: claims.sub,
            name: claims.name.filter(is_seen),
            email: claims.email.filter(is_seen),
            email_verified: claims.email_verified,
            locale: claims.locale,
            sid: claims.sid,
            org_id: claims.org_id,
            org_name: claims.org_name,
            used_recovery_code: claims.recovery_code_used,
        }
    }
}
