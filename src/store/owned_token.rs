//! Random tokens that tell whose they are or what they are for, to holders of AUTH0_SECRET alone. So a token outlives its
//! session without a record of its owner, and one that a stranger has invented costs the store nothing.

use std::array;

use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{KeyRing, Store};
use crate::secret::Secret;

/// Random bytes of a token. As many of a keyed hash of them and of the owner follow.
const HALF: usize = 16;
/// It tells these hashes from the names of records, which the same keys make.
const LABEL: &[u8] = b"owned-token";

impl Store {
    /// A new token of this owner: 43 characters of base64url, of which nobody can guess 128 bits.
    pub(crate) fn token_of(&self, owner: &str) -> Secret {
        self.token_from(self.random.bytes(), owner)
    }

    /// The token of this owner with these random bytes.
    pub(crate) fn token_from(&self, random: [u8; HALF], owner: &str) -> Secret {
        let tag = tags(&self.keys, &random, owner).next().unwrap_or_default();
        Secret::from(URL_SAFE_NO_PAD.encode([random, tag].concat()))
    }

    /// Whether this is a token of this owner.
    pub(crate) fn is_token_of(&self, token: &Secret, owner: &str) -> bool {
        self.random_of(token.expose(), owner).is_some()
    }

    /// The random bytes of a token, if it is this owner's.
    pub(crate) fn random_of(&self, token: &str, owner: &str) -> Option<[u8; HALF]> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (random, tag) = bytes.split_first_chunk()?;
        let is_own = |own: [u8; HALF]| constant_time::verify_slices_are_equal(&own, tag).is_ok();
        tags(&self.keys, random, owner).any(is_own).then_some(*random)
    }
}

/// The hashes of a random half and an owner, one for each entry of AUTH0_SECRET.
fn tags(keys: &KeyRing, random: &[u8], owner: &str) -> impl Iterator<Item = [u8; HALF]> {
    keys.lookups().iter().map(move |key| {
        let mut mac = hmac::Context::with_key(key);
        for part in [LABEL, random, owner.as_bytes()] {
            mac.update(part);
            mac.update(&[0]);
        }
        let hash = mac.sign();
        array::from_fn(|at| hash.as_ref()[at])
    })
}
