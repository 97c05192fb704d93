//! `DELETE /mfa/authenticators/{id}` (API reference, Delete an authenticator).

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use crate::endpoints::issuer::Issuer;
use crate::wire::credentials::bearer_token;
use crate::wire::refusals::Refusal;
use crate::world::authenticator::Factor;
use crate::world::{Shared, World};

/// `DELETE /mfa/authenticators/{id}`: removes an authenticator and its twin. An opaque `mfa_token` is not
/// enough (Auth0, Manage factors).
pub(crate) async fn remove(
    State(shared): State<Shared>,
    issuer: Issuer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    let mut world = shared.world();
    let bearer = world.bearer(bearer_token(&headers), "remove:authenticators", &issuer.0)?;
    if bearer.opaque {
        return Err(world.settings.refusals.invalid_token.clone());
    }
    world.remove_authenticator(&bearer.grant.sub, &id)?;
    Ok((StatusCode::NO_CONTENT, [(CONTENT_TYPE, "application/json; charset=utf-8")]))
}

impl World {
    fn remove_authenticator(&mut self, sub: &str, id: &str) -> Result<(), Refusal> {
        let refusals = &self.settings.refusals;
        let authenticator = self.person(sub).and_then(|person| person.authenticator(id));
        let authenticator = authenticator.ok_or_else(|| refusals.nothing_to_remove.clone())?;
        if authenticator.from_profile {
            return Err(refusals.fixed_email.clone());
        }
        if authenticator.factor == Factor::RecoveryCode {
            return Err(refusals.fixed_recovery_code.clone());
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
