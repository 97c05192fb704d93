//! References: keyed hashes in place of ids. Lines about one person, session or authenticator are found together, and
//! tell nobody whose they are.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::ReferenceKey;

/// 128 bits are enough to tell all apart.
const BYTES: usize = 16;

/// The reference of an id of this kind: HMAC-SHA-256, cut to 128 bits (RFC 2104 §5).
pub(super) fn reference(key: &ReferenceKey, kind: &str, parts: &[&str]) -> String {
    let mut mac = hmac::Context::with_key(&key.key);
    mac.update(kind.as_bytes());
    for part in parts {
        mac.update(&[0]);
        mac.update(part.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(&mac.sign().as_ref()[..BYTES])
}
