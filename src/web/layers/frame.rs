//! Detects frames, and shows a link to a window where a frame asks for a page that is never framed.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};

use crate::error::Error;
use crate::portal::App;
use crate::web::extract::visit::Visit;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::cookies;
use crate::web::request::frame::{self, FramableAnyway, Frame};
use crate::web::request::paths::{FORGET, RECOVERY_CODE, REMOVE, SIGN_OUT, SIGNED_OUT};

/// Notes on the request that it came from a frame, and gives each browser partition a nonce for its frames.
pub(crate) async fn detect_frame(
    app: &App,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    if !app.config.is_embedded() || !frame::is_framed(request.headers()) {
        return next(request).await;
    }
    let loses_cookies = frame::loses_cookies(request.headers(), &app.config);
    if let Some(challenge) = frame::challenge(app, &cookies::jar(request.extensions())) {
        request.extensions_mut().insert(Frame { challenge, loses_cookies });
        return next(request).await;
    }
    let nonce = app.random.id();
    request.extensions_mut().insert(Frame { challenge: frame::hash(&nonce), loses_cookies });
    let mut response = next(request).await;
    cookies::append(&mut response, &frame::cookie(app, nonce));
    response
}

#[derive(Template, WebTemplate)]
#[template(path = "frame/never_framed.html")]
struct NeverFramedPage {
    page: Page,
    /// The notice of the change just made, because the window will not show it.
    notice: Option<Notice>,
    title: &'static str,
    href: String,
}

impl NeverFramedPage {
    /// The list, where nothing was given up because a change was just made.
    fn way_back(&self) -> String {
        if self.notice.is_some() { self.page.paths.list() } else { self.page.way_back.clone() }
    }
}

/// In a frame, shows the way to a window instead of a page that is never framed.
pub(crate) async fn lead_out_of_frame(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let framed = request.extensions().get::<Frame>().is_some();
    if !framed || !frame::is_never_framed(request.uri().path()) {
        return next(request).await;
    }
    never_framed(app, request).await.into_response()
}

async fn never_framed(app: &App, request: Request) -> Result<Response, Error> {
    let (mut parts, _) = request.into_parts();
    if !parts.method.is_safe() {
        // No page of ours sends such a form from a frame.
        return Err(Error::ForeignForm);
    }
    let visit = Visit::from_request_parts(&mut parts, app).await?;
    let title = match parts.uri.path() {
        path if path.starts_with(FORGET) => "frame-alone-forget-title",
        path if path.starts_with(SIGN_OUT) || path.starts_with(SIGNED_OUT) => "frame-alone-sign-out-title",
        path if path.starts_with(RECOVERY_CODE) => "frame-alone-recovery-code-title",
        path if path.starts_with(REMOVE) => "frame-alone-remove-title",
        _ => "frame-alone-lost-phone-title",
    };
    let notice = visit.notice().await?;
    let page = NeverFramedPage { href: visit.address(), page: visit.page(), notice, title };
    Ok((Extension(FramableAnyway), page).into_response())
}
