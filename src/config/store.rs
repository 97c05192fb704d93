//! Parses SESSION_STORE. It may hold a password, so no error repeats it.

use std::path::PathBuf;

use redis::ConnectionInfo;
use url::Url;

use super::ConfigError;
use crate::secret::Secret;
use crate::store::StoreUrl;

const DEFAULT: &str = "mfa-portal.db";

pub(super) fn store_url(setting: Option<&Secret>) -> Result<StoreUrl, ConfigError> {
    let Some(text) = setting.map(Secret::expose) else { return Ok(StoreUrl::Sqlite(PathBuf::from(DEFAULT))) };
    match text.split_once(':') {
        Some(("memory", "")) => Ok(StoreUrl::Memory),
        Some(("sqlite", path)) if !path.is_empty() => Ok(StoreUrl::Sqlite(PathBuf::from(path))),
        Some(("redis" | "rediss", address)) if address.starts_with("//") => redis(text),
        _ => Err(problem("is unknown. Use memory:, sqlite:PATH or redis://HOST:PORT.")),
    }
}

fn problem(problem: &str) -> ConfigError {
    ConfigError::new("SESSION_STORE", problem)
}

/// `redis://USER:PASSWORD@HOST:PORT/DATABASE`, as in redis-cli.
fn redis(text: &str) -> Result<StoreUrl, ConfigError> {
    let url = Url::parse(text).map_err(|_| {
        problem(
            "is not a URL. Write redis://USER:PASSWORD@HOST:PORT/DATABASE, with characters such as @ and / in the \
             password percent-encoded.",
        )
    })?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(problem(
            "has a query or fragment, which means nothing here. Write redis://HOST:PORT/DATABASE.",
        ));
    }
    if !url.username().is_empty() && url.password().is_none() {
        return Err(problem(
            "names a user without a password. Write USER:PASSWORD@, or :PASSWORD@ for the default user.",
        ));
    }
    // The redis crate's reasons are fixed strings, such as "Invalid database number".
    let server: ConnectionInfo =
        text.parse().map_err(|reason| problem(&format!("cannot be used: {reason}.")))?;
    Ok(StoreUrl::Redis(Box::new(server)))
}
