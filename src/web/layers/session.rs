//! The sessions of tower-sessions on our store, with three repairs: `cookie` gives its cookie our attributes, `records`
//! gives every new session a new id and never revives an ended one, and [`session::begin`] saves before the answer.

mod cookie;
mod records;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Session, SessionManagerLayer};

pub(crate) use self::cookie::complete_session_cookie;
pub use self::records::Sessions;
use crate::error::Explanation;
use crate::mfa::Person;
use crate::portal::{App, Portal};
use crate::web::extract::session;
use crate::web::request::cookies;

/// The layer that loads and saves sessions. [`complete_session_cookie`] must stand outside it.
pub(crate) fn sessions(portal: &Portal) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(portal.store.clone()))
        .with_name(cookies::session_name(&portal.config))
        .with_secure(portal.config.is_https())
        .with_http_only(true)
        // Strict is not sent on the navigation after a callback.
        .with_same_site(SameSite::Lax)
        .with_path("/")
}

/// The person whose session this browser's cookie names, for layers outside the sessions. Nobody while the store is away.
pub(super) async fn person_of(portal: &Portal, jar: &CookieJar) -> Option<Person> {
    let id = jar.get(&cookies::session_name(&portal.config))?.value().parse().ok()?;
    let store = Arc::new(Sessions::new(portal.store.clone()));
    session::current(portal, &Session::new(Some(id), store, None)).await.ok()?
}

/// Ends the session when the tenant has refused its token, so that none of its pages opens any longer.
pub(crate) async fn end_session_with_token(
    State(app): State<App>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let is_ended = response.extensions().get::<Explanation>().is_some_and(Explanation::is_token_ended);
    match if is_ended { session::end(&app, &session).await } else { Ok(()) } {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}
