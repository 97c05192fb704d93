//! A request's id: 128 random bits of our own.

use std::fmt;

use crate::random::Random;

/// Names a request in the log, on its error page and in the header `x-request-id`. It is also the nonce of the page's
/// scripts: nobody can guess it before the answer, and no two answers share it (CSP Level 3, `nonce-source`).
#[derive(Clone, Debug)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn new(random: &Random) -> Self {
        Self(random.id())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
