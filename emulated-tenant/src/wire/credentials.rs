//! How callers prove who they are: Bearer tokens and client credentials.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::wire::params::Params;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The proof of which application the caller is.
pub(crate) enum ClientProof {
    /// Client id and secret, by `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1).
    Secret(String, String),
    /// A signed assertion, by `private_key_jwt` (RFC 7523 §2.2), and the client id if it was sent too.
    Assertion(String, Option<String>),
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    authorization(headers, "bearer")
}

/// The proof in a request, unless there is none, or several (RFC 6749 §2.3).
pub(crate) fn client(headers: &HeaderMap, params: &Params) -> Option<ClientProof> {
    let id = params.text("client_id").map(str::to_owned);
    let posted = params.text("client_secret").map(str::to_owned);
    let assertion = params
        .text("client_assertion")
        .filter(|_| params.text("client_assertion_type").is_some_and(|one| one == ASSERTION_TYPE));
    match (basic(headers), posted, assertion) {
        (Some((id, secret)), _, None) => Some(ClientProof::Secret(id, secret)),
        (None, Some(secret), None) => Some(ClientProof::Secret(id?, secret)),
        (None, None, Some(assertion)) => Some(ClientProof::Assertion(assertion.to_owned(), id)),
        _ => None,
    }
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
