//! `Cookie` lines: only cookies of ours reach the pages, each once, and bytes of others change nothing.

use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{COOKIE, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use mfa_portal::internals::{OwnNames, keep_own_cookies};

use super::config;

const SESSION: &str = "__Host-mfa-portal-session";
const OTHERS: [&str; 7] = ["language", "locale", "theme", "frame", "draft", "deep-link", "framed-deep-link"];
static NAMES: LazyLock<OwnNames> = LazyLock::new(|| OwnNames::new(&config(&[])));

/// The input's lines are those of the request.
pub(crate) fn check(bytes: &[u8]) {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let kept = seen(&lines);
    for (at, (name, value)) in kept.iter().enumerate() {
        assert!(is_ours(name), "{name} is not ours");
        assert!(kept[..at].iter().all(|(other, _)| other != name), "{name} comes twice");
        let is_octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\%".contains(&byte);
        assert!(!value.is_empty() && value.bytes().all(is_octet), "{value:?} is no value of ours");
    }

    let again: Vec<String> = kept.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(seen(&[again.join("; ").as_bytes()]), kept, "what is kept is kept again");

    let strangers: Vec<&[u8]> = lines.iter().copied().filter(|line| pieces(line).all(is_foreign)).collect();
    let others: Vec<&[u8]> = lines.iter().copied().filter(|line| !strangers.contains(line)).collect();
    assert_eq!(seen(&others), kept, "lines of others changed something");
    let own = |line: &&[u8]| pieces(line).filter(|piece| !is_foreign(piece)).collect::<Vec<_>>().join(&b';');
    let own: Vec<Vec<u8>> =
        others.iter().filter(|line| HeaderValue::from_bytes(line).is_ok()).map(own).collect();
    assert_eq!(
        seen(&own.iter().map(Vec::as_slice).collect::<Vec<_>>()),
        kept,
        "pairs of others changed something"
    );

    let live = format!("{SESSION}=live");
    let first = [&[live.as_bytes()], &lines[..]].concat();
    assert_eq!(
        seen(&first).first(),
        Some(&(SESSION.to_owned(), "live".to_owned())),
        "a live session was lost"
    );
    let last = [&lines[..], &[live.as_bytes()]].concat();
    assert!(seen(&last).iter().any(|(name, _)| name == SESSION), "a session was lost");
}

fn is_ours(name: &str) -> bool {
    let Some(word) = name.strip_prefix("__Host-mfa-portal-") else { return false };
    let is_state = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let of_sign_in = |state: &str| state.len() == 8 && state.bytes().all(is_state);
    word == "session" || OTHERS.contains(&word) || word.strip_prefix("sign-in.").is_some_and(of_sign_in)
}

fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';')
}

/// Whether a browser would not take it for a pair of ours. It trims blanks and tabs alone (RFC 6265bis §5.6).
fn is_foreign(piece: &[u8]) -> bool {
    let start = piece.iter().position(|byte| !b" \t".contains(byte)).unwrap_or(piece.len());
    let name = piece[start..].split(|byte| *byte == b'=').next().unwrap_or_default();
    !std::str::from_utf8(name).is_ok_and(is_ours)
}

/// The cookies behind the layer, in the header and in the jar alike. A line that no server accepts is left out.
fn seen(lines: &[&[u8]]) -> Vec<(String, String)> {
    let mut request = Request::new(Body::empty());
    for line in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        request.headers_mut().append(COOKIE, line);
    }
    keep_own_cookies(&NAMES, &mut request);
    let header: Vec<&HeaderValue> = request.headers().get_all(COOKIE).iter().collect();
    assert!(header.len() <= 1);
    let pairs = header.iter().flat_map(|line| line.to_str().unwrap().split("; "));
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap());
    let pairs: Vec<(String, String)> =
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let jar: &CookieJar = request.extensions().get().unwrap();
    assert_eq!(jar.iter().count(), pairs.len());
    for (name, value) in &pairs {
        assert_eq!(jar.get(name).map(Cookie::value), Some(value.as_str()), "{name} in the jar");
    }
    pairs
}
