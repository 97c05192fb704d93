//! JSON Web Signatures in compact form (RFC 7515), written by hand because tampered tokens need headers that no
//! library writes.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::world::keys::SigningKey;

/// The header and the claims of a token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

impl Token {
    /// A token to be signed with this key.
    pub(crate) fn new(key: &SigningKey, claims: Value) -> Self {
        Self { header: json!({ "alg": "RS256", "typ": "JWT", "kid": key.kid }), claims }
    }

    /// The signing input (RFC 7515 §5.1).
    fn signing_input(&self) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }

    /// Signs with RS256.
    pub(crate) fn sign(&self, key: &SigningKey) -> String {
        let input = self.signing_input();
        let signature = key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signs with HS256.
    pub(crate) fn sign_with_secret(&self, secret: &[u8]) -> String {
        let input = self.signing_input();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Leaves the signature empty (RFC 7519 §6).
    pub(crate) fn unsigned(&self) -> String {
        format!("{}.", self.signing_input())
    }
}

/// The claims of a token, if one of these keys signed it.
pub(crate) fn verified<'a>(token: &str, mut keys: impl Iterator<Item = &'a SigningKey>) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    keys.any(|key| key.verify(input.as_bytes(), &signature)).then(|| peek(token))?
}

/// The claims of a token, unverified.
pub(crate) fn peek(token: &str) -> Option<Value> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}
