//! `grant_type=client_credentials`, for the Management API only (contract §9).

use axum::Json;
use serde_json::{Value, json};

use crate::answers::Answer;
use crate::token::Call;
use crate::tokens::{Grant, MANAGEMENT_LIFETIME};
use crate::world::World;

/// A machine's token for the Management API.
pub(crate) fn exchange(world: &World, call: &Call<'_>) -> Result<Json<Value>, Answer> {
    let audience = call.params.required("audience")?;
    if audience != world.domains.management_audience() {
        return Err(Answer::new(403, "access_denied", format!("Service not found: {audience}")));
    }
    if !world.settings.management_authorized {
        return Err(Answer::ungranted(audience));
    }
    let grant = Grant {
        sub: format!("{}@clients", call.client_id),
        client_id: call.client_id.to_owned(),
        audience: Some(audience.to_owned()),
        scope: world.settings.management_scopes.clone(),
    };
    Ok(Json(json!({
        "access_token": world.access_token(&grant, call.issuer, MANAGEMENT_LIFETIME),
        "scope": grant.scope.join(" "),
        "expires_in": MANAGEMENT_LIFETIME,
        "token_type": "Bearer",
    })))
}
