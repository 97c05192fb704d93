//! What the tenant says of itself: its issuer and its keys.

use jsonwebtoken::jwk::{AlgorithmParameters, KeyAlgorithm};

use super::{Cause, Outcome, Trial, unknown};
use crate::tenant::Kind;

/// Discovery is there, and names the configured issuer and no endpoint elsewhere.
pub(super) async fn issuer(trial: &Trial) -> Outcome {
    let domain = trial.config.issuer();
    match trial.tenant.discovery().await {
        Ok(_) => Ok(domain.to_owned()),
        Err(error) => Err(match error.kind {
            Kind::Refused(refusal) if refusal.status != 429 => {
                Cause::NoTenant { domain: domain.to_owned(), status: refusal.status }.into()
            }
            Kind::Unintelligible { .. } => Cause::NotATenant(domain.to_owned()).into(),
            Kind::Misconfigured(cause) => Cause::OtherIssuer(cause).into(),
            _ => unknown(&error),
        }),
    }
}

/// At least one of the published keys is one that ID tokens may be signed with.
pub(super) async fn keys(trial: &Trial) -> Outcome {
    let keys = trial.tenant.published_keys().await.map_err(|error| unknown(&error))?.keys;
    let usable = keys.iter().filter(|key| {
        let is_rsa = matches!(key.algorithm, AlgorithmParameters::RSA(_));
        is_rsa && key.common.key_algorithm.is_none_or(|algorithm| algorithm == KeyAlgorithm::RS256)
    });
    match usable.count() {
        0 => Err(Cause::NoUsableKey.into()),
        count => Ok(format!("{count} for RS256")),
    }
}
