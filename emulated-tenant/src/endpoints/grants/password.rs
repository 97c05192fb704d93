//! `grant_type=password` and its `password-realm` variant (Auth0, Password grant with MFA).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::tokens::{Grant, SignInClaims};

/// Exchanges a password for tokens, or for an opaque `mfa_token` if the person needs a second factor.
pub(crate) fn redeem(world: &mut World, request: &TokenRequest<'_>) -> Result<Response, Refusal> {
    let (username, password) = (request.params.required("username")?, request.params.required("password")?);
    let person = world.person_by_email(username).filter(|person| person.password == password);
    let person = person.ok_or_else(|| world.settings.refusals.wrong_password.clone())?;
    let audience = request.params.text("audience");
    let challenge_due = world.settings.mfa_always || world.must_challenge(audience, &person.sub);
    let grant = Grant {
        sub: person.sub.clone(),
        client_id: request.client_id.to_owned(),
        audience: audience.map(str::to_owned),
        scope: world.granted_scopes(request.params.text("scope").unwrap_or_default(), audience),
    };
    if !challenge_due {
        let response = world.token_response(&grant, &SignInClaims::default(), request.issuer);
        return Ok(Json(response).into_response());
    }
    let Refusal { status, error, description } = world.settings.refusals.mfa_required.clone();
    let mfa_token = world.opaque_token(grant);
    let body = json!({ "error": error, "error_description": description, "mfa_token": mfa_token });
    Ok((StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN), Json(body)).into_response())
}
