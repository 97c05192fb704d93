//! The headers that every answer carries, each with its reason.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, InvalidHeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::config::Config;
use crate::frame::{self, WayOut};

/// Who may load an answer as part of a page (Fetch, CORP).
pub const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The Content-Security-Policy (CSP Level 3).
fn policy(config: &Config, frame_ancestors: &str) -> String {
    // Sign-out redirects to the tenant, the end of an `action` visit to where the person came from; other forms stay here.
    let led_to = [config.tenant_url.origin()].into_iter().chain(config.return_origins.clone());
    let led_to: Vec<String> = led_to.map(|origin| origin.ascii_serialization()).collect();
    [
        "default-src 'none'", // what is not named below is not loaded at all
        "script-src 'self'",  // our own files; no inline script, hence no nonce
        "style-src 'self'",   // one stylesheet of our own; no style attributes
        "img-src 'self'",     // the brand's mark; QR codes are part of the page
        "connect-src 'self'", // what our own scripts ask for
        "base-uri 'none'",    // no <base> may bend our links
        &format!("frame-ancestors {frame_ancestors}"), // whom people may meet our pages in
        "require-trusted-types-for 'script'", // no script of ours builds HTML from text
        &format!("form-action 'self' {}", led_to.join(" ")),
    ]
    .join("; ")
}

type Header = (HeaderName, HeaderValue);

/// What is the same on every answer, made once at the start.
pub struct Headers {
    everywhere: Vec<Header>,
    /// Of pages that may be framed by EMBED_ORIGINS.
    embedded: Vec<Header>,
    /// Of pages that nobody frames.
    alone: Vec<Header>,
}

impl Headers {
    /// Fails where a setting holds what no header can.
    pub fn new(config: &Config) -> Result<Self, InvalidHeaderValue> {
        let alone = vec![
            (CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy(config, "'none'"))?),
            // What older browsers understand of frame-ancestors 'none'.
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        ];
        let embedded = policy(config, &config.embedders());
        // X-Frame-Options knows no list of origins.
        let embedded = vec![(CONTENT_SECURITY_POLICY, HeaderValue::from_str(&embedded)?)];
        let everywhere = everywhere(config);
        Ok(Self { everywhere, embedded: if config.is_embedded() { embedded } else { alone.clone() }, alone })
    }

    /// The headers of the answer at this path.
    fn of(&self, path: &str, answer: &Response) -> impl Iterator<Item = &Header> {
        let leads_out = answer.extensions().get::<WayOut>().is_some();
        let framing = if frame::asks_alone(path) && !leads_out { &self.alone } else { &self.embedded };
        self.everywhere.iter().chain(framing)
    }
}

fn everywhere(config: &Config) -> Vec<Header> {
    let mut headers = vec![
        // A file is what its Content-Type says, never what it looks like.
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Other sites learn nothing; our own forms still carry an Origin.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        // A page that opened ours, or that ours opened, has no handle on it; but for a frame of ours, which waits for the
        // window that it opened (`hand_over`).
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

/// Puts the headers on an answer. What it says itself stays: a file of the company's has a stricter policy.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let ours: Vec<Header> = app.headers.of(&path, &response).cloned().collect();
    let headers = response.headers_mut();
    for (name, value) in ours {
        headers.entry(name).or_insert(value);
    }
    if path.ends_with("/callback") {
        // Its address holds an authorization code.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    // Only static files say otherwise: every page is somebody's own.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
