//! `grant_type=client_credentials`, for the Management API only (RFC 6749 §4.4).

use axum::Json;
use serde_json::{Value, json};

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::tokens::{Grant, MANAGEMENT_LIFETIME};

/// Issues a token for the Management API.
pub(crate) fn redeem(world: &World, request: &TokenRequest<'_>) -> Result<Json<Value>, Refusal> {
    let audience = request.params.required("audience")?;
    if audience != world.domains.management_audience() {
        return Err(Refusal::new(403, "access_denied", format!("Service not found: {audience}")));
    }
    if !world.settings.management_authorized {
        return Err(Refusal::no_client_grant(audience));
    }
    let grant = Grant {
        sub: format!("{}@clients", request.client_id),
        client_id: request.client_id.to_owned(),
        audience: Some(audience.to_owned()),
        scope: world.settings.management_scopes.clone(),
    };
    Ok(Json(json!({
        "access_token": world.access_token(&grant, request.issuer, MANAGEMENT_LIFETIME),
        "scope": grant.scope.join(" "),
        "expires_in": MANAGEMENT_LIFETIME,
        "token_type": "Bearer",
    })))
}
