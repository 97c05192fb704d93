//! Proofs that both the token endpoint and Universal Login accept: codes of authenticator apps and recovery codes.

use crate::wire::refusals::Refusal;
use crate::world::World;
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::limits::Limit;
use crate::world::totp;

impl World {
    /// Tries the code on each of the person's apps that `eligible` accepts, newest first, and confirms the app
    /// that it fits; returns the id of that app.
    pub(crate) fn prove_otp(
        &mut self,
        sub: &str,
        code: &str,
        eligible: fn(&Authenticator) -> bool,
    ) -> Result<String, Refusal> {
        let (now, unix_time) = (self.now(), self.unix_time());
        let refusals = self.settings.refusals.clone();
        let locked = self.limits.is_exhausted(Limit::WrongCode, sub, now);
        let person = self.person_mut(sub).ok_or_else(|| refusals.not_enrolled.clone())?;
        if !person.authenticators.iter().any(|one| one.factor == Factor::Totp) {
            return Err(refusals.not_enrolled);
        }
        if locked {
            return Err(refusals.too_many_failures);
        }
        let mut apps =
            person.authenticators.iter_mut().rev().filter(|one| one.factor == Factor::Totp && eligible(one));
        let fitting = apps.find_map(|app| totp::accept(app, code, unix_time).then(|| app.id.clone()));
        let Some(id) = fitting else {
            self.limits.take(Limit::WrongCode, sub, now);
            return Err(refusals.invalid_otp);
        };
        person.confirm(&id);
        Ok(id)
    }

    /// Uses up a recovery code; returns the next one.
    pub(crate) fn prove_recovery_code(&mut self, sub: &str, code: &str) -> Result<String, Refusal> {
        let now = self.now();
        let refusals = self.settings.refusals.clone();
        let current = self.person(sub).and_then(|person| person.active(Factor::RecoveryCode));
        let current = current.and_then(|one| one.secret.clone()).ok_or(refusals.no_recovery_code)?;
        if self.limits.is_exhausted(Limit::WrongRecoveryCode, sub, now) {
            return Err(refusals.too_many_failures);
        }
        if code != current {
            self.limits.take(Limit::WrongRecoveryCode, sub, now);
            return Err(refusals.wrong_recovery_code);
        }
        self.new_recovery_code(sub).ok_or(refusals.wrong_recovery_code)
    }

    /// Replaces the person's recovery code; `None` if the person has none.
    pub(crate) fn new_recovery_code(&mut self, sub: &str) -> Option<String> {
        let next = self.random.recovery_code();
        let person = self.person_mut(sub)?;
        let authenticator =
            person.authenticators.iter_mut().find(|one| one.factor == Factor::RecoveryCode)?;
        authenticator.secret = Some(next.clone());
        Some(next)
    }
}
