//! `grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code`: redeems a recovery code, which works once
//! and brings the next one (API reference, Verify with recovery code).

use axum::Json;
use serde_json::{Value, json};

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::tokens::SignInClaims;

/// Redeems a recovery code; the response carries the next one.
pub(crate) fn redeem(world: &mut World, request: &TokenRequest<'_>) -> Result<Json<Value>, Refusal> {
    let grant = world.mfa_token(request.params.required("mfa_token")?, request.client_id)?;
    let next = world.prove_recovery_code(&grant.sub, request.params.required("recovery_code")?)?;
    let mut response = world.token_response(&grant, &SignInClaims::default(), request.issuer);
    response["recovery_code"] = json!(next);
    Ok(Json(response))
}
