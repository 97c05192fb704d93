//! The sessions of tower-sessions on our store, with two repairs: `records` gives every new session a new id and never
//! revives an ended one, and [`session::begin`] saves before the answer. Its cookie is ours, because tower-sessions knows
//! neither our attributes nor our clock.

mod records;

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use tower_sessions::Session;
use tower_sessions::session::Id;

pub use self::records::Sessions;
use crate::error::{Error, Explanation};
use crate::mfa::{Person, limits};
use crate::portal::{App, Portal};
use crate::web::extract::session::{self, GoesOn};
use crate::web::request::cookies;

/// The owner of the tokens in session cookies. The random bytes of one are the session's id.
const OWNER: &str = "session cookie";

/// The id in the request's session cookie, if the cookie is ours. An invented one costs the store nothing.
#[derive(Clone, Copy)]
struct Named(Option<Id>);

/// Reads the session cookie, and tells whether it is ours and its session may live.
pub(super) fn names_session(portal: &Portal, request: &mut Request) -> bool {
    let id = named(portal, &cookies::jar(request.extensions()));
    request.extensions_mut().insert(Named(id));
    id.is_some()
}

fn named(portal: &Portal, jar: &CookieJar) -> Option<Id> {
    let token = jar.get(&cookies::session_name(&portal.config))?.value();
    let id = portal.store.random_of(token, OWNER).filter(|id| !limits::is_dead(portal, *id));
    id.map(|id| Id(i128::from_le_bytes(id)))
}

/// Gives the request the session that its cookie names, and the answer the cookie of a session that has begun or ended.
pub(crate) async fn keep_session(
    portal: &Portal,
    sessions: &Arc<Sessions>,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let was_sent = cookies::jar(request.extensions()).get(&cookies::session_name(&portal.config)).is_some();
    let id = request.extensions().get().and_then(|Named(id)| *id);
    let session = Session::new(id, sessions.clone(), None);
    request.extensions_mut().insert(session.clone());
    let mut response = next(request).await;
    let is_empty = session.is_empty().await;
    let has_begun = session.is_modified() && !is_empty && !response.status().is_server_error();
    let begun = || session.id().filter(|_| has_begun);
    let id = response.extensions_mut().remove::<GoesOn>().map(|GoesOn(id)| id).or_else(begun);
    if id.is_some() || (is_empty && was_sent) {
        cookies::append(&mut response, &cookie(portal, id));
    }
    response
}

/// The cookie of the session with this id; without one, its deletion. It lasts as long as the browser's session, and the
/// store ends it.
fn cookie(portal: &Portal, id: Option<Id>) -> Cookie<'static> {
    let mut cookie = cookies::deletion(&portal.config, cookies::session_name(&portal.config));
    if let Some(Id(id)) = id {
        cookie.set_value(portal.store.token_from(id.to_le_bytes(), OWNER).expose().to_owned());
        cookie.set_max_age(None);
    }
    cookie
}

/// The person whose session this browser's cookie names, for layers outside the sessions. Fails while the store is away.
pub(super) async fn person_of(portal: &Portal, jar: &CookieJar) -> Result<Option<Person>, Error> {
    let Some(id) = named(portal, jar) else { return Ok(None) };
    let store = Arc::new(Sessions::new(portal.store.clone()));
    session::current(portal, &Session::new(Some(id), store, None)).await
}

/// Ends the session when the tenant has refused its token, so that none of its pages opens any longer.
pub(crate) async fn end_session_with_token(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    let response = next(request).await;
    let is_ended = response.extensions().get::<Explanation>().is_some_and(Explanation::is_token_ended);
    match session.filter(|_| is_ended) {
        Some(session) => match session::end(app, &session).await {
            Ok(()) => response,
            Err(error) => error.into_response(),
        },
        None => response,
    }
}
