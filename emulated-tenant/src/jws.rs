//! JSON Web Signatures (RFC 7515), compact form, written out by hand: tampered tokens need headers that no
//! library is willing to write.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::keys::SigningKey;

/// The header and the claims of a token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

impl Token {
    /// A token of the current key.
    pub(crate) fn new(key: &SigningKey, claims: Value) -> Self {
        Self { header: json!({ "alg": "RS256", "typ": "JWT", "kid": key.kid }), claims }
    }

    /// What is signed (RFC 7515 §5.1).
    fn signing_input(&self) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }

    /// Signed by RS256.
    pub(crate) fn sign(&self, key: &SigningKey) -> String {
        let input = self.signing_input();
        let signature = key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signed by HS256.
    pub(crate) fn sign_with_secret(&self, secret: &[u8]) -> String {
        let input = self.signing_input();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// With an empty signature (RFC 7515 §6).
    pub(crate) fn unsigned(&self) -> String {
        format!("{}.", self.signing_input())
    }
}

/// The claims of a token that one of these keys signed.
pub(crate) fn verified<'a>(token: &str, mut keys: impl Iterator<Item = &'a SigningKey>) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    keys.any(|key| key.verify(input.as_bytes(), &signature)).then(|| peek(token))?
}

/// The claims of a token that nobody has verified.
pub(crate) fn peek(token: &str) -> Option<Value> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}
