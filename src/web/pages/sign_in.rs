//! Through the tenant and back: `/sign-in`, `/callback`, `/sign-out`, `/signed-out`.

mod transaction;

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use tower_sessions::Session;

pub(super) use self::transaction::Transaction;
use super::frame::SignInPage;
use crate::audit::Event;
use crate::deadline;
use crate::error::{Error, SignInFailure};
use crate::mfa::Person;
use crate::mfa::sign_in_limits::{self, Turn};
use crate::portal::App;
use crate::secret::without_contacts;
use crate::store::{Key, RecordKind};
use crate::tenant::{Discovery, Entrance, Expected, IdTokenError, SignInRequest};
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::session;
use crate::web::extract::sign_in_limit::WithinSignInLimit;
use crate::web::extract::visit::Visit;
use crate::web::layout::page::Page;
use crate::web::request::form_draft::FormDraft;
use crate::web::request::known_browser::KnownBrowser;
use crate::web::request::language;
use crate::web::request::linked_sign_in::LinkedSignIn;
use crate::web::request::paths::{Paths, SIGNED_OUT};
use crate::web::request::signed_out;

#[derive(Deserialize)]
pub(crate) struct SignInQuery {
    next: Option<String>,
    fresh: Option<String>,
    /// Present when the person wants to sign in with another account.
    another: Option<String>,
    /// Present when a frame comes back because it could not take a window's session over.
    trouble: Option<String>,
}

/// Sends the browser to the tenant's sign-in page. That page refuses frames, so a frame is shown ways out of it.
pub(crate) async fn begin(
    WithinSignInLimit(client): WithinSignInLimit,
    visit: Visit,
    Extension(jar): Extension<CookieJar>,
    Query(query): Query<SignInQuery>,
) -> Result<Response, Error> {
    sign_in_limits::count_step(&visit.app, &client).await?;
    // Without the store the sign-in could not be completed.
    visit.app.store.check_readable().await?;
    let person = visit.person.as_deref();
    let ask_account = query.another.is_some();
    let linked = visit.reader.linked_sign_in.clone();
    let linked = if ask_account { linked.for_another_account(&visit.app) } else { linked };
    let entrance = entrance(&visit, &linked, query.fresh.is_some());
    let transaction = Transaction::begin(&visit.app, query.next.as_deref(), query.fresh.is_some(), person);
    let transaction = transaction.by(entrance);
    if visit.reader.frame.is_some() {
        return Ok(SignInPage::new(&visit, &transaction, query.trouble.is_some()).into_response());
    }
    discovered(&visit.app).await?;
    let request = SignInRequest {
        state: &transaction.state,
        nonce: &transaction.nonce,
        verifier: &transaction.verifier,
        step_up: transaction.fresh,
        ask_account,
        ui_locales: &visit.reader.words.ui_locales(),
        entrance: &transaction.entrance,
        login_hint: linked.login_hint(&visit.app, person).filter(|_| !ask_account && !transaction.fresh),
    };
    let url = visit.app.tenant.authorize_url(request).await?;
    let jar = linked.begun(&visit.app).keep(&visit.app, jar);
    Ok((transaction.keep(&visit.app, jar), Redirect::to(url.as_str())).into_response())
}

/// The way into the tenant: a step-up repeats the session's, and any other sign-in takes the last link's, else the
/// session's, else that of the settings.
fn entrance(visit: &Visit, linked: &LinkedSignIn, fresh: bool) -> Entrance {
    let linked = Some(&linked.entrance).filter(|it| **it != Entrance::default());
    let own = visit.person.as_ref().map(|person| &person.entrance);
    let chosen = if fresh { own.or(linked) } else { linked.or(own) };
    let chosen = chosen.cloned().unwrap_or_default();
    Entrance { organization: chosen.organization.or_else(|| visit.app.config.organization.clone()), ..chosen }
}

/// The tenant's answer (RFC 6749 §4.1.2, RFC 9207 §2). A repeated parameter is refused.
#[derive(Deserialize)]
pub(crate) struct Callback {
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// Completes a sign-in. Every check comes before the code is used, and nothing is written before a code's turn has
/// come.
pub(crate) async fn callback(
    WithinSignInLimit(client): WithinSignInLimit,
    visit: Visit,
    session: Session,
    Extension(jar): Extension<CookieJar>,
    answer: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, Error> {
    let app = visit.app.clone();
    let Query(answer) = answer.map_err(|_| SignInFailure::Unknown)?;
    let Some(transaction) = Transaction::find(&app, &jar, &answer.state) else { return stale(&visit) };
    visit.request.completes(if transaction.fresh { Event::StepUp } else { Event::SignIn });
    if !is_issuer(&app, answer.iss.as_deref()).await? {
        return Err(SignInFailure::Unknown.into());
    }
    let code = match (answer.error, answer.code) {
        (None, Some(code)) => code,
        (Some(error), _) => {
            return Err(failure(&app, &error, &answer.error_description.unwrap_or_default()).into());
        }
        (None, None) => return Err(SignInFailure::Unknown.into()),
    };
    let used = Key::random_id(RecordKind::UsedState, &transaction.state);
    let turn = sign_in_limits::turn_of(&app, &client, used, transaction::LASTS).await?;
    let Some(turn) = turn else { return stale(&visit) };
    sign_in_limits::count_step(&app, &client).await?;
    let person = identify(&app, &transaction, turn, code).await?;
    // The session that begins may end an older one, so a browser that goes away does not stop it halfway.
    deadline::begin_act().await;
    let signed_in = complete(visit, session, jar, transaction, person);
    app.to_its_end(deadline::carried(signed_in)).await.map_err(|failure| Error::Bug(failure.into()))?
}

/// Begins the person's session.
async fn complete(
    visit: Visit,
    session: Session,
    jar: CookieJar,
    transaction: Transaction,
    person: Person,
) -> Result<Response, Error> {
    let app = visit.app.clone();
    let is_other = |before: &Arc<Person>| before.identity.sub != person.identity.sub;
    if !transaction.is_for(&person) || transaction.fresh && visit.person.as_ref().is_some_and(is_other) {
        session::end(&app, &session).await?;
        return Err(SignInFailure::AnotherPerson.into());
    }
    person.log_missing_scopes();
    let jar = language::keep_profile(&app, jar, person.identity.locale.as_deref());
    let jar = visit.reader.deep_link.belong_to(&app, jar, &person.identity.sub);
    let entrance = person.entrance.clone();
    let (sub, csrf_token) = (person.identity.sub.clone(), person.csrf_token.clone());
    visit.request.is_by(&sub, &csrf_token);
    session::begin(&app, &session, person).await?;
    app.audit.tell_signed_in(&visit.request);
    let next = visit.paths().at(&transaction.next);
    let jar = visit.reader.linked_sign_in.clone().succeeded(entrance, &app).keep(&app, jar);
    let jar = KnownBrowser::keep(&app, jar, &sub);
    Ok((transaction.forget(&app, jar), Redirect::to(&next)).into_response())
}

/// A callback that was used before or is not this browser's. For a signed-in person it is harmless: the Back button.
fn stale(visit: &Visit) -> Result<Response, Error> {
    match visit.person {
        Some(_) => Ok(Redirect::to(&visit.paths().list()).into_response()),
        None => Err(SignInFailure::Unknown.into()),
    }
}

/// An `iss` must be the tenant's, and a tenant that announces it must send it (RFC 9207 §2.4).
async fn is_issuer(app: &App, iss: Option<&str>) -> Result<bool, Error> {
    match iss {
        Some(iss) => Ok(iss == app.config.issuer()),
        None => Ok(!discovered(app).await?.authorization_response_iss_parameter_supported),
    }
}

/// The tenant's document, asked for to the end: a visitor that leaves must not free its turn for the next one's request.
async fn discovered(app: &App) -> Result<Arc<Discovery>, Error> {
    let (app, asked) = (app.clone(), app);
    let discovered = async move { (app.tenant.discovery().await, deadline::last_answer()) };
    let discovered = asked.to_its_end(deadline::carried(discovered)).await;
    let (discovered, answered) = discovered.map_err(|failure| Error::Bug(failure.into()))?;
    answered.into_iter().for_each(deadline::note_answer);
    Ok(discovered?)
}

async fn identify(app: &App, transaction: &Transaction, turn: Turn, code: String) -> Result<Person, Error> {
    let requested_at = app.clock.mark();
    let tokens = turn.exchange(code, &transaction.verifier).await?;
    let proved_since = transaction.fresh.then_some(transaction.began);
    let organization = transaction.entrance.organization.as_ref();
    let expected = Expected { nonce: &transaction.nonce, proved_since, asked: requested_at.at, organization };
    let identity = app.tenant.identify(&tokens.id_token, expected).await.map_err(|error| match error {
        IdTokenError::Stale => {
            SignInFailure::Stale { again: Paths::new(&app.config).step_up_to(&transaction.next) }.into()
        }
        other => Error::from(other),
    })?;
    let csrf_token = app.store.token_of(&identity.sub);
    let person = Person::new(identity, tokens, requested_at, csrf_token, transaction.fresh);
    Ok(person.by(transaction.entrance.clone()).asked_at(transaction.began))
}

/// Our own words for the tenant's `error`, or the company's for its description. The description may come from anybody
/// and is never shown.
fn failure(app: &App, error: &str, description: &str) -> SignInFailure {
    let short = |text: &str, most| {
        without_contacts(text).chars().filter(|c| !c.is_control()).take(most).collect::<String>()
    };
    if let Some(refusals) = app.refused_sign_ins.count(app.clock.now()) {
        tracing::warn!(
            error = ?short(error, 64),
            description = ?short(description, 200),
            refusals,
            "sign-in refused by the tenant"
        );
    }
    if let Some(id) = app.config.words.refusal(description) {
        return SignInFailure::OwnRefusal(id.to_owned());
    }
    match error {
        "access_denied" if description.starts_with("Service not found") => SignInFailure::UnknownAudience,
        "access_denied" if is_cancellation(description) => SignInFailure::Cancelled,
        "access_denied" if is_stranger(description) => SignInFailure::NoMember,
        "invalid_request" if description.starts_with("parameter organization") => SignInFailure::Organization,
        "unauthorized" if description.to_lowercase().contains("blocked") => SignInFailure::Blocked,
        "access_denied" | "unauthorized" => SignInFailure::Denied,
        "invalid_request" if description.contains("rate limit") => SignInFailure::TooMany,
        _ => SignInFailure::Refused,
    }
}

/// Auth0's words when the person cancels, on its own pages or a connection's (Auth0, Troubleshoot Authentication
/// Issues). The same `error` with any other text comes from the company's own rules.
fn is_cancellation(description: &str) -> bool {
    let said = description.to_lowercase();
    ["user has canceled", "user has cancelled", "user did not authorize"]
        .iter()
        .any(|words| said.starts_with(words))
}

/// Auth0's words for somebody who is no member of the organization: `user … is not part of the org_… organization`.
fn is_stranger(description: &str) -> bool {
    description.starts_with("user ") && description.contains(" is not part of the ")
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in/sign_out.html")]
pub(crate) struct SignOutPage {
    page: Page,
    /// The message that says which sessions end.
    text: &'static str,
}

/// Asks with or without a session: the tenant's own may outlive ours.
pub(crate) async fn ask_sign_out(visit: Visit) -> SignOutPage {
    let text = if visit.person.is_some() { "sign-out-text" } else { "sign-out-ended-text" };
    SignOutPage { page: visit.page(), text }
}

/// Ends our own session first, so that it has ended even when the tenant is away. Without one there is no form token,
/// and the origin check alone tells our own page from others (`web::routes`).
pub(crate) async fn sign_out(
    visit: Visit,
    session: Session,
    Extension(jar): Extension<CookieJar>,
    form: Result<CsrfChecked<NoFields>, Error>,
) -> Result<(CookieJar, Redirect), Error> {
    if visit.person.is_some() {
        form?;
        session::end(&visit.app, &session).await?;
        let audit = &visit.app.audit;
        audit.tell(&audit.line_in(Event::SignOut.succeeded(), &visit.request));
    }
    let jar = visit.reader.linked_sign_in.clone().signed_out(&visit.app).keep(&visit.app, jar);
    let jar = FormDraft::forget(&visit.app, visit.reader.deep_link.sign_out(&visit.app, jar));
    let sid = visit.person.as_ref().and_then(|person| person.identity.sid.as_deref());
    let url = visit.app.tenant.sign_out_url(sid, &visit.app.config.absolute(SIGNED_OUT)).await;
    Ok((jar.add(signed_out::mark(&visit.app.config)), Redirect::to(url.as_str())))
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in/signed_out.html")]
pub(crate) struct SignedOutPage {
    page: Page,
}

/// Says so where it is true, and else asks whether to.
pub(crate) async fn signed_out(visit: Visit, Extension(jar): Extension<CookieJar>) -> Response {
    if visit.person.is_some() || !signed_out::is_marked(&visit.app.config, &jar) {
        return ask_sign_out(visit).await.into_response();
    }
    SignedOutPage { page: visit.page() }.into_response()
}
