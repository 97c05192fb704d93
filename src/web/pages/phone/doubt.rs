//! Doubts about a number, which a second press of the button overrides: it is on the list already, or it is a landline.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

use super::number;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::{Account, Entry};
use crate::web::layout::mistake::Mistake;

/// The doubt about this number in E.164, if there is one.
pub(super) async fn about(account: &Account, factor: Factor, number: &str) -> Result<Option<Mistake>, Error> {
    if factor == Factor::Sms && is_landline(number) {
        let has_calls = account.portal.config.factors.contains(&Factor::Voice);
        let id = if has_calls { "mistake-number-landline" } else { "mistake-number-landline-only" };
        return Ok(Some(Mistake::new(id)));
    }
    let entries = account.overview().await?.entries;
    let is_twin = |entry: &Entry| {
        entry.factors.contains(&factor) && entry.ending().is_some_and(|ending| number.ends_with(ending))
    };
    Ok(entries.iter().any(is_twin).then(|| Mistake::new("mistake-number-twice")))
}

/// Whether the number's range is that of landlines alone. Some countries have none such.
fn is_landline(number: &str) -> bool {
    let kind = number::read(number).map(|number| PHONE_NUMBER_UTIL.get_number_type(&number));
    kind == Some(PhoneNumberType::FixedLine)
}
