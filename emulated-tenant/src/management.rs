//! The one call of the Management API that the MFA API sends people to: a new recovery code (contract §9).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, Factor};
use crate::mfa_token::bearer_token;
use crate::world::{Shared, World};

/// A refusal in the Management API's own envelope.
pub(crate) struct Problem {
    status: StatusCode,
    message: &'static str,
    code: &'static str,
}

impl IntoResponse for Problem {
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
) -> Result<Json<Value>, Problem> {
    let mut world = shared.world();
    world.may_manage(bearer_token(&headers), "update:users")?;
    let missing = |message, code| Problem { status: StatusCode::NOT_FOUND, message, code };
    let person = world.person(&sub).ok_or(missing("The user does not exist.", "inexistent_user"))?;
    if !person.must_be_challenged() {
        return Err(missing("Enrollment not found", "enrollment_not_found"));
    }
    let device = world.random.device();
    if let Some(person) = world.person_mut(&sub) {
        if !person.authenticators.iter().any(|one| one.factor == Factor::RecoveryCode) {
            person.authenticators.push(Authenticator::new(Factor::RecoveryCode, &device));
        }
        // A regenerated code can be used at once.
        person
            .authenticators
            .iter_mut()
            .filter(|one| one.factor == Factor::RecoveryCode)
            .for_each(|one| one.active = true);
    }
    Ok(Json(json!({ "recovery_code": world.new_recovery_code(&sub) })))
}

impl World {
    fn may_manage(&self, token: Option<&str>, scope: &str) -> Result<(), Problem> {
        let unauthorized =
            |message| Problem { status: StatusCode::UNAUTHORIZED, message, code: "invalid_token" };
        let token = token.ok_or(unauthorized("Missing authentication"))?;
        let (now, audience) = (self.now().unix_timestamp(), self.domains.management_audience());
        let token =
            self.read_access_token(token).filter(|token| token.is_alive(now) && token.is_for(&audience));
        let token = token.ok_or(unauthorized("Invalid token"))?;
        if token.grant.has(scope) {
            return Ok(());
        }
        let message = "Insufficient scope, expected any of: update:users";
        Err(Problem { status: StatusCode::FORBIDDEN, message, code: "insufficient_scope" })
    }
}
