//! Waiting for the phone: pages that refresh themselves, or ask in the background when scripts run.

use std::convert::Infallible;

use axum::extract::OptionalFromRequestParts;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::mfa::approval::PollResult;
use crate::portal::App;

/// A poll by our script (RFC 7240 §4.2, `Prefer: return=minimal`). It only asks whether to go on waiting, draws no page
/// and uses up no notice.
pub(crate) struct BackgroundPoll;

impl OptionalFromRequestParts<App> for BackgroundPoll {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Option<Self>, Infallible> {
        let minimal = parts.headers.get("prefer").is_some_and(|wish| wish == "return=minimal");
        Ok(minimal.then_some(Self))
    }
}

impl BackgroundPoll {
    /// 204 and when to poll again, or 205 because the page has changed.
    pub(crate) fn answer(polled: PollResult) -> Response {
        match polled {
            PollResult::Waiting(pause) => {
                (StatusCode::NO_CONTENT, [(RETRY_AFTER, pause.whole_seconds().to_string())]).into_response()
            }
            PollResult::Approved | PollResult::Ended(_) => StatusCode::RESET_CONTENT.into_response(),
        }
    }
}

/// The query after a press of "I have approved": without an answer the page says that it has looked.
#[derive(Deserialize)]
pub(crate) struct PressedCheck {
    looked: Option<String>,
}

impl PressedCheck {
    pub(crate) fn was_pressed(&self) -> bool {
        self.looked.is_some()
    }
}
