//! Codes of authenticator apps: SHA-1, six digits, 30 seconds (RFC 6238), as in the `barcode_uri`.

use totp_rs::{Builder, Secret, Totp};

use crate::world::authenticator::Authenticator;

/// The code that an app with this secret shows at a Unix time in seconds; `None` if the secret is not base32.
#[must_use]
pub fn totp_code(secret: &str, unix_time: u64) -> Option<String> {
    generator(secret).map(|generator| generator.generate(unix_time).to_string())
}

/// Accepts a code of the current, the previous or the next time step, each step once (RFC 6238 §5.2).
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
