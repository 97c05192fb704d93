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

pub use self::records::Sessions;
use crate::config::Config;
use crate::error::Explanation;
use crate::mfa::Person;
use crate::portal::{App, Portal};
use crate::web::extract::session::{self, GoesOn};
use crate::web::request::cookies;

/// Gives the request the session that its cookie names, and the answer the cookie of a session that has begun or ended.
pub(crate) async fn keep_session(
    portal: &Portal,
    sessions: &Arc<Sessions>,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let sent = cookies::jar(request.extensions()).get(&cookies::session_name(&portal.config)).cloned();
    let id = sent.as_ref().and_then(|cookie| cookie.value().parse().ok());
    let session = Session::new(id, sessions.clone(), None);
    request.extensions_mut().insert(session.clone());
    let mut response = next(request).await;
    let is_empty = session.is_empty().await;
    let has_begun = session.is_modified() && !is_empty && !response.status().is_server_error();
    let begun = || session.id().filter(|_| has_begun).map(|id| id.to_string());
    let id = response.extensions_mut().remove::<GoesOn>().map(|GoesOn(id)| id).or_else(begun);
    if id.is_some() || (is_empty && sent.is_some()) {
        cookies::append(&mut response, &cookie(&portal.config, id));
    }
    response
}

/// The cookie of the session with this id; without one, its deletion. It lasts as long as the browser's session, and the
/// store ends it.
fn cookie(config: &Config, id: Option<String>) -> Cookie<'static> {
    let mut cookie = cookies::deletion(config, cookies::session_name(config));
    if let Some(id) = id {
        cookie.set_value(id);
        cookie.set_max_age(None);
    }
    cookie
}

/// The person whose session this browser's cookie names, for layers outside the sessions. Nobody while the store is away.
pub(super) async fn person_of(portal: &Portal, jar: &CookieJar) -> Option<Person> {
    let id = jar.get(&cookies::session_name(&portal.config))?.value().parse().ok()?;
    let store = Arc::new(Sessions::new(portal.store.clone()));
    session::current(portal, &Session::new(Some(id), store, None)).await.ok()?
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
