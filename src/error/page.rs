//! The page of a failure. Answers that other parts give without one (an unknown address, a wrong method) become pages here
//! too, so that nothing is ever blank.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::explanation::{Explanation, WayOut};
use crate::app::App;
use crate::errand::Errand;
use crate::frame::Frame;
use crate::language;
use crate::page::Page;
use crate::step_up::page_of;
use crate::theme::Theme;
use crate::trace::RequestId;

/// What a page in place of an answer takes over from it.
const KEPT: [HeaderName; 3] = [ALLOW, SET_COOKIE, CONNECTION];

#[derive(Template, WebTemplate)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    title: String,
    text: String,
    changed: Option<String>,
    retry: Option<String>,
    action: String,
    href: String,
    /// For whoever is asked for help; signing in again needs none.
    request_id: Option<String>,
}

/// Turns failed answers without a page into pages.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let words = language::words(&app.config, &parts.uri, &parts.headers);
    let here = page_of(&parts, &app);
    let errand = parts.extensions.get::<Errand>().cloned().unwrap_or_else(|| Errand::none(&app));
    let frame = parts.extensions.get::<Frame>().cloned();
    let theme = Theme::of(&app, &parts.uri, &parts.headers);
    let request = Request::from_parts(parts, body);
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    let explanation = response.extensions().get::<Explanation>().cloned().unwrap_or_else(|| bare(status));
    let retry_at = explanation.retry_at;
    let page = Page { frame, theme, ..Page::new(&app, words, &errand, None) };
    let page = ErrorPage::new(&app, page, &here, explanation, request_id);
    let mut answer = (status, page).into_response();
    let seconds = retry_at.map(|at| (at - app.clock.now()).whole_seconds().max(1));
    if let Some(value) = seconds.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
    for (name, value) in response.headers().iter().filter(|(name, _)| KEPT.contains(name)) {
        answer.headers_mut().append(name, value.clone());
    }
    answer
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// An answer that did not come from a handler of ours.
fn bare(status: StatusCode) -> Explanation {
    let id = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::FORBIDDEN => "foreign-form",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        status if status.is_client_error() => "bad-form",
        _ => "bug",
    };
    Explanation { id, way_out: WayOut::List, maybe_changed: None, retry_at: None }
}

impl ErrorPage {
    fn new(app: &App, page: Page, here: &str, explanation: Explanation, request_id: String) -> Self {
        let base = app.config.base_path();
        let needs_help = !explanation.is_sign_in_first();
        let Explanation { id, way_out, maybe_changed, retry_at } = explanation;
        // Where the way out is the list there is nothing here to come back to, in no language.
        let page = if matches!(way_out, WayOut::List) { page } else { page.at(here) };
        let words = &page.words;
        let (action, href) = match way_out {
            WayOut::List => ("error-way-list", format!("{base}/")),
            WayOut::Unfinished => ("error-way-unfinished", format!("{base}/#unfinished")),
            WayOut::SignInAgain => ("error-way-sign-in", format!("{base}/sign-in")),
            WayOut::Follow(href) => ("error-way-continue", href),
            WayOut::Retry => ("error-way-retry", format!("{base}{here}")),
        };
        let minutes = retry_at.map(|at| ((at - app.clock.now()).whole_seconds().max(1) + 59) / 60);
        Self {
            title: words.t(&format!("error-{id}-title")),
            text: words.t(&format!("error-{id}-text")),
            changed: maybe_changed
                .map(|maybe| words.t(if maybe { "error-maybe-changed" } else { "error-unchanged" })),
            retry: minutes.map(|minutes| words.count("error-retry", minutes)),
            action: words.t(action),
            href,
            request_id: Some(request_id).filter(|_| needs_help),
            page,
        }
    }
}
