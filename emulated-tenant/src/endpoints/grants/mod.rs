//! The grant types of `/oauth/token`, one file each.

pub(super) mod authorization_code;
pub(super) mod client_credentials;
pub(super) mod mfa_oob;
pub(super) mod mfa_otp;
pub(super) mod mfa_recovery_code;
pub(super) mod password;

use crate::wire::params::Params;

/// A token request by a client that has proved its identity.
pub(super) struct TokenRequest<'a> {
    pub(super) params: &'a Params,
    pub(super) client_id: &'a str,
    pub(super) issuer: &'a str,
}
