//! Countries of phone numbers (PHONE_COUNTRIES, DEFAULT_COUNTRY), as ISO 3166-1 alpha-2 codes.

use super::{ConfigError, Settings};

/// The countries that may be chosen, `None` for all, and the one that is chosen before anybody chooses.
pub(super) fn of(settings: &Settings) -> Result<(Option<Vec<String>>, Option<String>), ConfigError> {
    let allowed = settings.phone_countries.as_deref().map(countries).transpose()?;
    let default = settings.default_country.as_deref();
    let default = default.map(|code| country("DEFAULT_COUNTRY", code)).transpose()?;
    let is_outside = |code: &String| allowed.as_ref().is_some_and(|allowed| !allowed.contains(code));
    if let Some(code) = default.as_ref().filter(|code| is_outside(code)) {
        let problem = format!("«{code}» is not in PHONE_COUNTRIES. Add it there, or choose another.");
        return Err(ConfigError::new("DEFAULT_COUNTRY", problem));
    }
    Ok((allowed, default))
}

fn countries(list: &str) -> Result<Vec<String>, ConfigError> {
    list.split(',').map(|code| country("PHONE_COUNTRIES", code)).collect()
}

fn country(setting: &'static str, code: &str) -> Result<String, ConfigError> {
    let code = code.trim().to_ascii_uppercase();
    let known = rlibphonenumber::Region::from_code(&code)
        .is_ok_and(|region| rlibphonenumber::PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some());
    if known {
        Ok(code)
    } else {
        Err(ConfigError::new(
            setting,
            format!("«{code}» is not a country code. Use ISO codes such as GB,DE."),
        ))
    }
}
