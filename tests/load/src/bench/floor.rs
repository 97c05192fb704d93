//! The floor of a list: the least that a portal must do which keeps its sessions sealed, shows what the tenant lists,
//! sends the usual headers and writes a log line. A lean program that does it in one function, as far as a portal may
//! hope to come.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use askama::Template;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use url::Url;

/// The security headers of the portal's pages.
const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store, no-transform"),
    (VARY, "Cookie"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'",
    ),
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("referrer-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];
/// Where the entries of the portal's list begin and end.
const ENTRIES: [&str; 2] = ["<ul class=\"list card\">", "</ul>"];

/// The state of the floor.
pub(super) struct Floor {
    key: LessSafeKey,
    /// The sealed session of each hashed id.
    sessions: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
    list: Url,
    http: Client,
    /// The portal's list before and behind its entries.
    page: [String; 2],
}

#[derive(Serialize, Deserialize)]
struct Session {
    sub: String,
    name: String,
    token: String,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    authenticator_type: String,
    oob_channel: Option<String>,
    name: Option<String>,
    active: bool,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% for entry in entries %}{% if entry.active %}
<li class="entry">
  <svg class="icon" aria-hidden="true"><use href="/static/icons.svg#{{ entry.kind() }}"/></svg>
  <h3>{{ entry.kind() }}</h3>{% if let Some(name) = entry.name %}<p class="name"><bdi>{{ name }}</bdi></p>{% endif %}
  <a class="action" href="/authenticators/try?id={{ entry.id|urlencode }}" aria-label="Test {{ entry.kind() }}">Test</a>
  <a class="action" href="/authenticators/replace?id={{ entry.id|urlencode }}" aria-label="Replace {{ entry.kind() }}">Replace</a>
  <a class="action remove" href="/authenticators/remove?id={{ entry.id|urlencode }}" aria-label="Remove {{ entry.kind() }}">Remove</a>
</li>{% endif %}{% endfor %}"#
)]
struct Entries {
    entries: Vec<Entry>,
}

impl Entry {
    fn kind(&self) -> &str {
        self.oob_channel.as_deref().unwrap_or(&self.authenticator_type)
    }
}

impl Floor {
    /// A floor whose page is that of the portal, with entries of its own.
    pub(super) fn new(page: &str, list: Url, http: Client) -> anyhow::Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM_SIV, &[7; 32]).ok().context("no key")?;
        let (before, rest) = page.split_once(ENTRIES[0]).context("no entries in the list")?;
        let (_, behind) = rest.split_once(ENTRIES[1]).context("the entries have no end")?;
        let page = [format!("{before}{}", ENTRIES[0]), format!("{}{behind}", ENTRIES[1])];
        Ok(Self { key: LessSafeKey::new(key), sessions: Mutex::default(), list, http, page })
    }

    /// Begins a session with this token.
    pub(super) fn begin(&self, id: &str, token: &str) -> Option<()> {
        let key = digest(&SHA256, id.as_bytes());
        let session =
            Session { sub: id.to_owned(), name: "Alexandra Example".to_owned(), token: token.to_owned() };
        let mut sealed = serde_json::to_vec(&session).ok()?;
        self.key.seal_in_place_append_tag(nonce(), Aad::from(key.as_ref()), &mut sealed).ok()?;
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(key.as_ref().to_vec(), sealed);
        Some(())
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let id = headers.get(COOKIE)?.to_str().ok()?.strip_prefix("session=")?;
        let key = digest(&SHA256, id.as_bytes());
        let sealed = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(key.as_ref())?.clone();
        let mut sealed = sealed;
        let opened = self.key.open_in_place(nonce(), Aad::from(key.as_ref()), &mut sealed).ok()?;
        serde_json::from_slice(opened).ok()
    }

    async fn page(&self, headers: &HeaderMap) -> Result<Response, StatusCode> {
        let session = self.session(headers).ok_or(StatusCode::UNAUTHORIZED)?;
        let answer = self.http.get(self.list.clone()).bearer_auth(&session.token).send().await;
        let answer = answer.map_err(|_| StatusCode::BAD_GATEWAY)?.bytes().await;
        let entries = serde_json::from_slice(&answer.map_err(|_| StatusCode::BAD_GATEWAY)?);
        let entries = Entries { entries: entries.map_err(|_| StatusCode::BAD_GATEWAY)? };
        let mut page = String::with_capacity(self.page[0].len() + self.page[1].len() + 4096);
        page.push_str(&self.page[0]);
        entries.render_into(&mut page).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        page.push_str(&self.page[1]);
        let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let line = format!("INFO request{{sub={} method=GET path=/}} answered status=200\n", session.sub);
        // A reader that has gone is no reason to fail.
        let _ = std::io::stderr().write_all(line.as_bytes());
        Ok((HeaderMap::from_iter(headers), page).into_response())
    }
}

/// The same each time, because nothing here is secret.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// The list.
pub(super) async fn list(State(floor): State<Arc<Floor>>, headers: HeaderMap) -> Response {
    floor.page(&headers).await.unwrap_or_else(axum::response::IntoResponse::into_response)
}
