//! The MFA API: `/mfa/authenticators`, `/mfa/associate` and `/mfa/challenge`.

pub(crate) mod associate;
pub(crate) mod challenge;
pub(crate) mod list;
pub(crate) mod remove;
