//! The table of refusals: status, `error` and `error_description`. Where no source settles a value, the table has the
//! likeliest one, and a test may change it through [`Settings`](crate::Settings).

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error response in OAuth 2.0's format (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The `error`, which programs branch on.
    pub error: Cow<'static, str>,
    /// The `error_description`.
    pub description: Cow<'static, str>,
}

impl Refusal {
    /// A refusal from its three parts.
    #[must_use]
    pub fn new(
        status: u16,
        error: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error: error.into(), description: description.into() }
    }

    /// A missing parameter.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(400, "invalid_request", format!("Missing required parameter: {parameter}"))
    }

    /// A grant type that the client does not have.
    pub(crate) fn grant_not_allowed(grant_type: &str) -> Self {
        Self::new(
            403,
            "unauthorized_client",
            format!("Grant type '{grant_type}' not allowed for the client."),
        )
    }

    /// A client without a client grant for the API (quoted in issues of Auth0's SDKs).
    pub(crate) fn no_client_grant(audience: &str) -> Self {
        let remedy = "You need to create a \"client-grant\" associated to this API.";
        Self::new(
            403,
            "access_denied",
            format!("Client is not authorized to access \"{audience}\". {remedy}"),
        )
    }

    /// An invalid request.
    pub(crate) fn invalid(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "invalid_request", description)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": self.error, "error_description": self.description });
        (status, Json(body)).into_response()
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $status:literal $error:literal $description:literal;)*) => {
        /// Every refusal that a test may change while the tenant runs.
        #[derive(Clone, Debug)]
        pub struct Refusals {
            $($(#[$doc])* pub $name: Refusal,)*
        }

        impl Default for Refusals {
            fn default() -> Self {
                Self { $($name: Refusal::new($status, $error, $description),)* }
            }
        }
    };
}

refusals! {
    /// A Bearer token that is unknown, malformed, expired or for another audience (Auth0's SDKs quote it).
    invalid_token: 401 "invalid_grant" "The mfa_token provided is invalid. Try getting a new token.";
    /// A Bearer token without the scope. No source.
    insufficient_scope: 403 "insufficient_scope" "Insufficient scope";
    /// An opaque `mfa_token` that enrolls although the person has an active authenticator (thread 90893).
    already_enrolled: 403 "access_denied" "User is already enrolled.";
    /// A phone number that is not E.164. Client code quotes the text; no source for the status.
    invalid_phone: 400 "invalid_request" "The phone number is invalid.";
    /// An invalid e-mail address. No source.
    invalid_email: 400 "invalid_request" "The email is invalid.";
    /// Too many texts and calls. Client code quotes the text; the status may be 429.
    too_many_sms: 400 "invalid_request" "Too many SMS sent by the user. Wait for some minutes before retrying.";
    /// Too many e-mails. No source; modelled on `too_many_sms`.
    too_many_emails: 400 "invalid_request" "Too many emails sent by the user. Wait for some minutes before retrying.";
    /// Too many push notifications. No source; modelled on `too_many_sms`.
    too_many_pushes: 400 "invalid_request" "Too many push notifications sent by the user. Wait for some minutes before retrying.";
    /// A factor that the tenant does not enable. No source.
    factor_disabled: 400 "unsupported_challenge_type" "The authenticator type or channel is not enabled.";
    /// Too many authenticators (thread 95815 has the limit, 51). No source for the response.
    too_many_authenticators: 400 "invalid_request" "The user has reached the maximum number of authenticators.";

    /// A wrong code of an authenticator app (Auth0's SDKs quote it).
    invalid_otp: 403 "invalid_grant" "Invalid otp_code.";
    /// A wrong code of a text, a call or an e-mail (Auth0's SDKs quote it).
    invalid_binding_code: 403 "invalid_grant" "Invalid binding_code.";
    /// An unknown `oob_code` (Auth0's SDKs quote it).
    malformed_oob_code: 403 "invalid_grant" "Malformed oob_code";
    /// An unknown `mfa_token` (Auth0's SDKs quote it).
    malformed_mfa_token: 403 "invalid_grant" "Malformed mfa_token";
    /// An expired `mfa_token` (Auth0's SDKs quote it). In 2020 it was `invalid_grant`, "mfa token expired"
    /// (thread 44384).
    expired_mfa_token: 401 "expired_token" "mfa_token is expired";
    /// An expired `oob_code` (Auth0's SDKs quote it).
    expired_oob_code: 401 "expired_token" "oob_code is expired";
    /// An access token for `https://CUSTOM_DOMAIN/mfa/` (thread 44384).
    invalid_audience: 403 "invalid_grant" "invalid audience";
    /// A push notification without an answer yet (recorded traffic).
    authorization_pending: 400 "authorization_pending"
        "Authorization pending: please repeat the request in a few seconds.";
    /// Too many exchanges of an `oob_code` (Auth0, Push). No source for the status.
    slow_down: 400 "slow_down" "You are polling faster than allowed.";
    /// A denied push notification (recorded traffic). Auth0, Push has 403 `invalid_grant`.
    push_denied: 400 "access_denied" "MFA Authorization rejected.";
    /// A wrong recovery code (Auth0's SDKs quote it).
    wrong_recovery_code: 403 "invalid_grant" "MFA Authorization rejected.";
    /// An app's code for a person without an app (Auth0's SDKs quote it).
    not_enrolled: 401 "unsupported_challenge_type"
        "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.";
    /// A recovery code for a person without one (Auth0's SDKs quote it).
    no_recovery_code: 403 "unsupported_challenge_type" "User does not have a recovery-code.";
    /// An `mfa_token` of another client.
    other_client: 400 "invalid_request" "mfa_token not issued to this client";
    /// An `oob_code` of another person.
    other_oob_code: 400 "invalid_request" "The oob_code doesn't match the mfa_token";
    /// Too many wrong codes. Client code quotes the text; the status may be 429.
    too_many_failures: 400 "invalid_request" "Too many failed codes. Wait for some minutes before retrying.";

    /// A challenge for a person without an active authenticator (client code quotes it).
    association_required: 400 "association_required"
        "User does not have any confirmed authenticator associated. You can associate a new authenticator calling /mfa/associate endpoint. If you have one authenticator ready for confirmation, you can confirm it just using it in /oauth/token";
    /// A challenge type for which the person has no active authenticator. No source for the text.
    unsupported_challenge: 400 "unsupported_challenge_type" "User does not have any authenticator of the requested challenge type.";
    /// An unknown challenge type.
    invalid_challenge_type: 400 "invalid_request" "Invalid challenge type";
    /// A challenge for an authenticator that the person does not have (mocks in Auth0's SDKs).
    unknown_authenticator: 404 "authenticator_not_found" "Authenticator not found";

    /// DELETE of an authenticator that the person does not have (mocks in Auth0's SDKs).
    nothing_to_remove: 404 "not_found" "Authenticator not found";
    /// DELETE of the profile's verified e-mail address. No source for the response.
    fixed_email: 400 "invalid_request" "The authenticator cannot be deleted.";
    /// DELETE of a recovery code. No source for the response.
    fixed_recovery_code: 400 "invalid_request" "The authenticator cannot be deleted.";

    /// A wrong client secret (seen live). The API reference has `invalid_client`, "Client authentication failed".
    wrong_client: 401 "access_denied" "Unauthorized";
    /// A code that is unknown, used or expired (recorded traffic).
    invalid_code: 403 "invalid_grant" "Invalid authorization code";
    /// A code verifier that does not match the challenge (RFC 7636 §4.6).
    wrong_verifier: 403 "invalid_grant" "Failed to verify code verifier";
    /// A wrong password at the password grant. The API reference has `invalid_user_password`.
    wrong_password: 403 "invalid_grant" "Wrong email or password.";
    /// The password grant needs a second factor (Auth0, Password grant with MFA).
    mfa_required: 403 "mfa_required" "Multifactor authentication required";
}
