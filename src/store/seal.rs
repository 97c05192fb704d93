//! Seals records with AES-256-GCM-SIV, so that a stolen store opens nothing.
//!
//! A sealed record is `version (1) | key id (4) | nonce (12) | ciphertext and tag`, sizes in bytes. Random nonces are
//! safe with this cipher (RFC 8452 §1). The record's name is authenticated as well, so that records cannot be swapped.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use secrecy::{ExposeSecret, SecretSlice};

use crate::random::Random;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const HEADER: usize = 1 + 4 + NONCE;

/// The keys derived from AUTH0_SECRET. The first one seals, all of them open.
pub struct KeyRing {
    keys: Vec<SealingKey>,
    lookups: Vec<hmac::Key>,
    references: Vec<ReferenceKey>,
}

/// A key that makes references to people and things for the audit stream.
#[derive(Clone)]
pub(crate) struct ReferenceKey {
    /// Names the key in the stream, and tells nothing of it.
    pub(crate) id: String,
    pub(crate) key: hmac::Key,
}

struct SealingKey {
    id: [u8; 4],
    key: LessSafeKey,
}

impl KeyRing {
    /// Derives the keys from the master keys, in order. Without any, nothing can be sealed.
    #[must_use]
    pub fn new(masters: &[SecretSlice<u8>]) -> Self {
        let all: Vec<&[u8]> = masters.iter().map(ExposeSecret::expose_secret).collect();
        // Guessable keys are stored once per master key. A duplicate master key would make a record collide with
        // itself.
        let distinct = || all.iter().enumerate().filter(|(at, master)| !all[..*at].contains(master));
        let lookup =
            |master: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"mfa-portal look-up"));
        Self {
            keys: distinct().map(|(_, master)| SealingKey::derive(master)).collect(),
            lookups: distinct().map(|(_, master)| lookup(master)).collect(),
            references: distinct().map(|(_, master)| ReferenceKey::derive(master)).collect(),
        }
    }

    /// The keys that name guessable things, one for each master key.
    pub(super) fn lookups(&self) -> &[hmac::Key] {
        &self.lookups
    }

    /// The keys of references, newest first.
    pub(crate) fn references(&self) -> &[ReferenceKey] {
        &self.references
    }

    /// Seals `plain` with `name` as associated data. `None` when the ring is empty.
    #[must_use]
    pub fn seal(&self, random: &Random, name: &[u8], plain: Vec<u8>) -> Option<Vec<u8>> {
        let SealingKey { id, key } = self.keys.first()?;
        let nonce = random.bytes::<NONCE>();
        let mut sealed = plain;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut sealed)
            .ok()?;
        Some([&[VERSION][..], id, &nonce, &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] made for the same name; anything else is `None`.
    #[must_use]
    pub fn open(&self, name: &[u8], record: &[u8]) -> Option<Vec<u8>> {
        let (header, sealed) = record.split_at_checked(HEADER)?;
        let SealingKey { key, .. } = self.keys.iter().find(|key| key.id == header[1..5])?;
        let nonce = Nonce::try_assume_unique_for_key(&header[5..]).ok().filter(|_| header[0] == VERSION)?;
        let mut sealed = sealed.to_vec();
        let length = key.open_in_place(nonce, Aad::from(name), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

impl ReferenceKey {
    fn derive(master: &[u8]) -> Self {
        let id = digest::digest(&digest::SHA256, &derive(master, b"mfa-portal reference key id"));
        let id: Vec<String> = id.as_ref()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"mfa-portal reference"));
        Self { id: id.concat(), key }
    }
}

impl SealingKey {
    #[expect(clippy::expect_used, reason = "32 bytes are what AES-256 takes")]
    fn derive(master: &[u8]) -> Self {
        let mut id = [0; 4];
        id.copy_from_slice(
            &digest::digest(&digest::SHA256, &derive(master, b"mfa-portal key id")).as_ref()[..4],
        );
        let key =
            UnboundKey::new(&AES_256_GCM_SIV, &derive(master, b"mfa-portal seal")).expect("the key fits");
        Self { id, key: LessSafeKey::new(key) }
    }
}

/// An independent key for each purpose, by HKDF-SHA-256 (RFC 5869).
#[expect(clippy::expect_used, reason = "32 bytes are within what HKDF-SHA-256 gives")]
fn derive(master: &[u8], purpose: &[u8]) -> [u8; 32] {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"");
    let mut derived = [0; 32];
    salt.extract(master)
        .expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut derived))
        .expect("the length fits");
    derived
}
