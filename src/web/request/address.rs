//! The page on which a person stands, as a path below that of APP_BASE_URL.

use std::sync::LazyLock;

use axum::extract::OriginalUri;
use axum::http::header::REFERER;
use axum::http::request::Parts;
use url::{Url, form_urlencoded};

use super::paths::{is_callback, page_of_form, query_value};
use crate::config::Config;

/// The longest page that fits into a sign-in cookie of 512 bytes.
const MAX_LENGTH: usize = 150;

/// Any host, to read paths by.
static HOST: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("http://localhost").ok());

/// The page of a request. For a form it is the page that the form is on, because a form's own address shows nothing on
/// a GET.
pub(crate) fn page_of(request: &Parts, config: &Config) -> String {
    let uri = request.extensions.get::<OriginalUri>().map_or(&request.uri, |OriginalUri(uri)| uri);
    let own = uri.path_and_query().map_or("/", |path| path.as_str());
    let below = |path: &str| {
        let page = path.strip_prefix(config.base_path()).filter(|page| is_below_root(page));
        page.unwrap_or("/").to_owned()
    };
    if request.method.is_safe() {
        // A callback works once, and its code is repeated nowhere.
        return if is_callback(uri.path()) { "/".to_owned() } else { below(own) };
    }
    page_of_form(below(referer(request, config).as_deref().unwrap_or(own)))
}

/// The page without the rest of the query that a link's author chose. Even the `id` is a stranger's choice, so it
/// stands beside no form's token (BREACH) unless the person has something of that id (`about`).
#[must_use]
pub fn with_id_alone(page: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    match form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id") {
        Some((_, id)) => about(path, &id),
        None => path.to_owned(),
    }
}

/// Whether a link with this path stays below ours: a browser must read it as it is written. It takes `//host` and
/// `/\host` for the address of another host, and resolves dot segments, escaped ones too (WHATWG URL, §4.4).
fn is_below_root(path: &str) -> bool {
    let written = path.split(['?', '#']).next().unwrap_or_default();
    let host = HOST.as_ref().and_then(|host| host.join(path).ok());
    host.is_some_and(|url| url.path() == written)
}

/// The page at `path` about something of the person's with this id.
pub(crate) fn about(path: &str, id: &str) -> String {
    format!("{path}?id={}", query_value(id))
}

/// Whether `next` is a path of ours in characters that every browser reads alike.
#[must_use]
pub fn is_own_path(next: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/?=&%._~:|+-".contains(c);
    next.len() <= MAX_LENGTH && is_below_root(next) && next.chars().all(plain)
}

fn referer(request: &Parts, config: &Config) -> Option<String> {
    let url = Url::parse(request.headers.get(REFERER)?.to_str().ok()?).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    (url.origin() == config.base_url.origin()).then(|| format!("{}{query}", url.path()))
}
