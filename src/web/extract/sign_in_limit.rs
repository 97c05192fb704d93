//! The limit on sign-ins from one network.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;

use crate::error::{Error, SignInFailure};
use crate::mfa::sign_in_limits::{self, Client};
use crate::portal::App;
use crate::web::request::client_ip::ClientIp;

/// The client of a step of a sign-in, refused above the limit. Counts nothing yet.
pub(crate) struct WithinSignInLimit(pub(crate) Client);

impl FromRequestParts<App> for WithinSignInLimit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        // An image or a script on any site could use up the limit of its readers' network.
        let mode = parts.headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
        if mode.is_some_and(|mode| mode != b"navigate") {
            return Err(SignInFailure::Unknown.into());
        }
        let known = parts.extensions.get::<ClientIp>().copied();
        let lane = known.or_else(|| ClientIp::claimed(&parts.headers));
        let client = Client {
            network: known.map(|client| client.network()),
            lane: lane.map(|client| client.network()).unwrap_or_default(),
        };
        sign_in_limits::check_steps(app, &client)?;
        Ok(Self(client))
    }
}
