//! The pages of Universal Login, between `/authorize` and the callback.

pub(crate) mod challenge;
pub(crate) mod password;
pub(crate) mod recovery;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use serde::Deserialize;

use crate::wire::page::{error_page, redirect};
use crate::wire::session_cookie;
use crate::world::World;
use crate::world::login::Login;

/// The `state` that names a sign-in in progress.
#[derive(Deserialize)]
pub(crate) struct StateQuery {
    state: String,
}

/// The sign-in of a page, or the page that asks the person to start again.
fn login<'a>(world: &'a mut World, state: &str) -> Result<&'a mut Login, Box<Response>> {
    world.login(state).ok_or_else(|| Box::new(expired()))
}

fn expired() -> Response {
    let text = "This sign-in is over or took too long. Go back to the application and start again.";
    error_page(StatusCode::BAD_REQUEST, "Start again", text)
}

/// Back to the application without a sign-in.
fn cancel(world: &mut World, state: &str) -> Response {
    end_with_error(world, state, "access_denied", "User has canceled the interaction.")
}

fn end_with_error(world: &mut World, state: &str, error: &str, description: &str) -> Response {
    world.end_login_with_error(state, error, description).map_or_else(expired, |callback| redirect(&callback))
}

/// Back to the application with a code; sets the session cookie.
pub(super) fn finish(world: &mut World, login: &Login) -> Response {
    let finished = world.finish_login(login);
    let mut response = redirect(&finished.callback);
    if let Ok(cookie) = session_cookie::cookie(finished.session_key).to_string().parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
