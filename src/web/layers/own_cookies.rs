//! Drops every cookie that is not ours before any library reads it.
//!
//! Libraries decode percent signs and trim Unicode blanks in names, and browsers do not. So a neighbouring host could
//! plant a cookie that passes the browser as a stranger's and reaches us under a `__Host-` name of ours. And a byte
//! that a library cannot read would cost all cookies of its line. The parts of another host's page have no cookies at
//! all: its images could use up the limits of the person who reads it.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::web::request::cookies::{MOST_DELETIONS, OwnNames};
use crate::web::request::navigation::is_foreign_part;

/// The size of the `Cookie` lines as they came, for the limit on the head.
#[derive(Clone, Copy)]
pub(crate) struct CookieBytes(pub(super) usize);

/// Rebuilds the `Cookie` header from our own cookies, and parses it for everything inside.
pub fn keep_own_cookies(names: &OwnNames, request: &mut Request) {
    let headers = request.headers_mut();
    let size = headers.get_all(COOKIE).iter().map(|line| COOKIE.as_str().len() + line.len()).sum();
    let own =
        if is_foreign_part(headers, names.may_be_framed) { Vec::new() } else { own_pairs(headers, names) };
    let own = HeaderValue::from_str(&own.join("; "));
    headers.remove(COOKIE);
    if let Ok(own) = own
        && !own.is_empty()
    {
        headers.insert(COOKIE, own);
    }
    let jar = CookieJar::from_headers(headers);
    request.extensions_mut().insert(jar);
    request.extensions_mut().insert(CookieBytes(size));
}

/// Keeps few deletions in an answer, so that planted cookies do not make it longer than a proxy takes. Those of sign-ins
/// wait for a later answer.
pub(crate) fn keep_few_deletions(names: &OwnNames, response: &mut Response) {
    let lines = response.headers().get_all(SET_COOKIE).iter().cloned();
    let (mut deletions, kept): (Vec<_>, Vec<_>) = lines.partition(is_deletion);
    if deletions.len() <= MOST_DELETIONS {
        return;
    }
    deletions.sort_by_key(|line| names.is_of_sign_in(name_of(line)));
    response.headers_mut().remove(SET_COOKIE);
    for line in kept.into_iter().chain(deletions.into_iter().take(MOST_DELETIONS)) {
        response.headers_mut().append(SET_COOKIE, line);
    }
}

fn is_deletion(line: &HeaderValue) -> bool {
    line.to_str().is_ok_and(|line| line.contains("Max-Age=0"))
}

/// The name of the cookie that this line sets.
fn name_of(line: &HeaderValue) -> &str {
    line.to_str().ok().and_then(|line| line.split('=').next()).unwrap_or_default()
}

/// Our cookies as `name=value`, each name once. The first one counts: browsers send the older of two cookies with one
/// path first (RFC 6265 §5.4), and one that is planted beside a live session is the newer.
fn own_pairs(headers: &HeaderMap, names: &OwnNames) -> Vec<String> {
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for pair in lines.flat_map(|line| line.split(|byte| *byte == b';')) {
        if let Some((name, value)) = own_pair(pair, names)
            && kept.iter().all(|(other, _)| *other != name)
        {
            kept.push((name, value));
        }
    }
    kept.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn own_pair<'a>(pair: &'a [u8], names: &OwnNames) -> Option<(&'a str, &'a str)> {
    let pair = trimmed(pair);
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let name = names.own(&pair[..equals])?;
    let value = std::str::from_utf8(&pair[equals + 1..]).ok()?;
    is_own_value(value).then_some((name, value))
}

/// Without spaces and tabs around it. Browsers trim nothing else from a cookie, so neither do we.
fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// One or more cookie-octets (RFC 6265 §4.1.1). We write no percent sign, and libraries would decode it.
fn is_own_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\%".contains(&byte))
}
