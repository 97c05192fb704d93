//! `GET /mfa/authenticators` (API reference, List authenticators).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;

use crate::endpoints::issuer::Issuer;
use crate::wire::credentials::bearer_token;
use crate::wire::refusals::Refusal;
use crate::world::Shared;
use crate::world::authenticator::Authenticator;

/// `GET /mfa/authenticators`: every authenticator of the person, unconfirmed ones included.
pub(crate) async fn list(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
) -> Result<Json<Vec<Value>>, Refusal> {
    let world = shared.world();
    let bearer = world.bearer(bearer_token(&headers), "read:authenticators", &issuer.0)?;
    let settings = &world.settings;
    let authenticators = world.person(&bearer.grant.sub).map(|person| person.authenticators.as_slice());
    let listed = |one: &&Authenticator| settings.profile_email_listed || !one.from_profile;
    Ok(Json(
        authenticators.unwrap_or_default().iter().filter(listed).map(|one| one.entry(settings)).collect(),
    ))
}
