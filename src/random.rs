//! Where randomness comes from. Everything else takes a [`Random`], so that tests can pin every page.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A source of unpredictable bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

/// Fills all the bytes it is given.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    /// The operating system's generator, through aws-lc.
    ///
    /// # Panics
    /// Where the system has no randomness to give.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness is drawn")]
    #[expect(clippy::expect_used, reason = "without randomness nothing here may go on")]
    pub fn system() -> Self {
        Self(Arc::new(|bytes| aws_lc_rs::rand::fill(bytes).expect("the system gives random bytes")))
    }

    /// A source that fills with whatever `fill` writes. For tests only.
    pub fn from_fn(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// 128 random bits as 22 characters that need no escaping in a URL or a cookie.
    #[must_use]
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<16>())
    }

    /// 256 random bits as 43 characters: a PKCE code verifier (RFC 7636 §4.1).
    #[must_use]
    pub fn verifier(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}
