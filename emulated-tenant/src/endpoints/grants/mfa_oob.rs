//! `grant_type=http://auth0.com/oauth/grant-type/mfa-oob`: redeems an `oob_code` of a text, a call, an e-mail
//! or a push notification; the first time this confirms the authenticator (API reference, Verify with
//! out-of-band).

use axum::Json;
use serde_json::Value;

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::oob::OobAttempt;
use crate::world::tokens::SignInClaims;

/// Redeems an `oob_code`, with a `binding_code` unless it belongs to a push notification.
pub(crate) fn redeem(world: &mut World, request: &TokenRequest<'_>) -> Result<Json<Value>, Refusal> {
    let mfa_token = request.params.required("mfa_token")?;
    let grant = world.mfa_token(mfa_token, request.client_id)?;
    let attempt = OobAttempt {
        sub: &grant.sub,
        oob_code: request.params.required("oob_code")?,
        binding_code: request.params.text("binding_code"),
        session: mfa_token,
    };
    let authenticator = world.finish_oob(&attempt)?;
    if let Some(person) = world.person_mut(&grant.sub) {
        person.confirm(&authenticator);
    }
    Ok(Json(world.token_response(&grant, &SignInClaims::default(), request.issuer)))
}
