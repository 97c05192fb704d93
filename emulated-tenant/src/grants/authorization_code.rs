//! `grant_type=authorization_code`, with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.6).

use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use time::OffsetDateTime;

use crate::answers::Answer;
use crate::token::Call;
use crate::tokens::{Grant, SignIn};
use crate::world::World;

/// What a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) grant: Grant,
    pub(crate) sign_in: SignIn,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: Option<String>,
    pub(crate) expires_at: OffsetDateTime,
}

/// Exchanges a code, which works once.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Json<Value>, Answer> {
    let code = world.codes.remove(call.params.required("code")?);
    let now = world.now();
    let code = code.filter(|code| now < code.expires_at && code.grant.client_id == call.client_id);
    let code = code.ok_or_else(|| world.settings.answers.invalid_code.clone())?;
    let redirect_uri = call.params.required("redirect_uri")?;
    if redirect_uri != code.redirect_uri {
        let expected = &code.redirect_uri;
        let text = format!("The redirect URI is wrong. You sent {redirect_uri}, and we expected {expected}");
        return Err(Answer::new(403, "invalid_grant", text));
    }
    let verifier = call.params.text("code_verifier").map(challenge);
    if verifier != code.code_challenge {
        return Err(world.settings.answers.wrong_verifier.clone());
    }
    Ok(Json(world.token_answer(&code.grant, &code.sign_in, call.issuer)))
}

/// S256: the verifier's SHA-256 (RFC 7636 §4.2).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}
