//! Random tokens that tell whose they are, to holders of AUTH0_SECRET alone. So a token outlives its session without a
//! record of its owner.

use std::array;

use aws_lc_rs::hmac;
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
        let random = self.random.bytes::<HALF>();
        let tag = tags(&self.keys, &random, owner).next().unwrap_or_default();
        Secret::from(URL_SAFE_NO_PAD.encode([random, tag].concat()))
    }

    /// Whether this is a token of this owner.
    pub(crate) fn is_token_of(&self, token: &Secret, owner: &str) -> bool {
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).unwrap_or_default();
        let Some((random, tag)) = bytes.split_at_checked(HALF) else { return false };
        tags(&self.keys, random, owner).any(|own| own == tag)
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
