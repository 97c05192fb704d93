//! How the portal's two applications prove who they are to the tenant: by secrets, or by a private key.

use super::{ConfigError, Settings, required};
use crate::tenant::{ClientKey, Credentials, Management};

const KEY_FILE: &str = "AUTH0_CLIENT_KEY_FILE";
const MANAGEMENT_ID: &str = "AUTH0_MANAGEMENT_CLIENT_ID";
const MANAGEMENT_SECRET: &str = "AUTH0_MANAGEMENT_CLIENT_SECRET";

pub(super) fn of_application(settings: &Settings) -> Result<Credentials, ConfigError> {
    let secret = settings.client_secret()?.filter(|secret| !secret.expose().is_empty());
    match (key(settings)?, secret) {
        (Some(_), Some(_)) => {
            let words = "is set, and AUTH0_CLIENT_SECRET too. An application has one of them: keep that one.";
            Err(ConfigError::new(KEY_FILE, words))
        }
        (Some(key), None) => Ok(Credentials::Key(key)),
        (None, secret) => required("AUTH0_CLIENT_SECRET", secret).map(Credentials::Secret),
    }
}

/// With a private key, the management application needs no secret. Half of the credentials is a mistake, not a choice.
pub(super) fn of_management(settings: &Settings) -> Result<Option<Management>, ConfigError> {
    let missing = |setting, beside| {
        Err(ConfigError::new(setting, format!("is missing beside {beside}. Set both or neither.")))
    };
    let key = key(settings)?.map(Credentials::Key);
    let secret = settings.management_client_secret()?.map(Credentials::Secret);
    match (settings.auth0_management_client_id.clone(), secret.or(key)) {
        (Some(client_id), Some(credentials)) => Ok(Some(Management { client_id, credentials })),
        (None, Some(Credentials::Secret(_))) => missing(MANAGEMENT_ID, MANAGEMENT_SECRET),
        (None, _) => Ok(None),
        (Some(_), None) => missing(MANAGEMENT_SECRET, MANAGEMENT_ID),
    }
}

fn key(settings: &Settings) -> Result<Option<ClientKey>, ConfigError> {
    let Some(path) = &settings.auth0_client_key_file else { return Ok(None) };
    // The path may be the key itself, given by mistake.
    ClientKey::read(path).map(Some).map_err(|why| ConfigError::new(KEY_FILE, format!("{why}.")))
}
