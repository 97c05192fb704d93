//! `otpauth:` URIs and keys as the tenant sends them: nothing else is drawn or linked to, and a key loses no character.

use mfa_portal::internals::{Qr, grouped};
use url::Url;

/// The input is the URI, and the key.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let drawn = Qr::of(text);
    assert_eq!(drawn.is_some(), text.starts_with("otpauth://") && text.len() <= 1024);
    if let Some(qr) = drawn {
        assert!(Url::parse(text).is_err() || Url::parse(text).unwrap().scheme() == "otpauth");
        check_drawing(&qr);
    }
    let key = text.replace(' ', "");
    let grouped = grouped(&key);
    assert_eq!(grouped.replace(' ', ""), key);
    assert!(
        key.is_empty() || grouped.split(' ').all(|group| (1..=4).contains(&group.chars().count())),
        "{grouped}"
    );
}

/// Every run of dark modules lies within the quiet zone, behind the run before it.
fn check_drawing(qr: &Qr) {
    assert!((29..=185).contains(&qr.size) && (qr.size - 29).is_multiple_of(4), "{}", qr.size);
    let mut end = (0, 0);
    for run in qr.path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, width) = rest.split_once(".5h").unwrap();
        let [x, y, width]: [usize; 3] = [x, y, width].map(|number| number.parse().unwrap());
        assert!(x >= 4 && y >= 4 && width > 0 && x + width <= qr.size - 4 && y < qr.size - 4, "{run}");
        assert!((y, x) > end, "{run} covers the run before it");
        end = (y, x + width);
    }
    assert_eq!(qr.path.matches("M4 4.5h7M").count(), 1, "no finder pattern");
}
