//! `Accept-Language`: every header yields a language that there is, tags without a valid weight count for nothing, and
//! the tenant is asked for few plain tags.

use std::sync::LazyLock;

use mfa_portal::internals::{Words, preferences};

static AVAILABLE: LazyLock<Vec<String>> = LazyLock::new(|| Words::all().map(|words| words.lang()).collect());

/// The input is the header.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(header) = std::str::from_utf8(bytes) else { return };
    let tags = preferences(header);
    let items: Vec<&str> = header.split(',').collect();
    let wanted = items.iter().filter(|item| is_wanted(item)).count();
    assert_eq!(tags.len(), wanted, "the grammar allows another number of tags");
    assert!(tags.iter().all(|tag| !tag.contains([',', ';']) && tag.trim() == *tag));

    let words = best(header);
    assert!(AVAILABLE.contains(&words.lang()) || words.lang() == "en-XA", "{} is no language", words.lang());
    for same in [
        header.to_ascii_uppercase(),
        format!("{header},eo"),
        format!("{header},de;q=0"),
        format!("xx,{header}"),
    ] {
        assert_eq!(best(&same).lang(), words.lang(), "{same:?}");
    }
    let asked = words.ui_locales();
    let asked: Vec<&str> = asked.split(' ').collect();
    assert!((1..=5).contains(&asked.len()), "{asked:?}");
    for (at, tag) in asked.iter().enumerate() {
        assert!(!asked[..at].contains(tag), "{tag} is asked for twice");
        assert!(
            !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "{tag:?}"
        );
    }
    let is_code =
        |code: &str| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    assert!(words.region().is_none_or(is_code));
}

fn best(header: &str) -> Words {
    Words::best(preferences(header))
}

/// Whether the item's weight is one of RFC 9110 §12.4.2, and not zero.
fn is_wanted(item: &str) -> bool {
    let Some((_, weight)) = item.split_once(';') else { return true };
    let weight = weight.trim().to_ascii_lowercase();
    let Some(weight) = weight.strip_prefix("q=") else { return false };
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let is_number = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let is_zero = decimals.bytes().all(|byte| byte == b'0');
    is_number && ((whole == "0" && !is_zero) || (whole == "1" && is_zero))
}
