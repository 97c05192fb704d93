//! The Management API's call that regenerates a recovery code. The MFA API has none (Auth0, Manage factors,
//! Regenerate recovery codes).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::wire::credentials::bearer_token;
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::{Shared, World};

/// An error in the Management API's format, which differs from OAuth's.
pub(crate) struct ManagementError {
    status: StatusCode,
    message: &'static str,
    code: &'static str,
}

impl IntoResponse for ManagementError {
    fn into_response(self) -> Response {
        let body = json!({
            "statusCode": self.status.as_u16(),
            "error": self.status.canonical_reason(),
            "message": self.message,
            "errorCode": self.code,
        });
        (self.status, Json(body)).into_response()
    }
}

/// `POST /api/v2/users/{id}/recovery-code-regeneration`
pub(crate) async fn regenerate(
    State(shared): State<Shared>,
    Path(sub): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ManagementError> {
    let mut world = shared.world();
    world.check_management_token(bearer_token(&headers), "update:users")?;
    let missing = |message, code| ManagementError { status: StatusCode::NOT_FOUND, message, code };
    let person = world.person(&sub).ok_or(missing("The user does not exist.", "inexistent_user"))?;
    if !person.must_be_challenged() {
        return Err(missing("Enrollment not found", "enrollment_not_found"));
    }
    let device = world.random.device();
    if let Some(person) = world.person_mut(&sub) {
        if !person.authenticators.iter().any(|one| one.factor == Factor::RecoveryCode) {
            person.authenticators.push(Authenticator::new(Factor::RecoveryCode, &device));
        }
        // A regenerated code is active at once.
        person
            .authenticators
            .iter_mut()
            .filter(|one| one.factor == Factor::RecoveryCode)
            .for_each(|one| one.active = true);
    }
    Ok(Json(json!({ "recovery_code": world.new_recovery_code(&sub) })))
}

impl World {
    fn check_management_token(&self, token: Option<&str>, scope: &str) -> Result<(), ManagementError> {
        let unauthorized =
            |message| ManagementError { status: StatusCode::UNAUTHORIZED, message, code: "invalid_token" };
        let token = token.ok_or(unauthorized("Missing authentication"))?;
        let (now, audience) = (self.now().unix_timestamp(), self.domains.management_audience());
        let token =
            self.read_access_token(token).filter(|token| token.is_alive(now) && token.is_for(&audience));
        let token = token.ok_or(unauthorized("Invalid token"))?;
        if token.grant.has(scope) {
            return Ok(());
        }
        let message = "Insufficient scope, expected any of: update:users";
        Err(ManagementError { status: StatusCode::FORBIDDEN, message, code: "insufficient_scope" })
    }
}
