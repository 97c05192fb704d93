//! Reads a response to its end, within limits of time and size, and what its headers say.

use std::error::Error as _;
use std::time::Duration as StdDuration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::{Call, Counted, Error, Failure};
use crate::deadline::Answered;

/// Auth0's responses are far smaller. A longer one would only fill our memory.
const MAX_BODY: usize = 256 * 1024;
/// Bytes above which responses take turns, because the connection's buffers grow with what is read.
const ORDINARY_BODY: usize = 32 * 1024;
/// Responses above [`ORDINARY_BODY`] that are read at once in the whole process.
static LONG_BODIES: Semaphore = Semaphore::const_new(4);

/// A response of any status, read to its end.
#[allow(missing_docs, reason = "the names say it")]
pub struct RawAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A successful response (2xx).
pub struct Answer {
    pub(super) call: Call,
    pub(super) request_id: Option<String>,
    pub(super) body: Vec<u8>,
    /// `None` for an answer that no call of ours brought.
    pub(super) counted: Option<Counted>,
}

impl Answer {
    pub(super) fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        // serde's own text may quote the body, which may hold a token.
        serde_json::from_slice(&self.body).map_err(|error| {
            self.unintelligible(&format!(
                "{:?} error at line {} column {}",
                error.classify(),
                error.line(),
                error.column()
            ))
        })
    }

    pub(super) fn unintelligible(&self, cause: &str) -> Error {
        let maybe_done = self.call.has_side_effect();
        self.failure(Failure::Unintelligible { maybe_done, cause: cause.to_owned() })
    }

    pub(super) fn misconfigured(&self, cause: String) -> Error {
        self.failure(Failure::Misconfigured(cause))
    }

    fn failure(&self, kind: Failure) -> Error {
        let error = Error { call: self.call, kind, request_id: self.request_id.clone(), is_logged: false };
        if let Some(counted) = &self.counted {
            counted.failed(&error);
        }
        error
    }
}

pub(super) async fn read(call: Call, mut response: Response, deadline: Instant) -> Result<RawAnswer, Error> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = timeout_at(deadline, body(call, response)).await;
    match body
        .unwrap_or_else(|_| Err(late(call.has_side_effect(), "the response was cut off by the deadline")))
    {
        Ok(body) => Ok(RawAnswer { status, headers, body }),
        // The status alone tells that it is a refusal, so a body that broke off does not matter.
        Err(_) if !status.is_success() => Ok(RawAnswer { status, headers, body: Vec::new() }),
        Err(kind) => Err(Error { call, kind, request_id: request_id(&headers), is_logged: false }),
    }
}

async fn body(call: Call, mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let mut turn = None;
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(call, &error))? {
        if body.len() + chunk.len() > MAX_BODY {
            let cause = format!("more than {MAX_BODY} bytes");
            return Err(Failure::Unintelligible { maybe_done: call.has_side_effect(), cause });
        }
        body.extend_from_slice(&chunk);
        drop(chunk);
        if turn.is_none() && body.len() > ORDINARY_BODY {
            turn = LONG_BODIES.acquire().await.ok();
        }
    }
    Ok(body)
}

pub(super) fn late(maybe_done: bool, cause: &str) -> Failure {
    Failure::Unreachable { maybe_done, timed_out: true, retry_at: None, cause: cause.to_owned() }
}

/// The answer for the audit stream.
pub(super) fn noted(call: Call, received: Option<&RawAnswer>) -> Answered {
    Answered {
        acts: call.has_side_effect() || matches!(call, Call::Exchange | Call::Confirm),
        request_id: received.and_then(|answer| request_id(&answer.headers)),
        status: received.map(|answer| answer.status.as_u16()),
    }
}

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    header(headers, "x-auth0-requestid").map(|id| id.chars().take(64).collect())
}

pub(super) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
}

/// Names the causes below reqwest's own error, whose text would name the URL.
pub(super) fn unreachable(call: Call, error: &reqwest::Error) -> Failure {
    let mut cause =
        if error.is_connect() { "cannot connect".to_owned() } else { "the connection broke".to_owned() };
    let mut source = error.source();
    while let Some(inner) = source {
        cause = format!("{cause}: {inner}");
        source = inner.source();
    }
    let maybe_done = call.has_side_effect() && !error.is_connect();
    Failure::Unreachable { maybe_done, timed_out: false, retry_at: None, cause }
}

/// When to try again: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), or `x-ratelimit-reset` in Unix seconds
/// (Auth0, Rate Limit Policy), which also comes while requests are left.
pub(super) fn retry_at(headers: &HeaderMap, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let number = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let is_spent = headers.get("x-ratelimit-remaining").is_none_or(|left| left == "0");
    number(RETRY_AFTER.as_str())
        .and_then(|seconds| u32::try_from(seconds).ok())
        .map(|seconds| now + StdDuration::from_secs(seconds.into()))
        .or_else(|| {
            let date = headers.get(RETRY_AFTER)?.to_str().ok()?;
            httpdate::parse_http_date(date).ok().map(OffsetDateTime::from)
        })
        .or_else(|| {
            OffsetDateTime::from_unix_timestamp(number("x-ratelimit-reset").filter(|_| is_spent)?).ok()
        })
        .filter(|at| *at > now)
}
