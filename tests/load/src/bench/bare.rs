//! The least cost of a page: a handler that looks a session up in a map, asks the tenant for the list with reqwest as
//! often as the portal does, does nothing with the answer, and sends a fixed page of the same size. With gzip where the
//! path begins with it. It serves the floor, too.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use reqwest::Client;
use serde::{Deserialize, Serialize};
use tower_http::compression::CompressionLayer;
use url::Url;

use super::floor::{self, Floor};
use super::page::Page;
use super::queue;

/// Serves fixed pages.
#[derive(clap::Args)]
pub(crate) struct BareHandler {
    /// The address to listen on
    #[arg(long)]
    listen: SocketAddr,
    /// The URL of the tenant
    #[arg(long)]
    tenant: Url,
    /// The pages, in a JSON file
    #[arg(long)]
    pages: PathBuf,
}

/// A page as the portal sent it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FixedPage {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
    /// Whether the portal looks a session up for it.
    pub(crate) has_session: bool,
    /// How often the portal asks the tenant for it.
    pub(crate) lists: usize,
}

/// The page, ready to be sent.
struct Ready {
    page: FixedPage,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

struct Bare {
    pages: HashMap<String, Ready>,
    /// The token of each session.
    sessions: Mutex<HashMap<String, String>>,
    list: Url,
    http: Client,
    floor: Arc<Floor>,
}

impl BareHandler {
    /// Serves until the process is killed.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        let pages: Vec<FixedPage> = serde_json::from_slice(&fs::read(&self.pages)?)?;
        let (list, http) = (self.tenant.join("mfa/authenticators")?, Client::builder().no_proxy().build()?);
        let portal = pages.iter().find(|page| page.name == Page::List.name()).context("no list")?;
        let floor = Arc::new(Floor::new(&portal.body, list.clone(), http.clone())?);
        let pages = pages.into_iter().map(|page| Ok((page.name.clone(), Ready::new(page)?)));
        let pages = pages.collect::<anyhow::Result<_>>()?;
        let bare = Bare { pages, sessions: Mutex::default(), list, http, floor: floor.clone() };
        let pages = Router::new().route("/{page}", get(page));
        let routes = Router::new()
            .route("/begin/{session}/{token}", get(begin))
            .nest("/plain", pages.clone())
            .nest("/gzip", pages.layer(CompressionLayer::new()))
            .with_state(Arc::new(bare))
            .route("/floor/list", get(floor::list).with_state(floor));
        let listener = queue::listen(self.listen)?;
        Ok(axum::serve(listener, routes).await?)
    }
}

impl Ready {
    fn new(page: FixedPage) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        let known = [(CONTENT_TYPE, &page.content_type), (LOCATION, &page.location)];
        for (name, value) in known.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            headers.insert(name, HeaderValue::from_str(value).context("no header")?);
        }
        let (status, body) = (StatusCode::from_u16(page.status)?, Bytes::from(page.body.clone()));
        Ok(Self { page, status, headers, body })
    }
}

/// Begins a session with this token.
async fn begin(State(bare): State<Arc<Bare>>, Path((session, token)): Path<(String, String)>) -> StatusCode {
    if bare.floor.begin(&session, &token).is_none() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    bare.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session, token);
    StatusCode::NO_CONTENT
}

async fn page(State(bare): State<Arc<Bare>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(ready) = bare.pages.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let token = if ready.page.has_session {
        let session = headers.get(COOKIE).and_then(|cookie| cookie.to_str().ok()?.strip_prefix("session="));
        let sessions = bare.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(token) = session.and_then(|session| sessions.get(session)) else {
            return StatusCode::UNAUTHORIZED.into_response();
        };
        token.clone()
    } else {
        String::new()
    };
    for _ in 0..ready.page.lists {
        let answer = bare.http.get(bare.list.clone()).bearer_auth(&token).send().await;
        let Ok(answer) = answer.and_then(reqwest::Response::error_for_status) else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        if answer.bytes().await.is_err() {
            return StatusCode::BAD_GATEWAY.into_response();
        }
    }
    (ready.status, ready.headers.clone(), ready.body.clone()).into_response()
}
