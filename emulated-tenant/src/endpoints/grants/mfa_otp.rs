//! `grant_type=http://auth0.com/oauth/grant-type/mfa-otp`: redeems a code of an authenticator app; the first
//! time this confirms the app (API reference, Verify with one-time password).

use axum::Json;
use serde_json::Value;

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::tokens::SignInClaims;

/// Redeems a code; unconfirmed apps count too, because this grant is how they are confirmed.
pub(crate) fn redeem(world: &mut World, request: &TokenRequest<'_>) -> Result<Json<Value>, Refusal> {
    let grant = world.mfa_token(request.params.required("mfa_token")?, request.client_id)?;
    world.prove_otp(&grant.sub, request.params.required("otp")?, |_| true)?;
    Ok(Json(world.token_response(&grant, &SignInClaims::default(), request.issuer)))
}
