//! The tenant's discovery document and signing keys.

use super::{Cause, CheckResult, ProbeContext, unknown};
use crate::tenant::Failure;

/// Whether discovery names the configured issuer, and no endpoint on another host.
pub(super) async fn issuer(context: &ProbeContext) -> CheckResult {
    let domain = context.config.issuer();
    match context.tenant.discovery().await {
        Ok(_) => Ok(domain.to_owned()),
        Err(error) => Err(match error.kind {
            // A firewall, or a tenant that is away, may say anything else.
            Failure::Refused(refusal) if matches!(refusal.status, 400 | 404 | 405 | 410) => {
                Cause::NoTenant { domain: domain.to_owned(), status: refusal.status }.into()
            }
            Failure::Unintelligible { .. } => Cause::NotATenant(domain.to_owned()).into(),
            Failure::Misconfigured(cause) => Cause::OtherIssuer(cause).into(),
            _ => unknown(&error),
        }),
    }
}

/// Whether at least one published key can verify RS256.
pub(super) async fn keys(context: &ProbeContext) -> CheckResult {
    let keys = context.tenant.published_keys().await.map_err(|error| unknown(&error))?.keys;
    match keys.len() {
        0 => Err(Cause::NoUsableKey.into()),
        count => Ok(format!("{count} for RS256")),
    }
}
