//! The session cookie: completed, because tower-sessions knows neither our attributes nor our clock.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::Cookie;

use crate::portal::App;
use crate::web::request::cookies;

/// tower-sessions deletes the cookie without `Secure`, which browsers ignore for `__Host-` names, and dates it by its
/// own clock. Ours lasts as long as the browser's session, and the store ends it.
pub(crate) async fn complete_session_cookie(
    State((app, name)): State<(App, String)>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let all: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(SET_COOKIE);
    let (of_session, others): (Vec<_>, _) =
        all.into_iter().partition(|value| session_id(&name, value).is_some());
    // When a new session replaces an old one, both a cookie and its deletion are queued. Drop the deletion, or it wins.
    let ids = of_session.iter().filter_map(|value| session_id(&name, value));
    let session = ids.max_by_key(|id| !id.is_empty()).and_then(|id| completed(&app, name.clone(), id));
    for value in others.into_iter().chain(session) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The id in the session's cookie, empty in its deletion; `None` for any other cookie.
fn session_id(name: &str, value: &HeaderValue) -> Option<String> {
    let sent = Cookie::parse(value.to_str().ok()?).ok()?;
    (sent.name() == name).then(|| sent.value().to_owned())
}

/// The session's cookie with our attributes.
fn completed(app: &App, name: String, id: String) -> Option<HeaderValue> {
    let mut full = cookies::deletion(&app.config, name);
    if !id.is_empty() {
        full.set_value(id);
        full.set_max_age(None);
    }
    HeaderValue::from_str(&full.to_string()).ok()
}
