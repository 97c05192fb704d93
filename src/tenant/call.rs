//! The calls we make, and what follows from which one it is.

use std::fmt;

/// A call to the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `GET /.well-known/openid-configuration`
    Discovery,
    /// `GET` the key set that discovery names.
    Keys,
    /// `POST /oauth/token` with the code of a callback.
    Exchange,
    /// `GET /mfa/authenticators`
    List,
    /// `POST /mfa/associate`
    Associate,
    /// `POST /mfa/challenge`
    Challenge,
    /// `POST /oauth/token` with a proof.
    Confirm,
    /// `DELETE /mfa/authenticators/{id}`
    Remove,
    /// `POST /oauth/token` with the management application's credentials.
    ManagementToken,
    /// `POST /api/v2/users/{id}/recovery-code-regeneration`
    Regenerate,
    /// `mfa-portal check`: `GET /authorize` without a page.
    TrySignIn,
    /// `mfa-portal check`: `POST /oauth/token` with a proof and a token that is none.
    TryConfirm,
    /// `mfa-portal check`: `GET /v2/logout` without a session.
    TrySignOut,
    /// `mfa-portal check`: `POST /oauth/token` with the management application's credentials.
    TryManagement,
    /// `mfa-portal check`: what is served at an address that is not the tenant's.
    Look,
}

impl Call {
    /// Its name in logs and figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Keys => "keys",
            Self::Exchange => "token",
            Self::List => "list",
            Self::Associate => "associate",
            Self::Challenge => "challenge",
            Self::Confirm => "confirm",
            Self::Remove => "remove",
            Self::ManagementToken => "management-token",
            Self::Regenerate => "regenerate",
            Self::TrySignIn => "try-sign-in",
            Self::TryConfirm => "try-confirm",
            Self::TrySignOut => "try-sign-out",
            Self::TryManagement => "try-management",
            Self::Look => "look",
        }
    }

    /// Whether it changes what a person has.
    #[must_use]
    pub fn alters(self) -> bool {
        matches!(self, Self::Associate | Self::Confirm | Self::Remove | Self::Regenerate)
    }

    /// Whether it does something that a lost answer leaves in doubt. Tokens that nobody got are none.
    #[must_use]
    pub fn changes(self) -> bool {
        self.alters() || self == Self::Challenge
    }

    /// Whether it carries the person's MFA token, or the token for the Management API.
    pub(super) fn bears_token(self) -> bool {
        matches!(self, Self::List | Self::TryConfirm) || self.changes()
    }

    /// Whether it is about one thing that may be gone by now.
    pub(super) fn names_a_thing(self) -> bool {
        matches!(self, Self::Challenge | Self::Remove | Self::Regenerate)
    }

    /// Whether anybody may make it, so that a refusal can only come from something else than the tenant's API.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Discovery | Self::Keys)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
