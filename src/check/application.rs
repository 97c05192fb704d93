//! What the token endpoint says to a confirmation whose MFA token is none: it looks at the client's credentials first,
//! at the grant type next, and at the token last.

use super::sign_in::SignIn;
use super::{Cause, Outcome, Trouble, answered, short};
use crate::tenant::{Call, Error, Look, Reason};

/// Whether the application's secret is right.
pub(super) fn secret(token: &Result<Look, Error>, sign_in: &SignIn) -> Outcome {
    let look = answered(token)?;
    match reason(look) {
        Reason::WrongClient if sign_in.knows_no_client() => {
            Err(Trouble::Unknown("the tenant does not know the application".to_owned()))
        }
        Reason::WrongClient => Err(Cause::WrongSecret.into()),
        Reason::GrantNotEnabled | Reason::TokenEnded => Ok("the tenant accepts it".to_owned()),
        _ => Err(unclear(look)),
    }
}

/// Whether the application may end a set-up.
pub(super) fn mfa_grant(token: &Result<Look, Error>) -> Outcome {
    let look = answered(token)?;
    match reason(look) {
        Reason::GrantNotEnabled => Err(Cause::MfaGrantOff.into()),
        Reason::TokenEnded => Ok("switched on".to_owned()),
        Reason::WrongClient => {
            Err(Trouble::Unknown("the tenant looks at the client secret first".to_owned()))
        }
        _ => Err(unclear(look)),
    }
}

fn reason(look: &Look) -> Reason {
    let (error, description) = look.refusal();
    Reason::of(Call::TryConfirm, look.status, &error, &description)
}

/// An answer that says neither yes nor no.
pub(super) fn unclear(look: &Look) -> Trouble {
    let (error, description) = look.refusal();
    Trouble::Unknown(short(&format!(
        "the tenant answered with status {}: {error} {description}",
        look.status
    )))
}
