//! How callers prove who they are: Bearer tokens and client credentials.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::wire::params::Params;

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    authorization(headers, "bearer")
}

/// Client id and secret, sent by `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1).
pub(crate) fn client(headers: &HeaderMap, params: &Params) -> Option<(String, String)> {
    let posted = || Some((params.text("client_id")?.to_owned(), params.text("client_secret")?.to_owned()));
    basic(headers).or_else(posted)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(authorization(headers, "basic")?).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decode(id), form_decode(secret)))
}

fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (sent, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    sent.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
}

fn form_decode(text: &str) -> String {
    form_urlencoded::parse(format!("text={text}").as_bytes()).map(|(_, value)| value.into_owned()).collect()
}
