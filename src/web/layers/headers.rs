//! The security headers of every answer, each with its reason.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    InvalidHeaderValue, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::response::Response;

use crate::config::Config;
use crate::web::request::frame::{FramableAnyway, is_never_framed};
use crate::web::request::paths::is_callback;
use crate::web::request::request_id::RequestId;

/// The sites that may load an answer as a part of their page (Fetch, CORP).
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Every page is personal. Some networks rewrite pages on their way, addresses for instance (RFC 9111 §5.2.2.6).
const PERSONAL: &str = "no-store, no-transform";
const NO_SCRIPT: &str = "script-src 'none'";

/// The Content-Security-Policy (CSP Level 3).
fn policy(config: &Config, frame_ancestors: &str) -> String {
    // Sign-out redirects to the tenant, and the end of an `action` visit to the site that the person came from.
    let led_to = [config.tenant_url.origin()].into_iter().chain(config.return_origins.clone());
    let led_to: Vec<String> = led_to.map(|origin| origin.ascii_serialization()).collect();
    let font_source = if config.brand_font.is_some() { "font-src 'self'" } else { "" };
    let directives = [
        "default-src 'none'", // anything not named below is not loaded at all
        NO_SCRIPT,            // except on pages, see `with_nonce`
        "style-src 'self'",   // one stylesheet of our own; no style attributes
        "img-src 'self'",     // the brand's mark; QR codes are part of the page
        font_source,          // the brand's font, if it has one
        "connect-src 'self'", // requests of our own scripts
        "base-uri 'none'",    // no <base> may bend our links
        &format!("frame-ancestors {frame_ancestors}"), // the sites that may frame our pages
        "require-trusted-types-for 'script'", // no script of ours builds HTML from text
        &format!("form-action 'self' {}", led_to.join(" ")),
    ];
    directives.into_iter().filter(|directive| !directive.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The policy of a page, which allows only the `script` elements of our templates: not even files of our own origin,
/// because under a path of another site those are not all ours.
fn with_nonce(headers: &HeaderMap, nonce: &str) -> Option<HeaderValue> {
    let policy = headers.get(CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    let policy = policy.replacen(NO_SCRIPT, &format!("script-src 'nonce-{nonce}'"), 1);
    HeaderValue::from_str(&policy).ok()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

type Header = (HeaderName, HeaderValue);

/// The headers, made once at the start.
pub(crate) struct Headers {
    everywhere: Vec<Header>,
    /// For pages that EMBED_ORIGINS may frame.
    framable: Vec<Header>,
    /// For pages that are never framed.
    never_framed: Vec<Header>,
}

impl Headers {
    /// Fails when a setting holds a character that no header can.
    pub(crate) fn new(config: &Config) -> Result<Self, InvalidHeaderValue> {
        let never_framed = vec![
            (CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy(config, "'none'"))?),
            // Older browsers know this instead of frame-ancestors 'none'.
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        ];
        let framable = policy(config, &config.embedders());
        // X-Frame-Options knows no list of origins.
        let framable = vec![(CONTENT_SECURITY_POLICY, HeaderValue::from_str(&framable)?)];
        Ok(Self {
            everywhere: everywhere(config),
            framable: if config.is_embedded() { framable } else { never_framed.clone() },
            never_framed,
        })
    }

    /// The headers of the answer at this path.
    fn of(&self, path: &str, framable_anyway: bool) -> impl Iterator<Item = &Header> {
        let never_framed = is_never_framed(path) && !framable_anyway;
        let framing = if never_framed { &self.never_framed } else { &self.framable };
        self.everywhere.iter().chain(framing)
    }
}

fn everywhere(config: &Config) -> Vec<Header> {
    let mut headers = vec![
        // A file is what its Content-Type says, never what it looks like.
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Other sites learn nothing; our own forms still carry an Origin.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        // Windows that opened ours, or that ours opened, get no handle on it. A frame of ours needs one on the window
        // that it opened (`hand_over`).
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static(if config.is_embedded() { "unsafe-none" } else { "same-origin" }),
        ),
        // Other sites cannot load our pages or files as parts of theirs; a frame's page is not loaded in that sense.
        (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
        // Nothing here needs a device's sensors or a payment.
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()",
            ),
        ),
    ];
    if config.is_https() {
        // A year, without sub-domains: the domain is the company's, not ours to decide for.
        headers.push((STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    headers
}

/// Adds the headers to an answer. A header that the answer sets itself stays: a brand's file has a stricter policy.
pub(crate) async fn add_security_headers(
    headers: &Headers,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let path = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next(request).await;
    let framable_anyway = response.extensions().get::<FramableAnyway>().is_some();
    let (ours, headers) = (headers.of(&path, framable_anyway), response.headers_mut());
    for (name, value) in ours {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if let Some(policy) = id.filter(|_| is_page(headers)).and_then(|id| with_nonce(headers, id.as_str())) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if is_callback(&path) {
        // Its address holds an authorization code.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    // Only static files say otherwise.
    let caching = headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(PERSONAL));
    if caching.as_bytes() != PERSONAL.as_bytes() {
        // A cache would hand one visitor's cookies to the next.
        headers.remove(SET_COOKIE);
    }
    response
}
