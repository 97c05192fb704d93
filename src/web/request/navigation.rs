//! Whether a request is a person's way to a page (W3C, Fetch Metadata Request Headers). An image, a script or a prefetch
//! of any site asks for our addresses too, and must leave nothing behind in the reader's browser.

use axum::http::{HeaderMap, HeaderValue};

use super::frame::is_framed;
use crate::config::Config;

/// Whether a page is on its way to a reader. Programs and old browsers do not say what they do, so they count as readers.
fn is_navigation(headers: &HeaderMap) -> bool {
    let is_prefetch = headers.contains_key("sec-purpose");
    !is_prefetch && headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}

/// Whether a page of another host loads this as a part of its own, such as an image or, unless our pages may be framed, a
/// hidden frame. A neighbouring host's comes with our cookies, because SameSite takes it for ours.
pub(crate) fn is_foreign_part(headers: &HeaderMap, may_be_framed: bool) -> bool {
    let is_foreign = |site: &HeaderValue| site == "same-site" || site == "cross-site";
    headers.get("sec-fetch-site").is_some_and(is_foreign)
        && (!is_navigation(headers) || is_framed(headers) && !may_be_framed)
}

/// Whether what the address says may be remembered: for a page that the reader sees, so in a frame only where pages may
/// frame ours.
pub(crate) fn may_be_remembered(headers: &HeaderMap, config: &Config) -> bool {
    is_navigation(headers) && (config.is_embedded() || !is_framed(headers))
}
