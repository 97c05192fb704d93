//! The application's client secret and its MFA grant, from a confirmation with a made-up MFA token: Auth0 checks the
//! secret first, the grant type next, and the token last.

use super::sign_in::SignInProbes;
use super::{Cause, CheckResult, ProbeContext, Trouble, answered, short};
use crate::tenant::{Call, Error, ProbeResponse, Reason};

/// Whether the client secret or the private key is right.
pub(super) fn credentials(
    token: &Result<ProbeResponse, Error>,
    sign_in: &SignInProbes,
    context: &ProbeContext,
) -> CheckResult {
    let response = answered(token)?;
    match reason(response) {
        Reason::WrongClient if sign_in.knows_no_client() => {
            Err(Trouble::Unknown("the tenant does not know the application".to_owned()))
        }
        Reason::WrongClient if context.tenant.has_key() => Err(Cause::WrongKey.into()),
        Reason::WrongClient => Err(Cause::WrongSecret.into()),
        Reason::GrantNotEnabled | Reason::TokenEnded => Ok("the tenant accepts it".to_owned()),
        _ => Err(inconclusive(response)),
    }
}

/// Whether the application has the MFA grant, without which no enrollment can be confirmed.
pub(super) fn mfa_grant(token: &Result<ProbeResponse, Error>, context: &ProbeContext) -> CheckResult {
    let response = answered(token)?;
    match reason(response) {
        Reason::GrantNotEnabled => Err(Cause::MfaGrantOff.into()),
        Reason::TokenEnded => Ok("enabled".to_owned()),
        Reason::WrongClient => {
            let first = if context.tenant.has_key() { "key" } else { "secret" };
            Err(Trouble::Unknown(format!("the tenant checks the client {first} first")))
        }
        _ => Err(inconclusive(response)),
    }
}

fn reason(response: &ProbeResponse) -> Reason {
    let (error, description) = response.refusal();
    Reason::of(Call::ProbeConfirm, response.status, &error, &description)
}

pub(super) fn inconclusive(response: &ProbeResponse) -> Trouble {
    let (error, description) = response.refusal();
    Trouble::Unknown(short(&format!(
        "the tenant answered with status {}: {error} {description}",
        response.status
    )))
}
