//! `DELETE /mfa/authenticators/{id}` (contract §7).

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use crate::answers::Answer;
use crate::authenticator::Factor;
use crate::domains::Issuer;
use crate::mfa_token::bearer_token;
use crate::world::{Shared, World};

/// Removes an authenticator and its twin. An opaque `mfa_token` is not enough.
pub(crate) async fn remove(
    State(shared): State<Shared>,
    issuer: Issuer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Answer> {
    let mut world = shared.world();
    let bearer = world.bearer(bearer_token(&headers), "remove:authenticators", &issuer.0)?;
    if bearer.opaque {
        return Err(world.settings.answers.invalid_token.clone());
    }
    world.remove_authenticator(&bearer.grant.sub, &id)?;
    Ok((StatusCode::NO_CONTENT, [(CONTENT_TYPE, "application/json; charset=utf-8")]))
}

impl World {
    fn remove_authenticator(&mut self, sub: &str, id: &str) -> Result<(), Answer> {
        let answers = &self.settings.answers;
        let authenticator = self.person(sub).and_then(|person| person.authenticator(id));
        let authenticator = authenticator.ok_or_else(|| answers.nothing_to_remove.clone())?;
        if authenticator.from_profile {
            return Err(answers.fixed_email.clone());
        }
        if authenticator.factor == Factor::RecoveryCode {
            return Err(answers.fixed_recovery_code.clone());
        }
        let takes_recovery_code = self.settings.last_removal_takes_recovery_code;
        if let Some(person) = self.person_mut(sub) {
            person.remove(id);
            if takes_recovery_code && !person.must_be_challenged() {
                person.authenticators.retain(|one| one.factor != Factor::RecoveryCode);
            }
        }
        Ok(())
    }
}
