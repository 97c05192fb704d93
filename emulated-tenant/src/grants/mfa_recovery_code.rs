//! `grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code`: a recovery code works once and brings the
//! next one (contract §5).

use axum::Json;
use serde_json::{Value, json};

use crate::answers::Answer;
use crate::authenticator::Factor;
use crate::limits::Limit;
use crate::token::Call;
use crate::tokens::SignIn;
use crate::world::World;

/// Takes a recovery code.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Json<Value>, Answer> {
    let grant = world.mfa_token(call.params.required("mfa_token")?, call.client_id)?;
    let next = world.prove_recovery_code(&grant.sub, call.params.required("recovery_code")?)?;
    let mut answer = world.token_answer(&grant, &SignIn::default(), call.issuer);
    answer["recovery_code"] = json!(next);
    Ok(Json(answer))
}

impl World {
    /// Uses a recovery code up; gives the next one.
    pub(crate) fn prove_recovery_code(&mut self, sub: &str, code: &str) -> Result<String, Answer> {
        let now = self.now();
        let answers = self.settings.answers.clone();
        let current = self.person(sub).and_then(|person| person.active(Factor::RecoveryCode));
        let current = current.and_then(|one| one.secret.clone()).ok_or(answers.no_recovery_code)?;
        if self.limits.is_exhausted(Limit::WrongRecoveryCode, sub, now) {
            return Err(answers.too_many_failures);
        }
        if code != current {
            self.limits.take(Limit::WrongRecoveryCode, sub, now);
            return Err(answers.wrong_recovery_code);
        }
        self.new_recovery_code(sub).ok_or(answers.wrong_recovery_code)
    }

    /// Replaces the person's recovery code.
    pub(crate) fn new_recovery_code(&mut self, sub: &str) -> Option<String> {
        let next = self.random.recovery_code();
        let person = self.person_mut(sub)?;
        let authenticator =
            person.authenticators.iter_mut().find(|one| one.factor == Factor::RecoveryCode)?;
        authenticator.secret = Some(next.clone());
        Some(next)
    }
}
