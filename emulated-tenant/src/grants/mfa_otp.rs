//! `grant_type=http://auth0.com/oauth/grant-type/mfa-otp`: proves, and at first confirms, an authenticator app
//! (contract §5).

use axum::Json;
use serde_json::Value;

use crate::answers::Answer;
use crate::authenticator::{Authenticator, Factor};
use crate::limits::Limit;
use crate::token::Call;
use crate::tokens::SignIn;
use crate::totp;
use crate::world::World;

/// Takes a code of an authenticator app.
pub(crate) fn exchange(world: &mut World, call: &Call<'_>) -> Result<Json<Value>, Answer> {
    let grant = world.mfa_token(call.params.required("mfa_token")?, call.client_id)?;
    world.prove_otp(&grant.sub, call.params.required("otp")?, |_| true)?;
    Ok(Json(world.token_answer(&grant, &SignIn::default(), call.issuer)))
}

impl World {
    /// Tries the code on the person's apps that `count`, newest first, and confirms the one that it fits. At sign-in only
    /// confirmed ones count; the grant is also how an unfinished one is confirmed (contract §5).
    pub(crate) fn prove_otp(
        &mut self,
        sub: &str,
        code: &str,
        count: fn(&Authenticator) -> bool,
    ) -> Result<String, Answer> {
        let (now, unix_time) = (self.now(), self.unix_time());
        let answers = self.settings.answers.clone();
        let locked = self.limits.is_exhausted(Limit::WrongCode, sub, now);
        let person = self.person_mut(sub).ok_or_else(|| answers.not_enrolled.clone())?;
        if !person.authenticators.iter().any(|one| one.factor == Factor::Totp) {
            return Err(answers.not_enrolled);
        }
        if locked {
            return Err(answers.too_many_failures);
        }
        let mut apps =
            person.authenticators.iter_mut().rev().filter(|one| one.factor == Factor::Totp && count(one));
        let fitting = apps.find_map(|app| totp::accept(app, code, unix_time).then(|| app.id.clone()));
        let Some(id) = fitting else {
            self.limits.take(Limit::WrongCode, sub, now);
            return Err(answers.invalid_otp);
        };
        person.confirm(&id);
        Ok(id)
    }
}
