//! `grant_type=authorization_code`, with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.6).

use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::TokenRequest;
use crate::wire::refusals::Refusal;
use crate::world::World;

/// Exchanges a code for tokens; a code works once.
pub(crate) fn redeem(world: &mut World, request: &TokenRequest<'_>) -> Result<Json<Value>, Refusal> {
    let code = world.codes.remove(request.params.required("code")?);
    let now = world.now();
    let code = code.filter(|code| now < code.expires_at && code.grant.client_id == request.client_id);
    let code = code.ok_or_else(|| world.settings.refusals.invalid_code.clone())?;
    let redirect_uri = request.params.required("redirect_uri")?;
    if redirect_uri != code.redirect_uri {
        let expected = &code.redirect_uri;
        let text = format!("The redirect URI is wrong. You sent {redirect_uri}, and we expected {expected}");
        return Err(Refusal::new(403, "invalid_grant", text));
    }
    let challenge = request.params.text("code_verifier").map(code_challenge);
    if challenge != code.code_challenge {
        return Err(world.settings.refusals.wrong_verifier.clone());
    }
    Ok(Json(world.token_response(&code.grant, &code.claims, request.issuer)))
}

/// The S256 challenge of a verifier (RFC 7636 §4.2).
fn code_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}
