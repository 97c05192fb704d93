//! The page of a failure: what happened, whether anything was changed, and what to do. Bare answers of other parts,
//! such as those to an unknown address or a wrong method, become pages too.

use std::any::Any;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use super::audit::Audited;
use crate::error::{AnybodysFailure, Error, Explanation, SignInFailure, WayOut};
use crate::portal::{App, Portal};
use crate::web::layout::page::Page;
use crate::web::layout::told::Told;
use crate::web::request::reader::Reader;
use crate::web::request::request_id::RequestId;

/// The headers that an error page takes over from the bare answer.
const KEPT: [HeaderName; 3] = [ALLOW, SET_COOKIE, CONNECTION];

#[derive(Template, WebTemplate)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    told: Told,
    action: String,
    href: String,
    /// Whether the person chose it themselves, so that there is nothing to mend.
    is_own_choice: bool,
    /// Named where a person may have to ask for help.
    request_id: Option<String>,
}

/// Turns failed answers without a page into pages.
pub(crate) async fn render_errors(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let reader = Reader::of(&parts, &app);
    let request_id = parts.extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    if let Some(AnybodysFailure(failure)) = response.extensions().get() {
        log(failure, &app);
    }
    let explanation = response.extensions().get::<Explanation>().cloned().unwrap_or_else(|| bare(status));
    let retry_at = explanation.retry_at;
    let page = ErrorPage::new(&app, &reader, explanation, request_id);
    let mut answer = (status, page).into_response();
    if let Some(audited) = response.extensions().get::<Audited>() {
        answer.extensions_mut().insert(*audited);
    }
    let seconds = retry_at.map(|at| (at - app.clock.now()).whole_seconds().max(1));
    if let Some(value) = seconds.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
    for (name, value) in response.headers().iter().filter(|(name, _)| KEPT.contains(name)) {
        answer.headers_mut().append(name, value.clone());
    }
    answer
}

/// Logs a failure that any address can bring about.
fn log(failure: &SignInFailure, portal: &Portal) {
    let throttle = match failure {
        SignInFailure::UnlistedOrganization(_) => &portal.dropped_links.organization,
        _ => &portal.unknown_callbacks,
    };
    if let Some(failures) = throttle.count(portal.clock.now()) {
        tracing::warn!(reason = %failure, failures, "sign-in failed");
    }
}

/// The answer after a panic in a handler; the panic hook has logged it.
pub(crate) fn answer_panic(_: Box<dyn Any + Send>) -> Response {
    Error::Bug("a panic".into()).into_response()
}

/// The answer after a panic in [`render_errors`] itself: a page that needs nothing else, not even a language.
pub(crate) fn answer_last_panic(_: Box<dyn Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Html(include_str!("../../../templates/last_resort.html")))
        .into_response()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The explanation of an answer that did not come from a handler of ours.
fn bare(status: StatusCode) -> Explanation {
    let id = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::FORBIDDEN => "foreign-form",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        status if status.is_client_error() => "bad-form",
        _ => "bug",
    };
    Explanation { id, own: None, way_out: WayOut::List, maybe_changed: None, retry_at: None }
}

impl ErrorPage {
    fn new(portal: &Portal, reader: &Reader, explanation: Explanation, request_id: String) -> Self {
        let page = Page::new(portal, reader, None);
        let is_own_choice = explanation.id == "sign-in-cancelled";
        let needs_help = !explanation.is_sign_in_first() && !is_own_choice && explanation.id != "not-found";
        let Explanation { id, own, way_out, maybe_changed, retry_at } = explanation;
        // If the only way out is the list, this page is not worth returning to, so the language switch must not lead
        // here.
        let page = if matches!(way_out, WayOut::List | WayOut::Form) { page } else { page.at(&reader.page) };
        let (words, paths) = (&reader.words, &reader.paths);
        let (action, href) = match way_out {
            WayOut::List | WayOut::Form => ("error-way-list", paths.list()),
            WayOut::Unfinished => ("error-way-unfinished", paths.list_unfinished()),
            WayOut::SignInAgain => ("error-way-sign-in", paths.sign_in()),
            WayOut::SignInAndBack => ("error-way-sign-in", paths.sign_in_to(&reader.page)),
            WayOut::AnotherAccount => ("error-way-another-account", paths.sign_in_as_another()),
            WayOut::SignInFirst(href) | WayOut::SignInAt(href) => ("error-way-sign-in", href),
            WayOut::StepUpFirst(href) => ("error-way-continue", href),
            WayOut::StepUp => ("error-way-continue", paths.step_up_to(&reader.page)),
            WayOut::Retry => ("error-way-retry", paths.at(&reader.page)),
            // An empty reference means the same address (RFC 3986 §4.4).
            WayOut::Same => ("error-way-retry", String::new()),
        };
        Self {
            told: Told::new(&page, &portal.clock, id, maybe_changed, retry_at).or_own(&page, own.as_deref()),
            action: words.t(action),
            href,
            is_own_choice,
            request_id: Some(request_id).filter(|_| needs_help),
            page,
        }
    }
}
