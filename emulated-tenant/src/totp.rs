//! Codes of authenticator apps: SHA-1, six digits, 30 seconds (RFC 6238), as the `barcode_uri` says.

use totp_rs::{Builder, Secret, Totp};

use crate::authenticator::Authenticator;

/// The code that an app with this base32 secret shows at a Unix time; `None` when it is no base32.
#[must_use]
pub fn totp_code(secret: &str, unix_time: u64) -> Option<String> {
    generator(secret).map(|generator| generator.generate(unix_time).to_string())
}

/// Accepts a code of this, the previous or the next step, each step once; remembers the step.
pub(crate) fn accept(authenticator: &mut Authenticator, code: &str, unix_time: u64) -> bool {
    let generator = authenticator.secret.as_deref().and_then(generator);
    let step = generator.and_then(|generator| generator.check(code, unix_time));
    let fresh = step.filter(|step| authenticator.last_step.is_none_or(|last| *step > last));
    authenticator.last_step = fresh.or(authenticator.last_step);
    fresh.is_some()
}

fn generator(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Some(Builder::new().with_secret(secret).with_skew(1).build_noncompliant())
}
