//! The headers that every answer carries, each with its reason.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::config::Config;

/// The Content-Security-Policy (CSP Level 3).
fn policy(config: &Config) -> String {
    // Sign-out redirects to the tenant, the end of an `action` visit to where the person came from; other forms stay here.
    let led_to = [config.tenant_url.origin()].into_iter().chain(config.return_origins.clone());
    let led_to: Vec<String> = led_to.map(|origin| origin.ascii_serialization()).collect();
    [
        "default-src 'none'",                 // what is not named below is not loaded at all
        "script-src 'self'",                  // our own files; no inline script, hence no nonce
        "style-src 'self'",                   // one stylesheet of our own; no style attributes
        "img-src 'self'",                     // the brand's mark; QR codes are part of the page
        "connect-src 'self'",                 // what our own scripts ask for
        "base-uri 'none'",                    // no <base> may bend our links
        "frame-ancestors 'none'",             // nobody frames a page that removes factors
        "require-trusted-types-for 'script'", // no script of ours builds HTML from text
        &format!("form-action 'self' {}", led_to.join(" ")),
    ]
    .join("; ")
}

/// What is the same on every answer, made once at the start.
pub fn fixed(
    config: &Config,
) -> Result<Vec<(HeaderName, HeaderValue)>, axum::http::header::InvalidHeaderValue> {
    let mut headers = vec![
        (CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy(config))?),
        // What older browsers understand of frame-ancestors 'none'.
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // A file is what its Content-Type says, never what it looks like.
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Other sites learn nothing; our own forms still carry an Origin.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        // A page that opened ours, or that ours opened, has no handle on it.
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        // Other sites cannot load our pages or files as parts of theirs.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
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
    Ok(headers)
}

/// Puts the headers on an answer.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_callback = request.uri().path().ends_with("/callback");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &app.headers {
        // A file of the company's has a stricter policy of its own.
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if is_callback {
        // Its address holds an authorization code.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    // Only static files say otherwise: every page is somebody's own.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
