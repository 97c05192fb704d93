//! `GET /mfa/authenticators` (contract §3).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;

use crate::answers::Answer;
use crate::domains::Issuer;
use crate::mfa_token::bearer_token;
use crate::world::Shared;

/// Every authenticator of the person, unfinished ones included.
pub(crate) async fn list(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
) -> Result<Json<Vec<Value>>, Answer> {
    let world = shared.world();
    let bearer = world.bearer(bearer_token(&headers), "read:authenticators", &issuer.0)?;
    let settings = &world.settings;
    let authenticators = world.person(&bearer.grant.sub).map(|person| person.authenticators.as_slice());
    let listed = |one: &&crate::Authenticator| settings.profile_email_listed || !one.from_profile;
    Ok(Json(
        authenticators.unwrap_or_default().iter().filter(listed).map(|one| one.entry(settings)).collect(),
    ))
}
