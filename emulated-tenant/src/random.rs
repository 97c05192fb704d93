//! The tenant's randomness: the system's, or a repeatable one from a seed, so that pages can be snapshotted.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const RECOVERY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DIGITS: &[u8] = b"0123456789";

/// Draws ids, codes and secrets in the shapes that Auth0 gives them.
pub(crate) struct Random {
    seed: Option<u64>,
    drawn: u64,
}

impl Random {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, drawn: 0 }
    }

    /// `length` random bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            bytes.extend(self.block());
        }
        bytes.truncate(length);
        bytes
    }

    fn block(&mut self) -> [u8; 32] {
        let mut block = [0; 32];
        match self.seed {
            Some(seed) => {
                let input = [seed.to_be_bytes(), self.drawn.to_be_bytes()].concat();
                block.copy_from_slice(digest(&SHA256, &input).as_ref());
                self.drawn += 1;
            }
            None => fill(&mut block),
        }
        block
    }

    fn pick(&mut self, length: usize, alphabet: &[u8]) -> String {
        let pick = |byte: u8| char::from(alphabet[usize::from(byte) % alphabet.len()]);
        self.bytes(length).into_iter().map(pick).collect()
    }

    /// Hexadecimal digits, as in `X-Auth0-RequestId`.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.pick(length, b"0123456789abcdef")
    }

    /// The part of an authenticator's id that pairs share: `dev_` and 16 alphanumerics.
    pub(crate) fn device(&mut self) -> String {
        format!("dev_{}", self.pick(16, ALPHANUMERIC))
    }

    /// A handle that nobody guesses.
    pub(crate) fn handle(&mut self) -> String {
        self.pick(32, ALPHANUMERIC)
    }

    /// The six digits of a text, a call or a mail.
    pub(crate) fn code(&mut self) -> String {
        self.pick(6, DIGITS)
    }

    /// 24 of A-Z and 0-9.
    pub(crate) fn recovery_code(&mut self) -> String {
        self.pick(24, RECOVERY)
    }

    /// 32 base32 characters, 20 bytes.
    pub(crate) fn totp_secret(&mut self) -> String {
        self.pick(32, BASE32)
    }

    /// An opaque token in the shape of hapi-iron, which Auth0 uses for `mfa_token` and `oob_code`.
    pub(crate) fn iron(&mut self, prefix: &str) -> String {
        let (salt, vector, mac) = (self.hex(64), self.bytes(16), self.hex(64));
        let (sealed, signature) = (self.bytes(224), self.bytes(32));
        let [vector, sealed, signature] =
            [vector, sealed, signature].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("Fe26.2*{prefix}*{salt}*{vector}*{sealed}**{mac}*{signature}")
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the tenant draws randomness")]
#[expect(clippy::expect_used, reason = "a tenant without randomness would hand out guessable codes")]
fn fill(block: &mut [u8]) {
    aws_lc_rs::rand::fill(block).expect("the system has randomness");
}
