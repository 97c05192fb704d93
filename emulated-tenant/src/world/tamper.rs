//! Changes to ID tokens, such as an attacker or a broken tenant would make.

use std::fmt;
use std::sync::Arc;

use serde_json::json;

use crate::world::World;
use crate::world::jws::Token;
use crate::world::keys::{self, SigningKey};

type Edit = Arc<dyn Fn(&mut Token) + Send + Sync>;

/// A change to the next ID tokens; to one, unless [`Tamper::times`] says otherwise.
#[derive(Clone)]
pub struct Tamper {
    edit: Edit,
    signing: Signing,
    times: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signing {
    CurrentKey,
    OtherKey,
    Nothing,
    PublicKeyAsSecret,
    ClientSecret,
}

impl Tamper {
    /// Any change to header and claims, correctly signed with the current key.
    #[must_use]
    pub fn edit(edit: impl Fn(&mut Token) + Send + Sync + 'static) -> Self {
        Self { edit: Arc::new(edit), signing: Signing::CurrentKey, times: 1 }
    }

    /// Changes the next `times` ID tokens.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// `alg: none` and an empty signature.
    #[must_use]
    pub fn unsigned() -> Self {
        Self::signed(Signing::Nothing, |token| token.header["alg"] = json!("none"))
    }

    /// HS256 with the PEM of the public key as the secret.
    #[must_use]
    pub fn hs256_with_public_key() -> Self {
        Self::signed(Signing::PublicKeyAsSecret, |token| token.header["alg"] = json!("HS256"))
    }

    /// HS256 with the client secret, which the discovery document allows.
    #[must_use]
    pub fn hs256_with_client_secret() -> Self {
        Self::signed(Signing::ClientSecret, |token| token.header["alg"] = json!("HS256"))
    }

    /// A `kid` that the key set does not contain.
    #[must_use]
    pub fn unknown_kid() -> Self {
        Self::edit(|token| token.header["kid"] = json!("no-such-key"))
    }

    /// No `kid`.
    #[must_use]
    pub fn without_kid() -> Self {
        Self::edit(|token| {
            token.header.as_object_mut().map(|header| header.remove("kid"));
        })
    }

    /// The current `kid`, but a signature by another key.
    #[must_use]
    pub fn other_key() -> Self {
        Self::signed(Signing::OtherKey, |_| ())
    }

    /// A critical header that is not registered (RFC 7515 §4.1.11).
    #[must_use]
    pub fn critical_header() -> Self {
        Self::edit(|token| {
            token.header["crit"] = json!(["unheard-of"]);
            token.header["unheard-of"] = json!(true);
        })
    }

    /// Signed by another key, which the header contains as `jwk`.
    #[must_use]
    pub fn embedded_key() -> Self {
        Self::signed(Signing::OtherKey, |token| {
            let jwk = keys::forger().jwk();
            token.header["kid"] = jwk["kid"].clone();
            token.header["jwk"] = jwk;
        })
    }

    /// Signed by another key, to be fetched from the URL in `jku`.
    #[must_use]
    pub fn linked_key(jku: &str) -> Self {
        let jku = jku.to_owned();
        Self::signed(Signing::OtherKey, move |token| {
            token.header["kid"] = json!(keys::forger().kid);
            token.header["jku"] = json!(jku);
        })
    }

    /// Correctly signed, with a claim of `bytes` bytes.
    #[must_use]
    pub fn huge(bytes: usize) -> Self {
        Self::edit(move |token| token.claims["padding"] = json!("x".repeat(bytes)))
    }

    fn signed(signing: Signing, edit: impl Fn(&mut Token) + Send + Sync + 'static) -> Self {
        Self { signing, ..Self::edit(edit) }
    }

    pub(crate) fn apply(&self, mut token: Token, current: &SigningKey, client_secret: &str) -> String {
        (self.edit)(&mut token);
        match self.signing {
            Signing::CurrentKey => token.sign(current),
            Signing::OtherKey => token.sign(&keys::forger()),
            Signing::Nothing => token.unsigned(),
            Signing::PublicKeyAsSecret => token.sign_with_secret(current.public_pem().as_bytes()),
            Signing::ClientSecret => token.sign_with_secret(client_secret.as_bytes()),
        }
    }
}

impl fmt::Debug for Tamper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tamper")
            .field("signing", &self.signing)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

impl World {
    /// The change for the next ID token, if any.
    pub(crate) fn next_tamper(&mut self) -> Option<Tamper> {
        let tamper = self.id_token_tampers.front_mut()?;
        tamper.times = tamper.times.saturating_sub(1);
        let next = tamper.clone();
        if next.times == 0 {
            self.id_token_tampers.pop_front();
        }
        Some(next)
    }
}
