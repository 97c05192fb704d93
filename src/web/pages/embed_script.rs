//! The `<mfa-portal>` element, which shows our pages in a frame of another site's page: `/embed.js` is a classic script,
//! `/embed.mjs` a module.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA384, digest};
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::portal::App;
use crate::web::layers::headers::CROSS_ORIGIN_RESOURCE_POLICY;

/// The element, as the npm package has it.
const ELEMENT: &str = include_str!("../../../deploy/npm/element.js");

/// In a block, because a page may include it twice. A module that is loaded from here has no `currentScript`.
static CLASSIC: LazyLock<String> = LazyLock::new(|| {
    let element = ELEMENT.replace("\nexport ", "\n");
    let own = "document.currentScript ?? document.querySelector('script[src$=\"/embed.js\"]')";
    format!("{{\n{element}\ndefine(({own})?.src);\n}}\n")
});
static MODULE: LazyLock<String> = LazyLock::new(|| format!("{ELEMENT}\ndefine(import.meta.url);\n"));

pub(crate) async fn classic(State(app): State<App>) -> Result<Response, Error> {
    script(&app, &CLASSIC)
}

pub(crate) async fn module(State(app): State<App>) -> Result<Response, Error> {
    script(&app, &MODULE)
}

/// Not found without EMBED_ORIGINS, so that the plain link inside the element stays a link.
fn script(app: &App, text: &'static str) -> Result<Response, Error> {
    if !app.config.is_embedded() {
        return Err(Error::NotFound);
    }
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // Its address stays the same when its content changes.
        (CACHE_CONTROL, "max-age=3600"),
        // Other sites' pages load it, as a module or with its hash too (Fetch, CORS). It is the same for everybody.
        (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, text).into_response())
}

/// The scripts for other sites' pages by name, each with the hash for its `integrity` attribute (Subresource Integrity).
#[must_use]
pub fn embed_hashes() -> [(&'static str, String); 2] {
    let hash = |text: &str| format!("sha384-{}", STANDARD.encode(digest(&SHA384, text.as_bytes())));
    [("embed.js", hash(&CLASSIC)), ("embed.mjs", hash(&MODULE))]
}
