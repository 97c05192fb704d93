//! `POST /oauth/token`: authenticates the client and passes the request to its grant.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};

use super::grants::{
    TokenRequest, authorization_code, client_credentials, mfa_oob, mfa_otp, mfa_recovery_code, password,
};
use super::issuer::Issuer;
use crate::wire::credentials;
use crate::wire::params::Params;
use crate::wire::refusals::Refusal;
use crate::world::{Shared, World};

const MFA_GRANTS: &str = "http://auth0.com/oauth/grant-type/mfa-";
const PASSWORD_REALM: &str = "http://auth0.com/oauth/grant-type/password-realm";

/// `POST /oauth/token`
pub(crate) async fn token(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Refusal> {
    let mut world = shared.world();
    let grant_type = params.required("grant_type")?;
    let client_id = world.authenticate_client(credentials::client(&headers, &params))?;
    let request = TokenRequest { params: &params, client_id: &client_id, issuer: &issuer.0 };
    world.check_grant_type(grant_type, &client_id)?;
    let response = match grant_type {
        "authorization_code" => authorization_code::redeem(&mut world, &request).map(Json::into_response),
        "client_credentials" => client_credentials::redeem(&world, &request).map(Json::into_response),
        "password" | PASSWORD_REALM => password::redeem(&mut world, &request),
        mfa => match mfa.strip_prefix(MFA_GRANTS) {
            Some("otp") => mfa_otp::redeem(&mut world, &request).map(Json::into_response),
            Some("oob") => mfa_oob::redeem(&mut world, &request).map(Json::into_response),
            Some("recovery-code") => mfa_recovery_code::redeem(&mut world, &request).map(Json::into_response),
            _ => Err(Refusal::new(400, "unsupported_grant_type", format!("Unsupported grant type: {mfa}"))),
        },
    };
    Ok(([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], response?).into_response())
}

impl World {
    /// Whether the client has this grant type. Only the Management API's client is a machine.
    fn check_grant_type(&self, grant_type: &str, client_id: &str) -> Result<(), Refusal> {
        let machine = client_id == self.settings.management_client_id;
        let allowed = match grant_type {
            "client_credentials" => machine && self.settings.management_grant,
            "password" | PASSWORD_REALM => !machine && self.settings.password_grant,
            mfa if mfa.starts_with(MFA_GRANTS) => !machine && self.settings.mfa_grant,
            _ => !machine,
        };
        if allowed { Ok(()) } else { Err(Refusal::grant_not_allowed(grant_type)) }
    }
}
