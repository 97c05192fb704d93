//! Whether a request is a person's way to a page (W3C, Fetch Metadata Request Headers). An image, a script or a prefetch
//! of any site asks for our addresses too, and must leave nothing behind in the reader's browser.

use axum::http::HeaderMap;

use super::frame::is_framed;
use crate::config::Config;

/// Whether a page is on its way to a reader. Programs and old browsers do not say what they do, so they count as readers.
fn is_navigation(headers: &HeaderMap) -> bool {
    let is_prefetch = headers.contains_key("sec-purpose");
    !is_prefetch && headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}

/// Whether a page of another host or site asks.
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-site" || site == "cross-site")
}

/// Whether a page of another host loads this as a part of its own, such as an image or, unless our pages may be framed, a
/// hidden frame. A neighbouring host's comes with our cookies, because SameSite takes it for ours.
pub(crate) fn is_foreign_part(headers: &HeaderMap, may_be_framed: bool) -> bool {
    is_foreign(headers) && (!is_navigation(headers) || is_framed(headers) && !may_be_framed)
}

/// Whether another site's page led here without a click: a script or a frame of any site can do that to its readers, again
/// and again, with their cookies. Honest redirects look the same, so it is counted apart and not refused.
pub(crate) fn is_unasked(headers: &HeaderMap) -> bool {
    is_foreign(headers) && !headers.contains_key("sec-fetch-user")
}

/// Whether what the address says may be remembered: for a page that the reader sees, so in a frame only where pages may
/// frame ours.
pub(crate) fn may_be_remembered(headers: &HeaderMap, config: &Config) -> bool {
    is_navigation(headers) && (config.is_embedded() || !is_framed(headers))
}
