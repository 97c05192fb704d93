//! How an application proves to the tenant that it is itself: by a secret, or by a private key, which never leaves the
//! portal (RFC 7523 §2.2; Auth0, Authenticate with Private Key JWT).

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::{fmt, fs};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::random::Random;
use crate::secret::Secret;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Auth0 allows five minutes. Long enough for clocks that differ by a minute, as those of sign-ins may.
const LIFETIME: Duration = Duration::minutes(2);

/// A client secret, or a private key in its place.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// `client_secret_post`
    Secret(Secret),
    /// `private_key_jwt`
    Key(ClientKey),
}

/// A private key in a file. Clones share it, also after it was read anew.
#[derive(Clone)]
pub struct ClientKey {
    path: PathBuf,
    signer: Arc<RwLock<Signer>>,
}

struct Signer {
    algorithm: Algorithm,
    key: EncodingKey,
}

/// The claims of an assertion. They have no `iat`, because a clock that is ahead would make them invalid.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: &'a str,
    exp: i64,
}

impl Credentials {
    /// The parameters of a request that prove this application to this tenant.
    pub(super) fn parameters(
        &self,
        client_id: &str,
        tenant: &Url,
        now: OffsetDateTime,
        random: &Random,
    ) -> Vec<(&'static str, Secret)> {
        let key = match self {
            Self::Secret(secret) => return vec![("client_secret", secret.clone())],
            Self::Key(key) => key,
        };
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: tenant.as_str(),
            jti: &random.id(),
            exp: (now + LIFETIME).unix_timestamp(),
        };
        // The key has signed when it was read. Without an assertion, the tenant refuses, which says enough.
        let assertion = key.signer.read().unwrap_or_else(PoisonError::into_inner).sign(&claims);
        vec![
            ("client_assertion_type", Secret::from(ASSERTION_TYPE)),
            ("client_assertion", Secret::from(assertion.unwrap_or_default())),
        ]
    }

    /// Reads a key's file anew. A key that cannot be read stays as it was.
    pub(super) fn read_anew(&self) -> Result<(), String> {
        let Self::Key(ClientKey { path, signer }) = self else { return Ok(()) };
        *signer.write().unwrap_or_else(PoisonError::into_inner) = Signer::read(path)?;
        Ok(())
    }
}

impl ClientKey {
    /// Reads the key: RSA of 2,048 bits or more, or P-256.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        Ok(Self { path: path.to_owned(), signer: Arc::new(RwLock::new(Signer::read(path)?)) })
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientKey({})", self.path.display())
    }
}

impl Signer {
    fn read(path: &Path) -> Result<Self, String> {
        let pem = Secret::from(fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?);
        let pem = pem.expose().as_bytes();
        let rsa = EncodingKey::from_rsa_pem(pem).map(|key| Self { algorithm: Algorithm::RS256, key });
        let p256 = || EncodingKey::from_ec_pem(pem).map(|key| Self { algorithm: Algorithm::ES256, key });
        // A key of the wrong size or curve is known only when it signs.
        let usable =
            |signer: &Self| signer.sign(&Claims { iss: "", sub: "", aud: "", jti: "", exp: 0 }).is_some();
        rsa.or_else(|_| p256()).ok().filter(usable).ok_or_else(|| {
            "holds no private key in PEM that the portal can use: RSA of 2,048 bits or more, or P-256 in PKCS #8"
                .to_owned()
        })
    }

    fn sign(&self, claims: &Claims) -> Option<String> {
        jsonwebtoken::encode(&Header::new(self.algorithm), claims, &self.key).ok()
    }
}
