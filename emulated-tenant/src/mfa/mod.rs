//! The MFA API: `/mfa/authenticators`, `/mfa/associate`, `/mfa/challenge` (contract §3, §4, §6, §7).

pub(crate) mod associate;
pub(crate) mod challenge;
pub(crate) mod list;
pub(crate) mod remove;
