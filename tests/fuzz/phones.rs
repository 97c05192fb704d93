//! Phone numbers: whatever is typed becomes one E.164 form, which is its own, or is refused.

use std::sync::LazyLock;

use mfa_portal::Config;
use mfa_portal::internals::{canonical, phone_number};
use rlibphonenumber::Region;

use super::config;

static ANY: LazyLock<Config> = LazyLock::new(|| config(&[]));
static GERMAN: LazyLock<Config> = LazyLock::new(|| config(&[("phone-countries", "DE")]));

/// The input's first two bytes are the chosen country, or none; the rest is typed.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((country, typed)) = text.split_at_checked(2) else { return };
    let country = Region::from_code(country).ok();
    let read = phone_number(&ANY, typed, country);
    let Ok(number) = &read else {
        return assert!(phone_number(&GERMAN, typed, country).is_err(), "a list of countries allows more");
    };
    let digits = number.strip_prefix('+').unwrap();
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0'), "{number}");
    assert!((4..=15).contains(&digits.len()), "{number}");
    let counted = canonical(number);
    assert_eq!(canonical(&counted), counted, "the counted form of {number} has a form of its own");
    for same in [number.clone(), format!("00{digits}"), format!(" {typed}\t"), format!("\u{a0}{number} ")] {
        assert_eq!(phone_number(&ANY, &same, country), read, "{same:?}");
    }
    assert_eq!(phone_number(&ANY, number, None), read, "the country of {number} was lost");
    match phone_number(&GERMAN, typed, country) {
        Ok(german) => assert!(german == *number && number.starts_with("+49"), "{german} is allowed"),
        Err(_) => assert!(!number.starts_with("+49"), "{number} is refused"),
    }
}
