//! The tenant's randomness: the system's, or repeatable from a seed, so that tests can compare page snapshots.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const RECOVERY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DIGITS: &[u8] = b"0123456789";

/// Draws ids, codes and secrets in Auth0's formats.
pub(crate) struct Random {
    seed: Option<u64>,
    drawn: u64,
}

impl Random {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, drawn: 0 }
    }

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

    /// Lower-case hexadecimal digits, as in `X-Auth0-RequestId`.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.pick(length, b"0123456789abcdef")
    }

    /// The suffix of an authenticator's id: `dev_` and 16 alphanumerics.
    pub(crate) fn device(&mut self) -> String {
        format!("dev_{}", self.pick(16, ALPHANUMERIC))
    }

    /// An unguessable handle of 32 alphanumerics.
    pub(crate) fn handle(&mut self) -> String {
        self.pick(32, ALPHANUMERIC)
    }

    /// The six digits of a text, a call or an e-mail.
    pub(crate) fn code(&mut self) -> String {
        self.pick(6, DIGITS)
    }

    /// 24 characters from A-Z and 0-9.
    pub(crate) fn recovery_code(&mut self) -> String {
        self.pick(24, RECOVERY)
    }

    /// 32 base32 characters, which encode 20 bytes.
    pub(crate) fn totp_secret(&mut self) -> String {
        self.pick(32, BASE32)
    }

    /// An opaque token in the format of hapi-iron, as Auth0's `mfa_token` and `oob_code` are (recorded traffic).
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
