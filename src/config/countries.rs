//! Countries of phone numbers (PHONE_COUNTRIES, DEFAULT_COUNTRY), as ISO 3166-1 alpha-2 codes.

use super::ConfigError;

pub(super) fn countries(list: &str) -> Result<Vec<String>, ConfigError> {
    list.split(',').map(|code| country("PHONE_COUNTRIES", code)).collect()
}

pub(super) fn country(setting: &'static str, code: &str) -> Result<String, ConfigError> {
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
