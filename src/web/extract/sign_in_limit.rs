//! The limit on sign-ins from one network.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::{Error, SignInFailure};
use crate::mfa::sign_in_limits::{self, Client};
use crate::portal::App;
use crate::web::request::client_ip::ClientIp;
use crate::web::request::cookies;
use crate::web::request::frame::is_framed;
use crate::web::request::known_browser::KnownBrowser;
use crate::web::request::navigation::{is_unasked, may_be_remembered};

/// The client of a step of a sign-in, refused above the limit. Counts nothing yet.
pub(crate) struct WithinSignInLimit(pub(crate) Client);

impl FromRequestParts<App> for WithinSignInLimit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        // An image, a script or a hidden frame on any site could use up the limit of its readers' network, and end their
        // session for another.
        if !may_be_remembered(&parts.headers, &app.config) {
            return Err(SignInFailure::Unknown.into());
        }
        let known = parts.extensions.get::<ClientIp>().copied();
        let claimed = known.or_else(|| ClientIp::claimed(&parts.headers));
        let client = Client {
            networks: known.map(|client| client.networks()),
            claimed: claimed.map(|client| client.network()),
            is_framed: is_framed(&parts.headers),
            is_unasked: is_unasked(&parts.headers),
            known: KnownBrowser::read(app, &cookies::jar(&parts.extensions)).map(|known| known.account),
        };
        sign_in_limits::check_steps(app, &client)?;
        Ok(Self(client))
    }
}
