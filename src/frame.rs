//! Pages of ours in a frame of another site's page (EMBED_ORIGINS): how a request shows it, and what is asked on a page of
//! its own all the same.
//!
//! What cannot be taken back, and recovery codes, are never framed, so that nobody can lay something over them and borrow
//! a click: those answers forbid every frame, and a frame that asks for one is shown a link to a window instead.

use askama::Template;
use askama_web::WebTemplate;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Extension;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::Duration;

use crate::app::{App, Portal};
use crate::cookies;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::Page;
use crate::step_up::Visit;

/// Asked on pages of their own, with what lies below.
const ALONE: [&str; 3] = ["/authenticators/remove", "/recovery-code", "/sign-out"];
/// A frame may stay open for long before somebody signs in.
const LIVES: Duration = Duration::DAY;

/// A request came from a frame on another page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// To whom a ticket for this frame is made out: the hash of what only its own cookie holds.
    pub challenge: String,
}

/// Marks an answer that only leads out of the frame: it may be framed itself.
#[derive(Clone, Copy)]
pub struct WayOut;

/// Whether what lies at this path is shown in no frame at all.
#[must_use]
pub fn asks_alone(path: &str) -> bool {
    let lies_under =
        |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    ALONE.into_iter().any(lies_under)
}

/// To whom a ticket for this browser's frames on this site is made out, if one of them has been here.
pub(crate) fn challenge(portal: &Portal, jar: &CookieJar) -> Option<String> {
    jar.get(&name(portal)).map(|cookie| hash(cookie.value()))
}

/// Recognizes frames, and gives each browser partition a nonce for its own.
pub async fn recognize(State(app): State<App>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    if !app.config.is_embedded() || !is_framed(request.headers()) {
        return next.run(request).await;
    }
    if let Some(challenge) = challenge(&app, &jar) {
        request.extensions_mut().insert(Frame { challenge });
        return next.run(request).await;
    }
    let nonce = app.random.id();
    request.extensions_mut().insert(Frame { challenge: hash(&nonce) });
    let mut response = next.run(request).await;
    let cookie = cookies::cookie(&app.config, name(&app), nonce, LIVES);
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// What the browser wants the answer for (Fetch Metadata §2.1). Browsers from before 2023 do not say.
fn is_framed(headers: &HeaderMap) -> bool {
    let wanted = headers.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    matches!(wanted, Some(b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe"))
}

#[derive(Template, WebTemplate)]
#[template(path = "frame/alone.html")]
struct AlonePage {
    page: Page,
    /// What was just done, for the window will not say it.
    notice: Option<Notice>,
    title: &'static str,
    href: String,
}

/// In a frame, shows the way to a window instead of what is asked on a page of its own.
pub async fn send_out(State(app): State<App>, request: Request, next: Next) -> Result<Response, Error> {
    let framed = request.extensions().get::<Frame>().is_some();
    if !framed || !asks_alone(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let (mut parts, _) = request.into_parts();
    if !parts.method.is_safe() {
        // No page of ours sends this from a frame.
        return Err(Error::ForeignForm);
    }
    let visit = Visit::from_request_parts(&mut parts, &app).await?;
    let title = match parts.uri.path() {
        "/sign-out" => "frame-alone-sign-out-title",
        path if path.starts_with("/recovery-code") => "frame-alone-recovery-code-title",
        _ => "frame-alone-remove-title",
    };
    let notice = visit.notice().await?;
    let page = AlonePage { href: visit.address(), page: visit.page(), notice, title };
    Ok((Extension(WayOut), page).into_response())
}

/// Shown in a frame instead of the tenant's login, which refuses frames: the way through it in a window, or at the top.
#[derive(Template, WebTemplate)]
#[template(path = "frame/sign_in.html")]
pub struct SignInPage {
    page: Page,
    title: &'static str,
    /// Where the frame goes afterwards.
    next: String,
    in_window: String,
    at_top: String,
    /// This page again, where the window could not hand its session over.
    trouble: String,
    /// Whether it is that page.
    had_trouble: bool,
}

impl SignInPage {
    /// The ways to `next`, a path below the base path.
    #[must_use]
    pub fn new(visit: &Visit, next: &str, fresh: bool, had_trouble: bool) -> Self {
        let base = visit.app.config.base_path();
        let through = |next: &str| {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{base}/sign-in?next={next}{}", if fresh { "&fresh=1" } else { "" })
        };
        let again = fresh || visit.person.is_some();
        let back = visit.errand.parameter().map(|back| format!("&{back}")).unwrap_or_default();
        Self {
            title: if again { "frame-prove-again-title" } else { "frame-sign-in-title" },
            // The window ends at the list, where it hands its session over.
            in_window: through("/"),
            at_top: format!("{}{back}", through(next)),
            trouble: format!("{}&trouble=1", through(next)),
            next: format!("{base}{next}"),
            had_trouble,
            // Another language is chosen for where it leads.
            page: visit.page().at(next),
        }
    }
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, "frame")
}

fn hash(nonce: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, nonce.as_bytes()))
}
