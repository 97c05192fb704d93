//! Phone numbers as people type them, turned into E.164, or told what is wrong with them.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, Region, ValidationError,
};

use crate::mistake::Mistake;

/// The number in E.164. Without `country`, only an international form is understood.
pub(super) fn parse(typed: &str, country: Option<Region>) -> Result<String, Mistake> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Mistake::new("mistake-number-empty"));
    }
    // 00 is how most of the world dials abroad; without a country, the library cannot know.
    let international = typed.strip_prefix("00").map(|rest| format!("+{rest}"));
    let text = international.as_deref().unwrap_or(typed);
    let number = PHONE_NUMBER_UTIL.parse(text, country).map_err(|error| unreadable(&error))?;
    // Whether the number exists, the code that arrives will show; tables of valid ranges are always out of date.
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
        Ok(NumberLengthType::IsPossible) if number.extension.is_none() => {}
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => {
            return Err(Mistake::new("mistake-number-short"));
        }
        Err(ValidationError::TooLong) => return Err(Mistake::new("mistake-number-long")),
        _ => return Err(Mistake::new("mistake-number-impossible")),
    }
    Ok(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// A number in E.164 as people write it: `+44 7700 900123`.
pub(in crate::factors) fn spaced(e164: &str) -> String {
    match PHONE_NUMBER_UTIL.parse(e164, None) {
        Ok(number) => PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).into_owned(),
        Err(_) => e164.to_owned(),
    }
}

fn unreadable(error: &ParseError) -> Mistake {
    Mistake::new(match error {
        ParseError::InvalidCountryCode => "mistake-number-country",
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => "mistake-number-short",
        ParseError::TooLongNsn => "mistake-number-long",
        _ => "mistake-number-unreadable",
    })
}
