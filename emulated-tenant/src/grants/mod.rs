//! What `/oauth/token` can be asked by (contract §2, §5, §8), one file per grant.

pub(crate) mod authorization_code;
pub(crate) mod client_credentials;
pub(crate) mod mfa_oob;
pub(crate) mod mfa_otp;
pub(crate) mod mfa_recovery_code;
pub(crate) mod password;
