//! The organizations and connections of sign-ins: the one of every sign-in, and those that links may name.

use super::{ConfigError, entries};
use crate::tenant::Organization;

/// In characters (Auth0, Management API, `POST /api/v2/connections`, `name`).
const MAX_CONNECTION: usize = 128;

/// The organizations of a list, or of the setting with a single one.
pub(super) fn organizations(
    setting: &'static str,
    list: Option<&str>,
) -> Result<Vec<Organization>, ConfigError> {
    let organization = |text: &str| {
        Organization::named(text).ok_or_else(|| {
            let problem = format!(
                "«{text}» is no organization. Write its id, org_…, or its name: at most 50 letters, digits, _ and -."
            );
            ConfigError::new(setting, problem)
        })
    };
    entries(list.unwrap_or_default()).map(organization).collect()
}

/// The organization of every sign-in.
pub(super) fn organization(text: Option<&str>) -> Result<Option<Organization>, ConfigError> {
    const SETTING: &str = "AUTH0_ORGANIZATION";
    let mut named = organizations(SETTING, text)?;
    if named.len() > 1 {
        let problem =
            "names more than one. Keep the one of every sign-in, and list the others in ORGANIZATIONS.";
        return Err(ConfigError::new(SETTING, problem));
    }
    Ok(named.pop())
}

/// The names of connections in a list.
pub(super) fn connections(list: Option<&str>) -> Result<Vec<String>, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let connection = |text: &str| {
        if text.len() <= MAX_CONNECTION && text.chars().all(plain) {
            return Ok(text.to_owned());
        }
        let problem = format!("«{text}» is no connection. Write its name as Auth0's dashboard shows it.");
        Err(ConfigError::new("CONNECTIONS", problem))
    };
    entries(list.unwrap_or_default()).map(connection).collect()
}
