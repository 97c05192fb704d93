//! The countries of phone numbers in the reader's order and language, with their dialling codes.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use crate::config::Config;
use crate::i18n::Words;

/// One line of the choice.
pub(super) struct Country {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// Every country that is allowed, the chosen one marked.
pub(super) fn choice(config: &Config, words: &Words, chosen: Option<Region>) -> Vec<Country> {
    let order = words.data("country-order");
    let line = |code: &str| {
        let region = allowed(config, code)?;
        let dialling = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
        let name = format!("{} {}", words.t(&format!("country-{code}")), in_brackets(dialling, words));
        Some(Country { code: code.to_owned(), name, chosen: chosen == Some(region) })
    };
    order.split(' ').filter_map(line).collect()
}

/// The dialling code, isolated in right-to-left text, where its plus would otherwise change sides (Unicode UAX #9).
fn in_brackets(dialling: i32, words: &Words) -> String {
    if words.dir() == "rtl" { format!("(\u{2066}+{dialling}\u{2069})") } else { format!("(+{dialling})") }
}

/// The likely country: the operator's default, else that of the browser's language, else that of the profile's.
pub(super) fn preselected(config: &Config, words: &Words, locale: Option<&str>) -> Option<Region> {
    let spoken = words.region().map(ToOwned::to_owned).or_else(|| region_of(locale?));
    config.default_country.as_deref().or(spoken.as_deref()).and_then(|code| allowed(config, code))
}

/// The country with this code, if numbers there may be added.
pub(super) fn allowed(config: &Config, code: &str) -> Option<Region> {
    let listed = config.phone_countries.as_ref().is_none_or(|list| list.iter().any(|it| it == code));
    Region::from_code(code).ok().filter(|_| listed)
}

/// The country in a language tag such as `pt-BR`.
fn region_of(tag: &str) -> Option<String> {
    tag.split(['-', '_']).skip(1).find(|part| part.len() == 2).map(str::to_ascii_uppercase)
}
