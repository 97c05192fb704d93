//! `/embed.js`, the script that another site's page loads to show ours in a frame: `<mfa-portal>`.

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::app::App;
use crate::error::Error;
use crate::headers::CROSS_ORIGIN_RESOURCE_POLICY;

/// As it is written.
const SCRIPT: &str = include_str!("../static/embed.js");

pub(crate) fn router() -> Router<App> {
    Router::new().route("/embed.js", get(script))
}

/// Not there where no page may frame ours: the plain link inside the element stays what it is.
async fn script(State(app): State<App>) -> Result<Response, Error> {
    if !app.config.is_embedded() {
        return Err(Error::NotFound);
    }
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // Its address stays the same when it changes.
        (CACHE_CONTROL, "max-age=3600"),
        // Other sites' pages load it: that is what it is for.
        (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
    ];
    Ok((headers, SCRIPT).into_response())
}
