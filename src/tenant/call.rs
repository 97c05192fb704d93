//! The calls to the tenant, and what follows from which one it is.

use std::fmt;

/// A call to the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `GET /.well-known/openid-configuration`
    Discovery,
    /// `GET` the `jwks_uri` of the discovery document.
    Keys,
    /// `POST /oauth/token` with an authorization code.
    Exchange,
    /// `GET /mfa/authenticators`
    List,
    /// `POST /mfa/associate`
    Associate,
    /// `POST /mfa/challenge`
    Challenge,
    /// `POST /oauth/token` with an MFA grant.
    Confirm,
    /// `DELETE /mfa/authenticators/{id}`
    Remove,
    /// `POST /oauth/token` with the management application's credentials.
    ManagementToken,
    /// `POST /api/v2/users/{id}/recovery-code-regeneration`
    Regenerate,
    /// `mfa-portal check`: `GET /authorize` with `prompt=none`.
    ProbeSignIn,
    /// `mfa-portal check`: `POST /oauth/token` with an MFA grant and a made-up MFA token.
    ProbeConfirm,
    /// `mfa-portal check`: `GET /v2/logout` without a session.
    ProbeSignOut,
    /// `mfa-portal check`: `POST /oauth/token` with the management application's credentials.
    ProbeManagement,
    /// `mfa-portal check`: `GET` any URL, such as our own public address.
    ProbeUrl,
}

impl Call {
    /// The calls of the running portal, which are counted, in the order of the variants.
    pub(super) const COUNTED: [Self; 10] = [
        Self::Discovery,
        Self::Keys,
        Self::Exchange,
        Self::List,
        Self::Associate,
        Self::Challenge,
        Self::Confirm,
        Self::Remove,
        Self::ManagementToken,
        Self::Regenerate,
    ];

    /// The name in logs and metrics.
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
            Self::ProbeSignIn => "probe-sign-in",
            Self::ProbeConfirm => "probe-confirm",
            Self::ProbeSignOut => "probe-sign-out",
            Self::ProbeManagement => "probe-management",
            Self::ProbeUrl => "probe-url",
        }
    }

    /// Whether the call changes which authenticators a person has.
    #[must_use]
    pub fn changes_authenticators(self) -> bool {
        matches!(self, Self::Associate | Self::Confirm | Self::Remove | Self::Regenerate)
    }

    /// Whether a lost response leaves us unsure if anything happened. Token requests have no side effect: an
    /// undelivered token changes nothing.
    #[must_use]
    pub fn has_side_effect(self) -> bool {
        self.changes_authenticators() || self == Self::Challenge
    }

    /// Whether the call carries the person's MFA token, or the token for the Management API.
    pub(super) fn bears_token(self) -> bool {
        matches!(self, Self::List | Self::ProbeConfirm) || self.has_side_effect()
    }

    /// Whether the call is about one authenticator or one user, so that a 404 means that it no longer exists.
    pub(super) fn targets_one_resource(self) -> bool {
        matches!(self, Self::Challenge | Self::Remove | Self::Regenerate)
    }

    /// Whether an answer is one of OAuth's (RFC 6749 §5.2).
    pub(super) fn is_at_token_endpoint(self) -> bool {
        matches!(self, Self::Exchange | Self::Confirm | Self::ManagementToken)
    }

    /// Whether the call needs no credentials, so that only something other than the tenant's API can refuse it.
    pub(super) fn is_public(self) -> bool {
        matches!(self, Self::Discovery | Self::Keys)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
