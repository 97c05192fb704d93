//! The management application: its credentials, its grant, and its scope.

use super::application::inconclusive;
use super::{Cause, CheckResult, answered};
use crate::config::Config;
use crate::tenant::{Call, Credentials, Error, Management, ProbeResponse, Reason};

/// Needed for a new recovery code (Auth0 Management API, Generate New Multi-factor Authentication Recovery Code).
const SCOPE: &str = "update:users";

/// Whether the management application's token may regenerate recovery codes.
pub(super) fn management(answer: &Result<ProbeResponse, Error>, config: &Config) -> CheckResult {
    let response = answered(answer)?;
    if let Some(scopes) = response.scopes().filter(|_| response.status == 200) {
        return granted(&scopes);
    }
    let (error, description) = response.refusal();
    let audience = || format!("{}api/v2/", config.canonical_url);
    Err(match Reason::of(Call::ProbeManagement, response.status, &error, &description) {
        Reason::WrongClient if has_key(config) => Cause::WrongKey.into(),
        Reason::WrongClient => Cause::WrongManagementSecret.into(),
        Reason::GrantNotEnabled => Cause::NoClientCredentials.into(),
        _ if description.contains("not authorized to access") => Cause::NotAuthorizedForManagement.into(),
        _ if description.starts_with("Service not found") => Cause::NotCanonical(audience()).into(),
        _ => inconclusive(response),
    })
}

fn has_key(config: &Config) -> bool {
    matches!(&config.management, Some(Management { credentials: Credentials::Key(_), .. }))
}

/// More scopes than needed work, but give a stolen secret more power.
fn granted(scopes: &[String]) -> CheckResult {
    let others = scopes.iter().filter(|scope| *scope != SCOPE).count();
    match (scopes.len() - others, others) {
        (0, _) => Err(Cause::MissingScope.into()),
        (_, 0) => Ok(format!("has {SCOPE}")),
        (_, others) => Ok(format!("has {SCOPE}, and {others} more that the portal never uses: remove them")),
    }
}
