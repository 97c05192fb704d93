//! What the tenant's error strings mean. Auth0 words one cause in several ways; this is the one place that knows.
//!
//! The table follows Auth0's documents and recorded traffic: `error` decides first, then the status, then the
//! description, compared without case (MFA API and Authentication API references).

use super::Call;

/// What a refusal means for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The code is wrong; another try is possible.
    WrongCode,
    /// The code or its handle is too old; a new one is needed.
    CodeExpired,
    /// The MFA token has ended or is not accepted; the person signs in again.
    TokenEnded,
    /// Push: not answered yet.
    Pending,
    /// Push: asked too often.
    SlowDown,
    /// The person said no on the phone.
    Denied,
    /// The token came from a password sign-in and may only enroll a first factor.
    AlreadyEnrolled,
    /// Nothing is enrolled that could be challenged.
    NotEnrolled,
    /// No recovery code is enrolled.
    NoRecoveryCode,
    /// The phone number is not one the tenant can use.
    InvalidNumber,
    /// Too many messages or calls were sent to this person.
    TooManySent,
    /// Too many wrong codes.
    TooManyWrong,
    /// Too many requests altogether.
    TooManyRequests,
    /// The tenant keeps no more than so many authenticators (51).
    LimitReached,
    /// This factor is switched off, or this number's country is.
    NotAvailable,
    /// There is no such authenticator.
    NotFound,
    /// The token lacks a scope.
    MissingScope,
    /// The authorization code is wrong, used or too old.
    InvalidAuthorizationCode,
    /// The token is for another API: the custom-domain mistake.
    WrongAudience,
    /// The application may not use this grant type.
    GrantNotEnabled,
    /// The application's id or secret is wrong.
    WrongClient,
    /// Something else than the tenant's API answers there.
    NotTheTenant,
    /// None of the above.
    Other,
}

/// What stands in `error` (empty: any), part of the description in lower case (empty: any), and what it means.
/// The first line that fits decides.
const TABLE: &[(&str, &str, Reason)] = &[
    ("", "invalid audience", Reason::WrongAudience),
    ("", "mfa_token not issued to this client", Reason::WrongClient),
    ("", "client authentication failed", Reason::WrongClient),
    ("invalid_client", "", Reason::WrongClient),
    ("access_denied", "unauthorized", Reason::WrongClient),
    ("unauthorized_client", "", Reason::GrantNotEnabled),
    ("", "already enrolled", Reason::AlreadyEnrolled),
    ("enrollment_conflict", "", Reason::AlreadyEnrolled),
    ("expired_token", "oob_code", Reason::CodeExpired),
    ("expired_token", "", Reason::TokenEnded),
    ("", "mfa token expired", Reason::TokenEnded),
    ("", "mfa_token is expired", Reason::TokenEnded),
    ("", "mfa_token provided is invalid", Reason::TokenEnded),
    ("", "malformed mfa_token", Reason::TokenEnded),
    ("invalid_token", "", Reason::TokenEnded),
    ("mfa_required", "", Reason::TokenEnded),
    ("insufficient_scope", "", Reason::MissingScope),
    ("", "insufficient scope", Reason::MissingScope),
    ("authorization_pending", "", Reason::Pending),
    ("slow_down", "", Reason::SlowDown),
    ("", "mfa authorization rejected", Reason::Denied),
    ("", "too many failed codes", Reason::TooManyWrong),
    ("too_many_attempts", "", Reason::TooManyWrong),
    ("", "too many sms", Reason::TooManySent),
    ("too_many_sms", "", Reason::TooManySent),
    ("", "too many calls", Reason::TooManySent),
    ("", "too many emails", Reason::TooManySent),
    ("", "too many push", Reason::TooManySent),
    ("too_many_requests", "", Reason::TooManyRequests),
    ("", "too many requests", Reason::TooManyRequests),
    ("", "invalid otp_code", Reason::WrongCode),
    ("", "invalid binding_code", Reason::WrongCode),
    ("", "missing required parameter: binding_code", Reason::WrongCode),
    ("", "oob_code is expired", Reason::CodeExpired),
    ("", "malformed oob_code", Reason::CodeExpired),
    ("", "oob_code doesn't match", Reason::CodeExpired),
    ("", "phone number is invalid", Reason::InvalidNumber),
    ("", "does not have a recovery-code", Reason::NoRecoveryCode),
    ("", "enrollment not found", Reason::NoRecoveryCode),
    ("", "not enrolled", Reason::NotEnrolled),
    ("association_required", "", Reason::NotEnrolled),
    ("", "limit of authenticators", Reason::LimitReached),
    ("", "maximum number of authenticators", Reason::LimitReached),
    ("unsupported_challenge_type", "", Reason::NotAvailable),
    ("feature_disabled_by_admin", "", Reason::NotAvailable),
    ("enrollment_method_disabled", "", Reason::NotAvailable),
    ("error_sending_sms", "", Reason::NotAvailable),
    ("", "not enabled", Reason::NotAvailable),
    ("", "not supported", Reason::NotAvailable),
    ("", "invalid challenge type", Reason::NotAvailable),
    ("authenticator_not_found", "", Reason::NotFound),
    ("invalid_authenticator", "", Reason::NotFound),
    ("", "authorization code", Reason::InvalidAuthorizationCode),
    ("", "code verifier", Reason::InvalidAuthorizationCode),
];

impl Reason {
    /// What an error answer means.
    #[must_use]
    pub fn of(call: Call, status: u16, error: &str, description: &str) -> Self {
        let description = description.to_lowercase();
        let fits = |(name, part, _): &&(&str, &str, Self)| {
            (name.is_empty() || *name == error) && (part.is_empty() || description.contains(part))
        };
        let is_silent = error.is_empty() && description.is_empty();
        match (TABLE.iter().find(fits), status) {
            (Some((_, _, reason)), _) => *reason,
            (None, 429) => Self::TooManyRequests,
            (None, _) if call.is_open() => Self::NotTheTenant,
            (None, 401) if call.bears_token() => Self::TokenEnded,
            (None, 401) => Self::WrongClient,
            (None, 404) if call.names_a_thing() && !is_silent => Self::NotFound,
            (None, 404) => Self::NotTheTenant,
            (None, _) => Self::Other,
        }
    }

    /// Whether only an operator can mend it.
    #[must_use]
    pub fn is_misconfiguration(self) -> bool {
        matches!(self, Self::WrongAudience | Self::GrantNotEnabled | Self::WrongClient)
    }

    /// Whether waiting helps.
    #[must_use]
    pub fn is_too_many(self) -> bool {
        matches!(self, Self::TooManySent | Self::TooManyWrong | Self::TooManyRequests | Self::SlowDown)
    }
}
