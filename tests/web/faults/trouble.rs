//! The kinds of trouble that a call to the tenant may meet.

use std::time::Duration;

use emulated_tenant::FaultKind;
use time::OffsetDateTime;
use url::Url;

/// A mark in every answer that does not come from Auth0, which no page may show.
pub(super) const UPSTREAM: &str = "words-from-upstream";
/// Bytes of an answer that must never be in memory at once.
pub(super) const LARGE: usize = 50_000_000;
/// Seconds after which the tenant asks to retry.
pub(super) const RETRY_AFTER: i64 = 90;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Refused,
    Hang,
    SlowDrip,
    Reset,
    InternalError,
    BadGateway,
    Busy,
    TooMany,
    Unauthorized,
    Forbidden,
    NotFound,
    Redirect,
    InvalidJson,
    WrongTypes,
    Null,
    UnknownFields,
    Large,
    GzipBomb,
    Truncated,
    WrongContentType,
}

impl Trouble {
    /// The kinds that use up the page's whole time.
    pub(super) const SLOW: [Self; 2] = [Self::Hang, Self::SlowDrip];
    pub(super) const QUICK: [Self; 18] = [
        Self::Refused,
        Self::Reset,
        Self::InternalError,
        Self::BadGateway,
        Self::Busy,
        Self::TooMany,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Redirect,
        Self::InvalidJson,
        Self::WrongTypes,
        Self::Null,
        Self::UnknownFields,
        Self::Large,
        Self::GzipBomb,
        Self::Truncated,
        Self::WrongContentType,
    ];

    /// The fault to inject; `None` if the tenant is to be unreachable.
    pub(super) fn fault(self, now: OffsetDateTime, elsewhere: &Url) -> Option<FaultKind> {
        let html = |status| FaultKind::html(status, &format!("<html><h1>{UPSTREAM}</h1></html>"));
        let reset = now.unix_timestamp() + RETRY_AFTER;
        Some(match self {
            Self::Refused => return None,
            Self::Hang => FaultKind::Hang,
            Self::SlowDrip => FaultKind::SlowDrip(Duration::from_secs(1)),
            Self::Reset => FaultKind::Reset,
            Self::InternalError => html(500),
            Self::BadGateway => html(502),
            Self::Busy => answer_with(503, &[("retry-after", RETRY_AFTER.to_string())]),
            Self::TooMany => answer_with(
                429,
                &[("x-ratelimit-remaining", "0".into()), ("x-ratelimit-reset", reset.to_string())],
            ),
            Self::Unauthorized => html(401),
            Self::Forbidden => html(403),
            Self::NotFound => html(404),
            Self::Redirect => answer_with(302, &[("location", elsewhere.to_string())]),
            Self::InvalidJson => FaultKind::json(200, &format!("{{\"{UPSTREAM}\":")),
            Self::WrongTypes => FaultKind::json(200, &wrong_types()),
            Self::Null => FaultKind::json(200, "null"),
            Self::UnknownFields => FaultKind::UnknownFields,
            Self::Large => FaultKind::BigBody(LARGE),
            Self::GzipBomb => FaultKind::GzipBomb(LARGE),
            Self::Truncated => FaultKind::Truncated,
            Self::WrongContentType => FaultKind::ContentType("text/html; charset=utf-16".to_owned()),
        })
    }
}

fn answer_with(status: u16, headers: &[(&str, String)]) -> FaultKind {
    FaultKind::Status {
        status,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        content_type: "text/html".to_owned(),
        body: UPSTREAM.to_owned(),
    }
}

/// Every field that the portal reads, with a value of the wrong type.
fn wrong_types() -> String {
    serde_json::json!({
        "issuer": 7, "jwks_uri": [], "token_endpoint": {}, "authorization_endpoint": true,
        "keys": UPSTREAM,
        "access_token": 5, "token_type": [], "expires_in": UPSTREAM, "id_token": {},
        "secret": false, "barcode_uri": 1, "oob_code": [UPSTREAM], "recovery_codes": 3,
        "recovery_code": {"code": UPSTREAM},
    })
    .to_string()
}
