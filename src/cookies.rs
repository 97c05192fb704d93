//! Every cookie the portal sets has the same attributes, and its deletion too: a browser ignores others.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

use crate::app::App;
use crate::config::Config;

/// The name of one of our cookies. Over https a browser then takes it from this very host only (RFC 6265bis §4.1.3.2).
/// Several portals under one host are told apart by a hash of their path. A browser keeps a partitioned cookie beside
/// another one of the same name and sends both, so those from before EMBED_ORIGINS have other names.
#[must_use]
pub fn name(config: &Config, role: &str) -> String {
    let prefix = if config.is_https() { "__Host-" } else { "" };
    let kept_apart = if config.partitions_cookies() { "embed-" } else { "" };
    let place = match config.base_path() {
        "" => String::new(),
        path => {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, path.as_bytes());
            digest.as_ref()[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .fold("-".to_owned(), |all, one| all + &one)
        }
    };
    format!("{prefix}mfa-portal-{kept_apart}{role}{place}")
}

/// A cookie with the attributes all of ours have. Lax, because Strict is not sent on the navigation after a callback;
/// None where other sites' pages may show ours in a frame, and then it belongs to that site's partition alone (CHIPS). No
/// check of ours rests on SameSite.
#[must_use]
pub fn cookie(config: &Config, name: String, value: String, lives: Duration) -> Cookie<'static> {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Lax)
        .max_age(lives)
        .build();
    if config.partitions_cookies() {
        cookie.set_same_site(SameSite::None);
        cookie.set_partitioned(true);
    }
    cookie
}

/// The cookie's deletion.
#[must_use]
pub fn deletion(config: &Config, name: String) -> Cookie<'static> {
    cookie(config, name, String::new(), Duration::ZERO)
}

/// Completes the session cookie. tower-sessions deletes it without `Secure`, which browsers ignore for `__Host-` names,
/// and dates it by its own clock; ours lives as long as the browser's session, and the store knows when it ends.
pub async fn complete(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(SET_COOKIE);
    let (of_session, others): (Vec<_>, _) = all.into_iter().partition(|value| session(&app, value).is_some());
    // Where a new session takes an ended one's place, the deletion that the latter asks for would undo it.
    let ids = of_session.iter().filter_map(|value| session(&app, value));
    let session = ids.max_by_key(|id| !id.is_empty()).and_then(|id| completed(&app, id));
    for value in others.into_iter().chain(session) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The id in the session's cookie, empty in its deletion; `None` for any other cookie.
fn session(app: &App, value: &HeaderValue) -> Option<String> {
    let sent = Cookie::parse(value.to_str().ok()?).ok()?;
    (sent.name() == app.session_cookie).then(|| sent.value().to_owned())
}

/// The session's cookie with our attributes.
fn completed(app: &App, id: String) -> Option<HeaderValue> {
    let mut full = deletion(&app.config, app.session_cookie.clone());
    if !id.is_empty() {
        full.set_value(id);
        full.set_max_age(None);
    }
    HeaderValue::from_str(&full.to_string()).ok()
}
