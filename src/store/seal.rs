//! Seals records with AES-256-GCM-SIV, so that a stolen store opens nothing.
//!
//! A sealed record is `version (1) | key id (4) | nonce (12) | ciphertext and tag`. Random nonces are safe with this
//! cipher (RFC 8452 §1), and the place where a record belongs is authenticated with it, so that records cannot be swapped.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use secrecy::{ExposeSecret, SecretSlice};

use crate::random::Random;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const HEADER: usize = 1 + 4 + NONCE;

/// The sealing keys: the first one seals, all of them open (AUTH0_SECRET).
pub struct KeyRing {
    keys: Vec<SealingKey>,
    lookups: Vec<hmac::Key>,
}

struct SealingKey {
    id: [u8; 4],
    key: LessSafeKey,
}

impl KeyRing {
    /// A ring of the given master keys, in order. At least one is needed; without any, nothing can be sealed.
    #[must_use]
    pub fn new(masters: &[SecretSlice<u8>]) -> Self {
        let all: Vec<&[u8]> = masters.iter().map(ExposeSecret::expose_secret).collect();
        // Something guessable lies under a name for each key; with one key twice it would be in its own way.
        let each = || all.iter().enumerate().filter(|(at, master)| !all[..*at].contains(master));
        let lookup =
            |master: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"mfa-portal look-up"));
        Self {
            keys: each().map(|(_, master)| SealingKey::derive(master)).collect(),
            lookups: each().map(|(_, master)| lookup(master)).collect(),
        }
    }

    /// What guessable things are named with: a key of each entry, in order.
    pub(super) fn lookups(&self) -> &[hmac::Key] {
        &self.lookups
    }

    /// Seals `plain` for `place`. `None` only when there is no key.
    #[must_use]
    pub fn seal(&self, random: &Random, place: &[u8], plain: Vec<u8>) -> Option<Vec<u8>> {
        let SealingKey { id, key } = self.keys.first()?;
        let nonce = random.bytes::<NONCE>();
        let mut sealed = plain;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .ok()?;
        Some([&[VERSION][..], id, &nonce, &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] made for the same place; anything else is `None`.
    #[must_use]
    pub fn open(&self, place: &[u8], record: &[u8]) -> Option<Vec<u8>> {
        let (header, sealed) = record.split_at_checked(HEADER)?;
        let SealingKey { key, .. } = self.keys.iter().find(|key| key.id == header[1..5])?;
        let nonce = Nonce::try_assume_unique_for_key(&header[5..]).ok().filter(|_| header[0] == VERSION)?;
        let mut sealed = sealed.to_vec();
        let length = key.open_in_place(nonce, Aad::from(place), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
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

/// HKDF-SHA-256 (RFC 5869): one independent key for each purpose.
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
