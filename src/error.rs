//! Everything that can go wrong, and the page that says what happened, whether anything was changed, and what to do.
//!
//! A handler returns an [`Error`]; it becomes a response with a status and an [`Explanation`], which the layer
//! [`explain`] turns into a page in the reader's language. Answers that other parts give without a page (an unknown
//! address, a wrong method) become pages there too, so that nothing is ever blank.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use time::OffsetDateTime;

use crate::app::App;
use crate::i18n::Words;
use crate::limits::Limited;
use crate::page::Page;
use crate::step_up::{Detour, page_of};
use crate::store;
use crate::tenant::{self, IdTokenError, Kind, Reason};
use crate::trace::RequestId;

/// What can go wrong on a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 303, or 401/403 after a form: the person has to sign in, or to prove again who they are.
    #[error("sign in first")]
    SignInFirst(Detour),
    /// 404: no such page, or nothing (any more) behind it.
    #[error("not found")]
    NotFound,
    /// 410: this set-up was cancelled, replaced, finished or has lapsed.
    #[error("the set-up has ended")]
    SetUpEnded,
    /// 409: the tenant keeps this authenticator.
    #[error("the tenant keeps this authenticator")]
    NotRemovable,
    /// 403: a form that this site did not give to this person.
    #[error("a foreign form")]
    ForeignForm,
    /// 415: not a form at all.
    #[error("not a form")]
    NotAForm,
    /// 413: a form longer than any of ours.
    #[error("too large")]
    TooLarge,
    /// 400: fields missing, doubled or unreadable.
    #[error("a form with wrong fields")]
    BadForm,
    /// 403: the tenant granted less than was asked for.
    #[error("the tenant did not grant the scope")]
    MissingScope,
    /// 400 or 403: the sign-in came to nothing.
    #[error("sign-in: {0}")]
    SignIn(#[from] SignInFailure),
    /// By kind 401, 403, 404, 409, 422, 429, 502, 503 or 504: the tenant's trouble.
    #[error(transparent)]
    Tenant(#[from] tenant::Error),
    /// 503: the store is away.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// 429: a limit of our own.
    #[error("too many: {0:?}")]
    TooMany(Limited, OffsetDateTime),
    /// 503: another request for the same thing is still under way.
    #[error("another request for the same thing is under way")]
    Busy,
    /// 500: our own mistake.
    #[error("a mistake of our own: {0}")]
    Bug(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a sign-in came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// The callback fits no sign-in that this browser began.
    #[error("the callback fits no sign-in of this browser")]
    Unknown,
    /// The person cancelled, or was not let in.
    #[error("the person cancelled or was refused")]
    Cancelled,
    /// The tenant does not let this person in.
    #[error("the person is blocked")]
    Blocked,
    /// The tenant does not know the audience: the custom-domain mistake.
    #[error("the tenant knows no such audience; is AUTH0_TENANT_DOMAIN the canonical domain?")]
    UnknownAudience,
    /// Too many sign-ins.
    #[error("too many sign-ins")]
    TooMany,
    /// Any other `error` of the tenant.
    #[error("the tenant answered with an error")]
    Refused,
    /// Somebody else came back from a step-up.
    #[error("another person came back from the step-up")]
    AnotherPerson,
    /// The ID token was refused.
    #[error(transparent)]
    IdToken(IdTokenError),
}

impl From<IdTokenError> for Error {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Tenant(error) => Self::Tenant(error),
            other => Self::SignIn(SignInFailure::IdToken(other)),
        }
    }
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

/// What the page will say. `id` begins its message keys: `error-<id>-title` and `error-<id>-text`.
#[derive(Clone, Debug)]
pub struct Explanation {
    id: &'static str,
    way_out: WayOut,
    /// Whether something may have been changed at the tenant; `None` where the question does not arise.
    maybe_changed: Option<bool>,
    retry_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug)]
enum WayOut {
    List,
    SignInAgain,
    Follow(String),
    Retry,
}

impl Explanation {
    /// Whether the person only has to sign in, or to prove again who they are.
    #[must_use]
    pub fn is_sign_in_first(&self) -> bool {
        matches!(self.way_out, WayOut::Follow(_))
    }
}

impl Error {
    fn explanation(&self) -> (StatusCode, Explanation) {
        let plain =
            |status, id, way_out| (status, Explanation { id, way_out, maybe_changed: None, retry_at: None });
        match self {
            Self::SignInFirst(Detour { href, step_up: true, .. }) => {
                plain(StatusCode::FORBIDDEN, "prove-again", WayOut::Follow(href.clone()))
            }
            Self::SignInFirst(Detour { href, .. }) => {
                plain(StatusCode::UNAUTHORIZED, "signed-out", WayOut::Follow(href.clone()))
            }
            Self::NotFound => plain(StatusCode::NOT_FOUND, "not-found", WayOut::List),
            Self::SetUpEnded => plain(StatusCode::GONE, "set-up-ended", WayOut::List),
            Self::NotRemovable => plain(StatusCode::CONFLICT, "not-removable", WayOut::List),
            Self::ForeignForm => plain(StatusCode::FORBIDDEN, "foreign-form", WayOut::List),
            Self::NotAForm => plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad-form", WayOut::List),
            Self::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE, "too-large", WayOut::List),
            Self::BadForm => plain(StatusCode::BAD_REQUEST, "bad-form", WayOut::List),
            Self::MissingScope => plain(StatusCode::FORBIDDEN, "missing-scope", WayOut::List),
            Self::SignIn(failure) => failure.explanation(),
            Self::Tenant(error) => tenant_trouble(error),
            Self::Store(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "store-away", WayOut::Retry),
            Self::TooMany(what, until) => {
                let id = match what {
                    Limited::Starts => "too-many-starts",
                    Limited::Sent => "too-many-sent",
                    Limited::WrongCodes => "too-many-tries",
                };
                let (status, explanation) = plain(StatusCode::TOO_MANY_REQUESTS, id, WayOut::List);
                // A set-up that has ended is no reason to wait: the next one may begin at once.
                let retry_at = (*what != Limited::WrongCodes).then_some(*until);
                (status, Explanation { maybe_changed: Some(false), retry_at, ..explanation })
            }
            Self::Busy => plain(StatusCode::SERVICE_UNAVAILABLE, "busy", WayOut::Retry),
            Self::Bug(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "bug", WayOut::List),
        }
    }

    /// Each failure is logged once, here.
    fn log(&self) {
        match self {
            Self::Tenant(error) => error.log(),
            Self::SignIn(failure) => tracing::warn!("a sign-in failed: {failure}"),
            Self::Store(error) => tracing::error!("{error}"),
            Self::Bug(error) => tracing::error!("{self} ({error:?})"),
            other => tracing::debug!("{other}"),
        }
    }
}

impl SignInFailure {
    fn explanation(&self) -> (StatusCode, Explanation) {
        let (status, id) = match self {
            Self::Unknown => (StatusCode::BAD_REQUEST, "sign-in-unknown"),
            Self::Cancelled => (StatusCode::FORBIDDEN, "sign-in-cancelled"),
            Self::Blocked => (StatusCode::FORBIDDEN, "sign-in-blocked"),
            Self::UnknownAudience => (StatusCode::BAD_GATEWAY, "misconfigured"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::AnotherPerson => (StatusCode::FORBIDDEN, "another-person"),
            Self::IdToken(IdTokenError::Stale) => (StatusCode::FORBIDDEN, "sign-in-stale"),
            Self::Refused | Self::IdToken(_) => (StatusCode::BAD_GATEWAY, "sign-in-refused"),
        };
        (status, Explanation { id, way_out: WayOut::SignInAgain, maybe_changed: None, retry_at: None })
    }
}

fn tenant_trouble(error: &tenant::Error) -> (StatusCode, Explanation) {
    let (status, id, way_out) = match &error.kind {
        Kind::Refused(refusal) => refused(refusal.reason),
        Kind::Unreachable { timed_out: true, .. } => {
            (StatusCode::GATEWAY_TIMEOUT, "tenant-slow", WayOut::Retry)
        }
        Kind::Unreachable { retry_at: Some(_), .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, "tenant-away", WayOut::Retry)
        }
        Kind::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "tenant-away", WayOut::Retry),
        Kind::Unintelligible { .. } => (StatusCode::BAD_GATEWAY, "tenant-unreadable", WayOut::Retry),
        Kind::Misconfigured(_) => (StatusCode::BAD_GATEWAY, "misconfigured", WayOut::List),
    };
    let maybe_changed = Some(error.maybe_done());
    (status, Explanation { id, way_out, maybe_changed, retry_at: error.retry_at() })
}

fn refused(reason: Reason) -> (StatusCode, &'static str, WayOut) {
    match reason {
        Reason::TokenEnded => (StatusCode::UNAUTHORIZED, "token-ended", WayOut::SignInAgain),
        Reason::MissingScope => (StatusCode::FORBIDDEN, "missing-scope", WayOut::List),
        Reason::AlreadyEnrolled => (StatusCode::CONFLICT, "already-enrolled", WayOut::SignInAgain),
        Reason::LimitReached => (StatusCode::CONFLICT, "limit-reached", WayOut::List),
        Reason::NotAvailable => (StatusCode::CONFLICT, "not-available", WayOut::List),
        Reason::TooManySent => (StatusCode::TOO_MANY_REQUESTS, "too-many-sent", WayOut::List),
        Reason::TooManyWrong => (StatusCode::TOO_MANY_REQUESTS, "too-many-wrong", WayOut::List),
        Reason::TooManyRequests | Reason::SlowDown => {
            (StatusCode::TOO_MANY_REQUESTS, "too-many", WayOut::Retry)
        }
        Reason::NoRecoveryCode => (StatusCode::NOT_FOUND, "no-recovery-code", WayOut::List),
        Reason::NotFound | Reason::NotEnrolled => (StatusCode::NOT_FOUND, "gone", WayOut::List),
        Reason::InvalidAuthorizationCode => (StatusCode::BAD_REQUEST, "sign-in-unknown", WayOut::SignInAgain),
        Reason::WrongCode
        | Reason::CodeExpired
        | Reason::InvalidNumber
        | Reason::Denied
        | Reason::Pending => (StatusCode::UNPROCESSABLE_ENTITY, "refused", WayOut::List),
        Reason::WrongAudience | Reason::GrantNotEnabled | Reason::WrongClient => {
            (StatusCode::BAD_GATEWAY, "misconfigured", WayOut::List)
        }
        Reason::Other => (StatusCode::BAD_GATEWAY, "refused", WayOut::List),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::SignInFirst(Detour { href, at_once: true, .. }) = &self {
            return Redirect::to(href).into_response();
        }
        self.log();
        let (status, explanation) = self.explanation();
        let mut response = status.into_response();
        response.extensions_mut().insert(explanation);
        response
    }
}

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
    request_id: String,
}

/// Turns failed answers without a page into pages.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let words = Words::negotiated(request.headers());
    let (parts, body) = request.into_parts();
    let here = page_of(&parts, &app);
    let request = Request::from_parts(parts, body);
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    let explanation = response.extensions().get::<Explanation>().cloned().unwrap_or_else(|| bare(status));
    let retry_at = explanation.retry_at;
    let page = ErrorPage::new(&app, words, &here, explanation, request_id);
    let mut answer = (status, page).into_response();
    let seconds = retry_at.map(|at| (at - app.clock.now()).whole_seconds().max(1));
    if let Some(value) = seconds.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
    for (name, value) in
        response.headers().iter().filter(|(name, _)| *name == "allow" || *name == "set-cookie")
    {
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
    fn new(app: &App, words: Words, here: &str, explanation: Explanation, request_id: String) -> Self {
        let base = app.config.base_path();
        let Explanation { id, way_out, maybe_changed, retry_at } = explanation;
        let (action, href) = match way_out {
            WayOut::List => ("error-way-list", format!("{base}/")),
            WayOut::SignInAgain => ("error-way-sign-in", format!("{base}/sign-in")),
            WayOut::Follow(href) => ("error-way-continue", href),
            WayOut::Retry => ("error-way-retry", format!("{base}{here}")),
        };
        let minutes = retry_at.map(|at| ((at - app.clock.now()).whole_seconds().max(0) + 59) / 60);
        Self {
            title: words.t(&format!("error-{id}-title")),
            text: words.t(&format!("error-{id}-text")),
            changed: maybe_changed
                .map(|maybe| words.t(if maybe { "error-maybe-changed" } else { "error-unchanged" })),
            retry: minutes.map(|minutes| words.count("error-retry", minutes)),
            action: words.t(action),
            href,
            request_id,
            page: Page::new(app, words, None),
        }
    }
}
