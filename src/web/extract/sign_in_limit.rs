//! The limit on sign-ins from one network.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Error;
use crate::mfa::limits;
use crate::portal::App;
use crate::web::request::client_ip::ClientIp;

/// Counts one step of a sign-in, and refuses it above the limit. Requests without a known client address are not counted.
pub(crate) struct WithinSignInLimit;

impl FromRequestParts<App> for WithinSignInLimit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        if let Some(client) = parts.extensions.get::<ClientIp>() {
            limits::count_sign_in(app, &client.network()).await?;
        }
        Ok(Self)
    }
}
