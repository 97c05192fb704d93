//! The table of refusals: status, `error` and `error_description` of everything the tenant may refuse. Where
//! Auth0's documents leave something open, the likeliest value stands here and a test may change it.

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal in the envelope of OAuth 2.0 (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `error` that programs branch on.
    pub error: Cow<'static, str>,
    /// The `error_description`.
    pub description: Cow<'static, str>,
}

impl Answer {
    /// A refusal from its three parts.
    #[must_use]
    pub fn new(
        status: u16,
        error: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error: error.into(), description: description.into() }
    }

    /// A parameter that the request lacks.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(400, "invalid_request", format!("Missing required parameter: {parameter}"))
    }

    /// A grant that the application was not given.
    pub(crate) fn grant_not_allowed(grant_type: &str) -> Self {
        Self::new(
            403,
            "unauthorized_client",
            format!("Grant type '{grant_type}' not allowed for the client."),
        )
    }

    /// A machine's token for an API that it was not authorized for (seen live in the issues of Auth0's SDKs).
    pub(crate) fn ungranted(audience: &str) -> Self {
        let remedy = "You need to create a \"client-grant\" associated to this API.";
        Self::new(
            403,
            "access_denied",
            format!("Client is not authorized to access \"{audience}\". {remedy}"),
        )
    }

    /// A request that makes no sense.
    pub(crate) fn invalid(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "invalid_request", description)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": self.error, "error_description": self.description });
        (status, Json(body)).into_response()
    }
}

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident: $status:literal $error:literal $description:literal;)*) => {
        /// Every refusal whose shape may be changed while the tenant runs.
        #[derive(Clone, Debug)]
        pub struct Answers {
            $($(#[$doc])* pub $name: Answer,)*
        }

        impl Default for Answers {
            fn default() -> Self {
                Self { $($name: Answer::new($status, $error, $description),)* }
            }
        }
    };
}

answers! {
    /// A Bearer token that is unknown, broken, expired or for something else.
    invalid_token: 401 "invalid_grant" "The mfa_token provided is invalid. Try getting a new token.";
    /// A Bearer token that lacks the scope. No source; inferred.
    insufficient_scope: 403 "insufficient_scope" "Insufficient scope";
    /// An `mfa_token` that would enroll although an active authenticator exists.
    already_enrolled: 403 "access_denied" "User is already enrolled.";
    /// A number that is not E.164. The text is certain, the status is not.
    invalid_phone: 400 "invalid_request" "The phone number is invalid.";
    /// An address that is none. No source; inferred.
    invalid_email: 400 "invalid_request" "The email is invalid.";
    /// More than 10 texts and calls, one more an hour. 400 or 429.
    too_many_sms: 400 "invalid_request" "Too many SMS sent by the user. Wait for some minutes before retrying.";
    /// More than 20 mails, one more a minute. The text is inferred from that for texts.
    too_many_emails: 400 "invalid_request" "Too many emails sent by the user. Wait for some minutes before retrying.";
    /// More than 5 push notifications a minute. The text is inferred.
    too_many_pushes: 400 "invalid_request" "Too many push notifications sent by the user. Wait for some minutes before retrying.";
    /// A factor that the tenant does not enable. No body was ever published.
    factor_disabled: 400 "unsupported_challenge_type" "The authenticator type or channel is not enabled.";
    /// 51 authenticators, active or not. No body was ever published.
    too_many_authenticators: 400 "invalid_request" "The user has reached the maximum number of authenticators.";

    /// A wrong code of an authenticator app.
    invalid_otp: 403 "invalid_grant" "Invalid otp_code.";
    /// A wrong code of a text, a call or a mail.
    invalid_binding_code: 403 "invalid_grant" "Invalid binding_code.";
    /// An `oob_code` that the tenant never made.
    malformed_oob_code: 403 "invalid_grant" "Malformed oob_code";
    /// An `mfa_token` that the tenant never made.
    malformed_mfa_token: 403 "invalid_grant" "Malformed mfa_token";
    /// An `mfa_token` of yesterday: 401 `expired_token`, in 2020 `invalid_grant` with "mfa token expired".
    expired_mfa_token: 401 "expired_token" "mfa_token is expired";
    /// An `oob_code` older than five minutes.
    expired_oob_code: 401 "expired_token" "oob_code is expired";
    /// An access token for `<custom domain>/mfa/`: the last call of seed 001 fails so.
    invalid_audience: 403 "invalid_grant" "invalid audience";
    /// A push notification that nobody has answered yet.
    authorization_pending: 400 "authorization_pending"
        "Authorization pending: please repeat the request in a few seconds.";
    /// More than 12 exchanges of out-of-band codes a minute. The status is a guess.
    slow_down: 400 "slow_down" "You are polling faster than allowed.";
    /// A push notification that was denied: recorded as here, documented as 403 `invalid_grant`.
    push_denied: 400 "access_denied" "MFA Authorization rejected.";
    /// A wrong recovery code.
    wrong_recovery_code: 403 "invalid_grant" "MFA Authorization rejected.";
    /// A code for a person without any authenticator of that kind.
    not_enrolled: 401 "unsupported_challenge_type"
        "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.";
    /// A recovery code from a person who has none.
    no_recovery_code: 403 "unsupported_challenge_type" "User does not have a recovery-code.";
    /// The token belongs to another application.
    other_client: 400 "invalid_request" "mfa_token not issued to this client";
    /// The `oob_code` belongs to another person.
    other_oob_code: 400 "invalid_request" "The oob_code doesn't match the mfa_token";
    /// More than 10 wrong codes, one more try every six minutes. 400 or 429.
    too_many_failures: 400 "invalid_request" "Too many failed codes. Wait for some minutes before retrying.";

    /// A challenge for a person without an active authenticator.
    association_required: 400 "association_required"
        "User does not have any confirmed authenticator associated. You can associate a new authenticator calling /mfa/associate endpoint. If you have one authenticator ready for confirmation, you can confirm it just using it in /oauth/token";
    /// A challenge of a kind that the person has no active authenticator for.
    unsupported_challenge: 400 "unsupported_challenge_type" "User does not have any authenticator of the requested challenge type.";
    /// A challenge type that is none.
    invalid_challenge_type: 400 "invalid_request" "Invalid challenge type";
    /// A challenge for an authenticator that is not the person's. Only seen in mocks.
    unknown_authenticator: 404 "authenticator_not_found" "Authenticator not found";

    /// DELETE of an authenticator that is not there.
    nothing_to_remove: 404 "not_found" "Authenticator not found";
    /// DELETE of the profile's verified e-mail. No body was ever published.
    fixed_email: 400 "invalid_request" "The authenticator cannot be deleted.";
    /// DELETE of a recovery code. No body was ever published.
    fixed_recovery_code: 400 "invalid_request" "The authenticator cannot be deleted.";

    /// A wrong client secret: live as here, in the reference 401 `invalid_client` "Client authentication failed".
    wrong_client: 401 "access_denied" "Unauthorized";
    /// A code that is unknown, used or expired.
    invalid_code: 403 "invalid_grant" "Invalid authorization code";
    /// A verifier that does not fit the challenge (RFC 7636 §4.6).
    wrong_verifier: 403 "invalid_grant" "Failed to verify code verifier";
    /// A wrong password with the password grant.
    wrong_password: 403 "invalid_grant" "Wrong email or password.";
    /// A second factor that the password grant asks for.
    mfa_required: 403 "mfa_required" "Multifactor authentication required";
}
