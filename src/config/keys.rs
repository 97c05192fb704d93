//! Sealing keys in AUTH0_SECRET: at least 32 bytes each, and not taken from an example.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::SecretSlice;

use super::ConfigError;
use crate::secret::Secret;
use crate::store::MAX_SECRETS;

pub(super) fn sealing_keys(list: &Secret) -> Result<Vec<SecretSlice<u8>>, ConfigError> {
    let keys =
        list.expose().split(',').map(|entry| sealing_key(entry.trim())).collect::<Result<Vec<_>, _>>()?;
    if keys.len() > MAX_SECRETS {
        let problem = format!("has more than {MAX_SECRETS} entries. Remove the oldest ones.");
        return Err(ConfigError::new("AUTH0_SECRET", problem));
    }
    Ok(keys)
}

/// Hex or base64. A key of few different bytes comes from an example, not from a generator.
fn sealing_key(text: &str) -> Result<SecretSlice<u8>, ConfigError> {
    let problem = |problem: &str| {
        ConfigError::new("AUTH0_SECRET", format!("{problem} Make one with `openssl rand -hex 32`."))
    };
    let bytes = hex(text)
        .or_else(|| STANDARD.decode(text).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
        .ok_or_else(|| problem("has an entry that is neither hex nor base64."))?;
    if bytes.len() < 32 {
        return Err(problem("has an entry shorter than 32 bytes."));
    }
    if bytes.iter().collect::<HashSet<_>>().len() < 8 {
        return Err(problem("has an entry that is easy to guess."));
    }
    Ok(bytes.into())
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let even = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<_>>().filter(|_| even)
}
