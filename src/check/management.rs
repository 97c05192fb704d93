//! The application for the Management API: its credentials, its grant, and the scope it is there for.

use super::application::unclear;
use super::{Cause, Outcome, answered};
use crate::config::Config;
use crate::tenant::{Call, Error, Look, Reason};

/// What a new recovery code needs (Management API, recovery-code-regeneration).
const SCOPE: &str = "update:users";

/// Whether a token can be had that may give people a new recovery code.
pub(super) fn management(answer: &Result<Look, Error>, config: &Config) -> Outcome {
    let look = answered(answer)?;
    if let Some(scopes) = look.scopes().filter(|_| look.status == 200) {
        return granted(&scopes);
    }
    let (error, description) = look.refusal();
    let audience = || format!("{}api/v2/", config.canonical_url);
    Err(match Reason::of(Call::TryManagement, look.status, &error, &description) {
        Reason::WrongClient => Cause::WrongManagementSecret.into(),
        Reason::GrantNotEnabled => Cause::NoClientCredentials.into(),
        _ if description.contains("not authorized to access") => Cause::NotAuthorizedForManagement.into(),
        _ if description.starts_with("Service not found") => {
            Cause::NotCanonical { audience: audience() }.into()
        }
        _ => unclear(look),
    })
}

/// More than is needed still works, but a stolen secret would open more too.
fn granted(scopes: &[String]) -> Outcome {
    let others = scopes.iter().filter(|scope| *scope != SCOPE).count();
    match (scopes.len() - others, others) {
        (0, _) => Err(Cause::MissingScope.into()),
        (_, 0) => Ok(format!("has {SCOPE}")),
        (_, others) => {
            Ok(format!("has {SCOPE}, and {others} more that the portal never uses: take them away"))
        }
    }
}
