//! Parses SESSION_STORE. It may hold a password, so no error repeats it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ConfigError, Settings};
use crate::store::{RedisAddress, StoreUrl};

const DEFAULT: &str = "mfa-portal.db";
const SCHEMES: [&str; 6] =
    ["redis", "rediss", "redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"];

pub(super) fn store(settings: &Settings) -> Result<StoreUrl, ConfigError> {
    let setting = settings.store()?;
    let Some(text) = setting.as_ref().map(crate::secret::Secret::expose) else {
        return without_identity(settings, StoreUrl::Sqlite(PathBuf::from(DEFAULT)));
    };
    match text.split_once(':') {
        Some(("memory", "")) => without_identity(settings, StoreUrl::Memory),
        Some(("sqlite", path)) if !path.is_empty() => {
            without_identity(settings, StoreUrl::Sqlite(PathBuf::from(path)))
        }
        Some((scheme, address)) if SCHEMES.contains(&scheme) && address.starts_with("//") => {
            redis(settings, text)
        }
        _ => Err(problem("is unknown. Use memory:, sqlite:PATH or redis://HOST:PORT.")),
    }
}

fn problem(problem: &str) -> ConfigError {
    ConfigError::new("SESSION_STORE", problem)
}

fn redis(settings: &Settings, text: &str) -> Result<StoreUrl, ConfigError> {
    let address: RedisAddress = text.parse().map_err(|reason| problem(&format!("{reason}.")))?;
    let address = match (&settings.redis_cert_file, &settings.redis_key_file) {
        (None, None) => return Ok(StoreUrl::Redis(Box::new(address))),
        (Some(_), Some(_)) if !address.has_tls() => {
            let words = "is for an encrypted connection. Write rediss:// in SESSION_STORE, or take it away.";
            return Err(ConfigError::new("REDIS_CERT_FILE", words));
        }
        (Some(certificate), Some(key)) => {
            address.with_identity(read("REDIS_CERT_FILE", certificate)?, read("REDIS_KEY_FILE", key)?)
        }
        (Some(_), None) => return Err(half("REDIS_KEY_FILE", "REDIS_CERT_FILE")),
        (None, Some(_)) => return Err(half("REDIS_CERT_FILE", "REDIS_KEY_FILE")),
    };
    // The reason names no more than what could not be read.
    address.checked().map_err(|_| {
        ConfigError::new("REDIS_CERT_FILE", "and REDIS_KEY_FILE hold no certificate and its key in PEM.")
    })?;
    Ok(StoreUrl::Redis(Box::new(address)))
}

fn without_identity(settings: &Settings, store: StoreUrl) -> Result<StoreUrl, ConfigError> {
    match (&settings.redis_cert_file, &settings.redis_key_file) {
        (None, None) => Ok(store),
        _ => Err(ConfigError::new("REDIS_CERT_FILE", "is for Redis, which SESSION_STORE does not name.")),
    }
}

fn half(missing: &'static str, beside: &str) -> ConfigError {
    ConfigError::new(missing, format!("is missing beside {beside}. Set both or neither."))
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    fs::read(path)
        .map_err(|error| ConfigError::new(setting, format!("{} cannot be read: {error}.", path.display())))
}
