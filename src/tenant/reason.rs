//! The meaning of the tenant's error strings. Auth0 words one cause in several ways, and only this file knows them.
//!
//! Sources: Auth0's references of the MFA API and the Authentication API, and recorded traffic (auth0/go-auth0,
//! test/data/recordings/authentication).

use super::Call;

/// The meaning of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the other names say it")]
pub enum Reason {
    WrongCode,
    /// The code or its handle is too old; a new one is needed.
    CodeExpired,
    /// The MFA token has expired or is not accepted; the person signs in again.
    TokenEnded,
    /// Push: the person has not answered yet.
    Pending,
    /// Push: we polled too often.
    SlowDown,
    /// Push: the person refused on the phone.
    Denied,
    /// The token came from a password grant, which may enroll a first factor only.
    AlreadyEnrolled,
    NotEnrolled,
    NoRecoveryCode,
    InvalidNumber,
    /// Too many messages or calls to this person.
    TooManySent,
    TooManyWrong,
    TooManyRequests,
    /// The person has as many authenticators as the tenant allows (51; community.auth0.com thread 95815).
    LimitReached,
    /// The factor is disabled, or the number's country is.
    NotAvailable,
    NotFound,
    MissingScope,
    /// The authorization code is wrong, used or too old.
    InvalidAuthorizationCode,
    /// The token is for an API on the custom domain (community.auth0.com thread 44384).
    WrongAudience,
    GrantNotEnabled,
    WrongClient,
    NotTheTenant,
    Other,
}

/// The value of `error` (empty: any), a part of the description in lower case (empty: any), and what it means. The
/// first row that matches decides.
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
    /// The meaning of an error response.
    #[must_use]
    pub fn of(call: Call, status: u16, error: &str, description: &str) -> Self {
        let description = description.to_lowercase();
        let matches = |(name, part, _): &&(&str, &str, Self)| {
            (name.is_empty() || *name == error) && (part.is_empty() || description.contains(part))
        };
        let is_silent = error.is_empty() && description.is_empty();
        match (TABLE.iter().find(matches), status) {
            (Some((_, _, reason)), _) => *reason,
            (None, 429) => Self::TooManyRequests,
            (None, _) if call.is_public() => Self::NotTheTenant,
            (None, 401) if call.bears_token() => Self::TokenEnded,
            (None, 401) => Self::WrongClient,
            (None, 404) if call.targets_one_resource() && !is_silent => Self::NotFound,
            (None, 404) => Self::NotTheTenant,
            (None, _) => Self::Other,
        }
    }

    /// Whether only an operator can fix it.
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
