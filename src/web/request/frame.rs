//! Our pages in a frame of another site's page (EMBED_ORIGINS), and which pages are never framed.
//!
//! Removals, recovery codes, forgetting and sign-out are never framed, so that no site can lay something over them and borrow a
//! click: their answers forbid every frame, and a frame that asks for one shows a link to a window instead.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderMap;
use axum::http::header::HeaderValue;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::Duration;

use super::cookies::{self, Role};
use super::paths::{FORGET, LOST_PHONE, NOTICES, RECOVERY_CODE, REMOVE, SIGN_OUT, SIGNED_OUT};
use crate::config::Config;
use crate::portal::Portal;

/// Never framed, and neither are the paths below them.
const NEVER_FRAMED: [&str; 7] = [FORGET, LOST_PHONE, NOTICES, REMOVE, RECOVERY_CODE, SIGN_OUT, SIGNED_OUT];
/// A frame may stay open for long before its reader signs in.
const LASTS: Duration = Duration::DAY;

/// The request came from a frame on another site's page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The hash of the nonce that only this frame's own cookie holds. A ticket is made out to it.
    pub(crate) challenge: String,
    /// Another site's page, without https: browsers keep no cookie of ours in it. Only on loopback, in a trial.
    pub(crate) loses_cookies: bool,
}

/// Marks an answer at a never-framed path that may be framed anyway, because it only leads out of the frame.
#[derive(Clone, Copy)]
pub(crate) struct FramableAnyway;

pub(crate) fn is_never_framed(path: &str) -> bool {
    let lies_under =
        |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    NEVER_FRAMED.into_iter().any(lies_under)
}

/// The challenge of this browser's frames on this site, if one of them has been here.
pub(crate) fn challenge(portal: &Portal, jar: &CookieJar) -> Option<String> {
    jar.get(&name(portal)).map(|cookie| hash(cookie.value()))
}

/// The cookie that holds a new frame's nonce.
pub(crate) fn cookie(portal: &Portal, nonce: String) -> Cookie<'static> {
    cookies::cookie(&portal.config, name(portal), nonce, LASTS)
}

/// Whether the browser will show the answer in a frame (Fetch Metadata §2.1). Browsers from before 2023 do not say.
pub(crate) fn is_framed(headers: &HeaderMap) -> bool {
    let destination = headers.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    matches!(destination, Some(b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe"))
}

/// Whether browsers keep none of our cookies in the frame (Fetch Metadata §2.3; RFC 6265bis, SameSite).
pub(crate) fn loses_cookies(headers: &HeaderMap, config: &Config) -> bool {
    !config.is_https() && headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// SHA-256 in base64url.
pub(crate) fn hash(nonce: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, nonce.as_bytes()))
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, Role::Frame)
}
