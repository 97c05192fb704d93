//! Through the tenant and back: `/sign-in`, `/callback`, `/sign-out`, `/signed-out`.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use tower_sessions::Session;

use crate::app::App;
use crate::error::{Error, SignInFailure};
use crate::form::Form;
use crate::frame::SignInPage;
use crate::language;
use crate::limits::SignInAllowed;
use crate::page::Page;
use crate::session::{self, Person};
use crate::step_up::Visit;
use crate::store::{Key, Kind};
use crate::tenant::{Expected, SignInRequest};
use crate::transaction::{self, Transaction};

/// Forces nobody to sign in again, but makes Auth0 say in `auth_time` when the person last did.
const ANY_AGE: u32 = 30 * 24 * 60 * 60;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(begin))
        .route("/callback", get(callback))
        .route("/sign-out", get(ask).post(sign_out))
        .route("/signed-out", get(signed_out))
}

#[derive(Deserialize)]
struct Begin {
    next: Option<String>,
    fresh: Option<String>,
    /// Set where a frame comes back because it could not take a window's session over.
    trouble: Option<String>,
}

/// Sends the browser to the tenant's sign-in page. That page refuses frames, so a frame is shown ways out of it.
async fn begin(
    _: SignInAllowed,
    visit: Visit,
    jar: CookieJar,
    Query(query): Query<Begin>,
) -> Result<Response, Error> {
    // A sign-in that could not be finished is not begun.
    visit.app.store.answers().await?;
    let transaction = Transaction::begin(&visit.app, query.next.as_deref(), query.fresh.is_some());
    if visit.frame.is_some() {
        let Transaction { next, fresh, .. } = transaction;
        return Ok(SignInPage::new(&visit, &next, fresh, query.trouble.is_some()).into_response());
    }
    let request = SignInRequest {
        state: &transaction.state,
        nonce: &transaction.nonce,
        verifier: &transaction.verifier,
        max_age: if transaction.fresh { 0 } else { ANY_AGE },
        ui_locales: &visit.words.ui_locales(),
    };
    let url = visit.app.tenant.authorize_url(request).await?;
    Ok((transaction.keep(&visit.app, jar), Redirect::to(url.as_str())).into_response())
}

/// What the tenant sends the browser back with (RFC 6749 §4.1.2, RFC 9207 §2). A parameter given twice is refused.
#[derive(Deserialize)]
struct Callback {
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// Ends a sign-in: each check comes before the code is used.
async fn callback(
    _: SignInAllowed,
    visit: Visit,
    session: Session,
    jar: CookieJar,
    answer: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, Error> {
    let app = visit.app.clone();
    let Query(answer) = answer.map_err(|_| SignInFailure::Unknown)?;
    let Some(transaction) = Transaction::find(&app, &jar, &answer.state) else { return stale(&visit) };
    if !is_issuer(&app, answer.iss.as_deref()).await? {
        return Err(SignInFailure::Unknown.into());
    }
    let used = Key::random_id(Kind::UsedState, &transaction.state);
    if !app.store.insert(used, &(), transaction::LIVES).await? {
        return stale(&visit);
    }
    let code = match (answer.error, answer.code) {
        (None, Some(code)) => code,
        (Some(error), _) => return Err(failure(&error, &answer.error_description.unwrap_or_default()).into()),
        (None, None) => return Err(SignInFailure::Unknown.into()),
    };
    let person = who(&app, &transaction, code).await?;
    if transaction.fresh && visit.person.is_some_and(|before| before.identity.sub != person.identity.sub) {
        session::end(&session).await?;
        return Err(SignInFailure::AnotherPerson.into());
    }
    let jar = language::keep_profile(&app, jar, person.identity.locale.as_deref());
    session::begin(&session, person).await?;
    let next = format!("{}{}", app.config.base_path(), transaction.next);
    Ok((transaction.forget(&app, jar), Redirect::to(&next)).into_response())
}

/// A callback that was used before, or is not this browser's: harmless where the person is signed in (the Back button).
fn stale(visit: &Visit) -> Result<Response, Error> {
    match visit.person {
        Some(_) => Ok(Redirect::to(&format!("{}/", visit.app.config.base_path())).into_response()),
        None => Err(SignInFailure::Unknown.into()),
    }
}

/// Where `iss` is given it must be the tenant's; where the tenant promises it, it must be given (RFC 9207 §2.4).
async fn is_issuer(app: &App, iss: Option<&str>) -> Result<bool, Error> {
    match iss {
        Some(iss) => Ok(iss == app.config.issuer()),
        None => Ok(!app.tenant.discovery().await?.authorization_response_iss_parameter_supported),
    }
}

async fn who(app: &App, transaction: &Transaction, code: String) -> Result<Person, Error> {
    let asked = app.clock.mark();
    let tokens = app.tenant.exchange(code, &transaction.verifier).await?;
    let proved_since = transaction.fresh.then_some(transaction.began);
    let expected = Expected { nonce: &transaction.nonce, proved_since, asked: asked.at };
    let identity = app.tenant.identify(&tokens.id_token, expected).await?;
    Ok(Person::new(identity, tokens, asked, &app.random))
}

/// Our own words for the tenant's `error`; its description may come from anybody and is never shown.
fn failure(error: &str, description: &str) -> SignInFailure {
    let short: String = description.chars().filter(|c| !c.is_control()).take(200).collect();
    tracing::warn!(
        "the tenant ended a sign-in with {:?}: {short:?}",
        error.chars().take(64).collect::<String>()
    );
    match error {
        "access_denied" if description.starts_with("Service not found") => SignInFailure::UnknownAudience,
        "access_denied" => SignInFailure::Cancelled,
        "unauthorized" => SignInFailure::Blocked,
        "invalid_request" if description.contains("rate limit") => SignInFailure::TooMany,
        _ => SignInFailure::Refused,
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in/ask.html")]
struct AskPage {
    page: Page,
}

async fn ask(visit: Visit) -> Response {
    match visit.person {
        Some(_) => AskPage { page: visit.page() }.into_response(),
        None => Redirect::to(&visit.app.config.absolute("/signed-out")).into_response(),
    }
}

#[derive(Deserialize)]
struct Nothing {}

/// Ends our own session first, so that it is over even if the tenant is away.
async fn sign_out(
    visit: Visit,
    session: Session,
    jar: CookieJar,
    form: Result<Form<Nothing>, Error>,
) -> Result<(CookieJar, Redirect), Error> {
    let signed_out = visit.app.config.absolute("/signed-out");
    let Some(person) = visit.person else { return Ok((jar, Redirect::to(&signed_out))) };
    form?;
    session::end(&session).await?;
    // Whoever signs in here next came for something else.
    let jar = visit.errand.drop_action(&visit.app, jar);
    let url = match visit.app.tenant.sign_out_url(person.identity.sid.as_deref(), &signed_out).await {
        Ok(url) => url.into(),
        Err(error) => {
            error.log();
            signed_out
        }
    };
    Ok((jar, Redirect::to(&url)))
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in/signed_out.html")]
struct SignedOutPage {
    page: Page,
}

async fn signed_out(visit: Visit) -> SignedOutPage {
    SignedOutPage { page: Page { person: None, ..visit.page() } }
}
