//! Phone numbers as people type them, turned into E.164 or refused with the mistake.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

use super::country;
use crate::config::Config;
use crate::web::layout::mistake::Mistake;

/// The most digits of a number, its country's included (ITU-T E.164 §6). Some countries have longer ones of their own.
const MOST_DIGITS: usize = 15;

/// The number in E.164. Without `country`, only an international form is understood; with one, that still wins.
pub fn parse(config: &Config, typed: &str, country: Option<Region>) -> Result<String, Mistake> {
    // As a link that was copied has it (RFC 3966).
    let typed = typed.trim();
    let typed = typed.strip_prefix("tel:").unwrap_or(typed);
    if typed.is_empty() {
        return Err(Mistake::new("mistake-number-empty"));
    }
    // Most of the world dials 00 for abroad; without a country the library does not accept it.
    let international = typed.strip_prefix("00").map(|rest| format!("+{rest}"));
    let text = international.as_deref().unwrap_or(typed);
    let number = PHONE_NUMBER_UTIL.parse(text, country).map_err(|error| unreadable(&error, text))?;
    // Tables of valid ranges are always out of date. Whether the number exists is shown by the code that arrives.
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
        Ok(NumberLengthType::IsPossible) if number.extension.is_some() => {
            return Err(Mistake::new("mistake-number-extension"));
        }
        Ok(NumberLengthType::IsPossible) => {}
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => {
            return Err(Mistake::new("mistake-number-short"));
        }
        Err(ValidationError::TooLong) => return Err(Mistake::new("mistake-number-long")),
        _ => return Err(Mistake::new("mistake-number-impossible")),
    }
    if is_costly(&number) {
        return Err(Mistake::new("mistake-number-costly"));
    }
    if !is_allowed(config, &number) {
        return Err(Mistake::new("mistake-number-not-allowed"));
    }
    // Some spellings keep a national prefix that the number in full loses. Each number is counted in one form alone.
    let full = e164(&number);
    if full.len() > "+".len() + MOST_DIGITS {
        return Err(Mistake::new("mistake-number-long"));
    }
    match PHONE_NUMBER_UTIL.parse(&full, None) {
        Ok(again) if e164(&again) == full => Ok(full),
        _ => Err(Mistake::new("mistake-number-impossible")),
    }
}

/// Whether a call costs more than one to an ordinary phone, so that somebody may earn by having codes sent there: premium
/// and shared-cost numbers, personal ones, and those of no country, such as satellite phones. Networks ignore digits
/// behind a whole number, so these do not hide its kind.
fn is_costly(number: &PhoneNumber) -> bool {
    let mut whole = number.clone();
    PHONE_NUMBER_UTIL.truncate_too_long_number(&mut whole);
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code);
    region.is_none_or(|region| region == Region::World)
        || matches!(
            PHONE_NUMBER_UTIL.get_number_type(&whole),
            PhoneNumberType::PremiumRate
                | PhoneNumberType::SharedCost
                | PhoneNumberType::PersonalNumber
                | PhoneNumberType::Pager
                | PhoneNumberType::VoiceMail
        )
}

fn e164(number: &PhoneNumber) -> String {
    PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164).into_owned()
}

/// Whether the operator accepts numbers of its country (PHONE_COUNTRIES). Countries share codes such as +1; when the
/// number does not tell them apart, any of them is good enough.
fn is_allowed(config: &Config, number: &PhoneNumber) -> bool {
    if config.phone_countries.is_none() {
        return true;
    }
    let allowed = |region: Region| country::allowed(config, &region.as_region_str()).is_some();
    match PHONE_NUMBER_UTIL.get_region_for_number(number) {
        Some(region) => allowed(region),
        None => PHONE_NUMBER_UTIL
            .get_regions_for_country_calling_code(number.country_code)
            .is_some_and(|mut regions| regions.any(allowed)),
    }
}

/// A number in E.164, read again.
pub(super) fn read(e164: &str) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(e164, None).ok()
}

/// A number in E.164 as people write it: `+44 7700 900123`.
pub(in crate::web::pages) fn spaced(e164: &str) -> String {
    match read(e164) {
        Some(number) => PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).into_owned(),
        None => e164.to_owned(),
    }
}

/// The country of a number in an international form. When the number does not tell countries with one code apart, it is
/// the largest.
pub(super) fn country(number: &str) -> Option<Region> {
    let number = read(number)?;
    let largest = || PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(number.country_code)?.next();
    PHONE_NUMBER_UTIL.get_region_for_number(&number).or_else(largest)
}

fn unreadable(error: &ParseError, text: &str) -> Mistake {
    Mistake::new(match error {
        ParseError::InvalidCountryCode if !text.starts_with(['+', '＋']) => "mistake-number-no-country",
        ParseError::InvalidCountryCode => "mistake-number-country",
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => "mistake-number-short",
        ParseError::TooLongNsn => "mistake-number-long",
        ParseError::NotANumber(_) => "mistake-number-unreadable",
    })
}
