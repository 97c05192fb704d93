//! The tenant's signing keys: RSA 2048, a current and a next one, as Auth0 publishes them. All tenants of a
//! process share one pool of keys, because making a key takes long.

use std::sync::{Arc, OnceLock};
use std::thread;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// After this many rotations the first key comes again.
const POOL_SIZE: usize = 6;
static POOL: [OnceLock<Arc<SigningKey>>; POOL_SIZE] = [const { OnceLock::new() }; POOL_SIZE];
static FORGER: OnceLock<Arc<SigningKey>> = OnceLock::new();

/// An RSA key and its id.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pair: KeyPair,
}

impl SigningKey {
    #[expect(clippy::expect_used, reason = "without keys there is no tenant")]
    fn generate() -> Arc<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, pair.public_key().as_ref()));
        Arc::new(Self { kid: kid.chars().take(21).collect(), pair })
    }

    /// Signs with RS256 (RFC 7518 §3.3).
    #[expect(clippy::expect_used, reason = "signing fails for lack of memory only")]
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let digest = digest(&SHA256, message);
        self.pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature).expect("a key of ours signs");
        signature
    }

    /// Whether this key made the signature.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        public.verify(message, signature).is_ok()
    }

    /// The entry in the key set, without `x5c` and `x5t`: this tenant has no certificates.
    pub(crate) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA",
            "use": "sig",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
            "kid": self.kid,
            "alg": "RS256",
        })
    }

    /// The public key as PEM, which a careless verifier may use as an HMAC secret.
    #[expect(clippy::expect_used, reason = "every RSA key has this form")]
    pub(crate) fn public_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.pair.public_key().as_der().expect("an RSA key has this form");
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
}

/// The positions of the current and the oldest published key in the pool.
pub(crate) struct KeyRing {
    current: usize,
    oldest: usize,
}

impl KeyRing {
    /// Makes the first two keys in parallel, so that the first tenant of a process starts quickly.
    pub(crate) fn new() -> Self {
        thread::scope(|scope| {
            scope.spawn(|| key(1));
            key(0);
        });
        Self { current: 0, oldest: 0 }
    }

    pub(crate) fn current(&self) -> Arc<SigningKey> {
        key(self.current)
    }

    /// The next key becomes the current one; previous keys stay published.
    pub(crate) fn rotate(&mut self) {
        self.current += 1;
    }

    /// Stops publishing the previous keys.
    pub(crate) fn forget_previous(&mut self) {
        self.oldest = self.current;
    }

    /// The published keys: current, next, then the previous ones.
    pub(crate) fn published(&self) -> Vec<Arc<SigningKey>> {
        let next = self.current + 1;
        [self.current, next].into_iter().chain(self.oldest..self.current).map(key).collect()
    }
}

fn key(index: usize) -> Arc<SigningKey> {
    POOL[index % POOL_SIZE].get_or_init(SigningKey::generate).clone()
}

/// A key that no tenant publishes, for forged signatures.
pub(crate) fn forger() -> Arc<SigningKey> {
    FORGER.get_or_init(SigningKey::generate).clone()
}
