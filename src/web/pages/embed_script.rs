//! `/embed.js`: the script of the `<mfa-portal>` element, which shows our pages in a frame of another site's page.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::error::Error;
use crate::portal::App;
use crate::web::layers::headers::CROSS_ORIGIN_RESOURCE_POLICY;

const SCRIPT: &str = include_str!("../../../static/embed.js");

/// Not found without EMBED_ORIGINS, so that the plain link inside the element stays a link.
pub(crate) async fn show(State(app): State<App>) -> Result<Response, Error> {
    if !app.config.is_embedded() {
        return Err(Error::NotFound);
    }
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // Its address stays the same when its content changes.
        (CACHE_CONTROL, "max-age=3600"),
        // Other sites' pages load it.
        (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
    ];
    Ok((headers, SCRIPT).into_response())
}
