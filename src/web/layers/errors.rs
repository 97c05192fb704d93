//! The page of a failure: what happened, whether anything was changed, and what to do. Bare answers of other parts,
//! such as those to an unknown address or a wrong method, become pages too.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;

use super::audit::Audited;
use super::session::person_of;
use crate::error::{AnybodysFailure, Explanation, SignInFailure, WayOut};
use crate::mfa::Person;
use crate::portal::{App, Portal};
use crate::web::layout::page::Page;
use crate::web::layout::told::Told;
use crate::web::request::cookies;
use crate::web::request::deep_link::{Claim, DeepLink};
use crate::web::request::reader::Reader;

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
pub(crate) async fn render_errors(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let asker = Asker::of(&request);
    let linked = linked(&request);
    let response = next(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    if let Some(failure) = response.extensions().get() {
        log(failure, app);
    }
    let explanation = response.extensions().get::<Explanation>().cloned().unwrap_or_else(|| bare(status));
    let retry_at = explanation.retry_at;
    let person = match linked {
        Some((jar, claim)) => {
            let person = person_of(app, &jar).await.ok().flatten();
            if let Some((claim, person)) = claim.zip(person.as_ref()) {
                claim.note(&person.identity.sub);
            }
            person
        }
        None => None,
    };
    let page = ErrorPage::new(app, &asker.reader(app), person.as_ref(), explanation);
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

/// The cookies of a visit with a deep link, which its person alone sees whole, and where they claim one that is nobody's.
fn linked(request: &Request) -> Option<(CookieJar, Option<Claim>)> {
    let extensions = request.extensions();
    extensions.get::<DeepLink>()?.back.as_ref()?;
    Some((cookies::jar(extensions), extensions.get::<Claim>().cloned()))
}

/// The one whom a failure is told, gathered only then where no layer has gathered it.
enum Asker {
    Gathered(Arc<Reader>),
    Of(Box<Parts>),
}

impl Asker {
    fn of(request: &Request) -> Self {
        if let Some(reader) = request.extensions().get::<Arc<Reader>>() {
            return Self::Gathered(reader.clone());
        }
        let mut head = Request::new(());
        *head.method_mut() = request.method().clone();
        *head.uri_mut() = request.uri().clone();
        *head.headers_mut() = request.headers().clone();
        *head.extensions_mut() = request.extensions().clone();
        Self::Of(Box::new(head.into_parts().0))
    }

    fn reader(self, portal: &Portal) -> Arc<Reader> {
        match self {
            Self::Gathered(reader) => reader,
            Self::Of(head) => Reader::of(&head, portal),
        }
    }
}

/// Logs a failure that any address can bring about.
fn log(failure: &AnybodysFailure, portal: &Portal) {
    use SignInFailure::UnlistedOrganization;
    let throttle = match failure {
        AnybodysFailure::Framing(_) => &portal.refused_framings,
        AnybodysFailure::SignIn(failure) if matches!(**failure, UnlistedOrganization(_)) => {
            &portal.dropped_links.organization
        }
        AnybodysFailure::SignIn(_) => &portal.unknown_callbacks,
    };
    let Some(failures) = throttle.count(portal.clock.now()) else { return };
    match failure {
        AnybodysFailure::Framing(framing) => framing.log(failures),
        AnybodysFailure::SignIn(reason) => tracing::warn!(%reason, failures, "sign-in failed"),
    }
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
    /// The page for this reader. It shows the `person` nothing but the whole way back, because their session may be what
    /// failed.
    fn new(portal: &Portal, reader: &Reader, person: Option<&Person>, explanation: Explanation) -> Self {
        let page = Page { person: None, ..Page::new(portal, reader, person) };
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
            request_id: needs_help.then(|| reader.script_nonce.clone()),
            page,
        }
    }
}
