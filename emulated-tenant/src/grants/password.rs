//! `grant_type=password` (ROPG) and its `password-realm` variant: the other way to a token (contract §8, seed 000).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::answers::Answer;
use crate::token::Call;
use crate::tokens::{Grant, SignIn};
use crate::world::World;

/// Takes a password; whoever needs a second factor gets an opaque `mfa_token` instead of tokens.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Response, Answer> {
    let (username, password) = (call.params.required("username")?, call.params.required("password")?);
    let person = world.person_at(username).filter(|person| person.password == password);
    let person = person.ok_or_else(|| world.settings.answers.wrong_password.clone())?;
    let audience = call.params.text("audience");
    let for_mfa_api = audience == Some(world.domains.mfa_audience().as_str());
    let challenged = world.settings.mfa_always || (for_mfa_api && person.must_be_challenged());
    let grant = Grant {
        sub: person.sub.clone(),
        client_id: call.client_id.to_owned(),
        audience: audience.map(str::to_owned),
        scope: world.granted(call.params.text("scope").unwrap_or_default(), audience),
    };
    if !challenged {
        return Ok(Json(world.token_answer(&grant, &SignIn::default(), call.issuer)).into_response());
    }
    let Answer { status, error, description } = world.settings.answers.mfa_required.clone();
    let mfa_token = world.opaque_token(grant);
    let body = json!({ "error": error, "error_description": description, "mfa_token": mfa_token });
    Ok((StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN), Json(body)).into_response())
}
