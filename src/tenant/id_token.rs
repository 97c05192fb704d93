//! Checks an ID token (OpenID Connect Core 1.0 §3.1.3.7): who signed in, when, and how.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, Tenant};
use crate::clock::SKEW;
use crate::secret::Secret;

/// Auth0's ID tokens have about 1 kB; company claims may add some.
const MAX_LENGTH: usize = 32 * 1024;
/// `amr` holds this just after a challenge (Auth0, Step-up authentication for web apps).
const MFA: &str = "mfa";

/// An ID token as it came; it is shown to nobody.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct IdToken(pub Secret);

/// What this sign-in expects of its ID token.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// The transaction's nonce.
    pub nonce: &'a str,
    /// When a fresh sign-in was asked for: the person must have proved themselves since.
    pub proved_since: Option<OffsetDateTime>,
    /// When the token was asked for: it was not made before.
    pub asked: OffsetDateTime,
}

/// Who signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The person at the tenant, `auth0|…`.
    pub sub: String,
    /// What to call them.
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Whether the tenant has verified the address.
    pub email_verified: bool,
    /// Their language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// The tenant's session, for signing out.
    pub sid: Option<String>,
    /// When they last proved who they are, where the tenant says so.
    pub auth_time: Option<OffsetDateTime>,
    /// Whether a second factor was asked for just now.
    pub challenged: bool,
}

/// Why an ID token was refused; for the log only.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// A key could not be fetched.
    #[error(transparent)]
    Tenant(#[from] Error),
    /// Not a token we accept: broken, unsigned, signed otherwise or by somebody else.
    #[error("the ID token is not acceptable: {0}")]
    Token(&'static str),
    /// A claim is wrong.
    #[error("the ID token's {0} is wrong")]
    Claim(&'static str),
    /// The tenant's clock and ours do not agree.
    #[error(
        "the ID token was made at {made} by the tenant's clock, and here it is {here}: {} s apart, of which {} are \
         tolerated. Let this machine take its time from the network (NTP)",
        (*here - *made).whole_seconds().abs(), SKEW.whole_seconds()
    )]
    Clock {
        /// The token's `iat`.
        made: OffsetDateTime,
        /// Our own time.
        here: OffsetDateTime,
    },
    /// The person did not prove themselves again although that was asked for.
    #[error("a fresh sign-in was asked for, but auth_time is old")]
    Stale,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Strictly typed: a number that comes as text is a broken token, not a missing claim.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    auth_time: Option<i64>,
    sid: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    locale: Option<String>,
}

impl Tenant {
    /// Who signed in, if the token is genuine, meant for us, of this transaction and of now.
    pub async fn identify(&self, token: &IdToken, expected: Expected<'_>) -> Result<Identity, IdTokenError> {
        let claims = self.verified_claims(token.0.expose()).await?;
        self.check(&claims, &expected)?;
        Ok(claims.into())
    }

    async fn verified_claims(&self, token: &str) -> Result<Claims, IdTokenError> {
        let refuse = IdTokenError::Token;
        if token.len() > MAX_LENGTH {
            return Err(refuse("too long"));
        }
        let header = decode_header(token).map_err(|_| refuse("unreadable header"))?;
        // Pinned: `none` and HS256 with our public key must not even be looked at (RFC 8725 §3.1).
        if header.alg != Algorithm::RS256 {
            return Err(refuse("not signed with RS256"));
        }
        if says_crit(token) {
            return Err(refuse("a critical header that nobody here understands"));
        }
        let key = self.signing_key(header.kid.as_deref()).await?.ok_or(refuse("unknown key"))?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| refuse("unusable key"))?;
        let mut validation = Validation::new(Algorithm::RS256);
        // Times and names are checked below, on our own clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        decode(token, &key, &validation)
            .map(|token| token.claims)
            .map_err(|_| refuse("bad signature or claims of a wrong type"))
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
        if claims.sub.is_empty() || claims.sub.len() > 255 {
            return wrong("sub");
        }
        if claims.iat - skew > now || claims.iat + skew < expected.asked.unix_timestamp() {
            let made = OffsetDateTime::from_unix_timestamp(claims.iat).unwrap_or(OffsetDateTime::UNIX_EPOCH);
            return Err(IdTokenError::Clock { made, here: self.clock.now() });
        }
        if claims.exp + skew <= now {
            return wrong("exp");
        }
        if claims.nbf.is_some_and(|nbf| nbf - skew > now) {
            return wrong("nbf");
        }
        if claims.nonce.as_deref() != Some(expected.nonce) {
            return wrong("nonce");
        }
        let proved = claims.auth_time.unwrap_or(i64::MIN);
        match expected.proved_since {
            Some(since) if proved + skew < since.unix_timestamp() => Err(IdTokenError::Stale),
            _ => Ok(()),
        }
    }
}

/// A header with `crit` demands something we do not do (RFC 7515 §4.1.11); the library's header has no such field.
fn says_crit(token: &str) -> bool {
    use base64::Engine as _;
    let header = token.split('.').next().unwrap_or_default();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&header).is_ok_and(|header| header.get("crit").is_some())
}

impl Claims {
    /// `aud` names us, and where it names others too, `azp` must name us (OpenID Connect Core §3.1.3.7, 3 to 5).
    fn is_for(&self, client_id: &str) -> bool {
        let (named, alone) = match &self.aud {
            Audience::One(aud) => (aud == client_id, true),
            Audience::Several(auds) => (auds.iter().any(|aud| aud == client_id), auds.len() == 1),
        };
        named && self.azp.as_deref().map_or(alone, |azp| azp == client_id)
    }
}

impl From<Claims> for Identity {
    fn from(claims: Claims) -> Self {
        Self {
            challenged: claims.amr.iter().any(|method| method == MFA),
            auth_time: claims.auth_time.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
            sub: claims.sub,
            name: claims.name,
            email: claims.email,
            email_verified: claims.email_verified,
            locale: claims.locale,
            sid: claims.sid,
        }
    }
}
