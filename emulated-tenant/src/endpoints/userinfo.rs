//! `GET /userinfo` (OpenID Connect Core §5.3).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;

use super::issuer::Issuer;
use crate::wire::credentials::bearer_token;
use crate::wire::refusals::Refusal;
use crate::world::Shared;

/// `GET /userinfo`: the claims that the token's scopes allow.
pub(crate) async fn userinfo(
    State(shared): State<Shared>,
    issuer: Issuer,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let world = shared.world();
    let now = world.now().unix_timestamp();
    let token = bearer_token(&headers).and_then(|token| world.read_access_token(token));
    let token = token.filter(|token| token.is_alive(now) && token.is_for(&format!("{}userinfo", issuer.0)));
    let token = token.ok_or_else(|| Refusal::new(401, "invalid_token", "Unauthorized"))?;
    Ok(Json(world.profile_claims(&token.grant)))
}
