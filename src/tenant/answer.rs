//! An answer of the tenant's: read to its end, within limits; and what stands in its headers.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};

use super::{Call, Error, Kind};

/// No answer of Auth0 comes near it; more would only fill our memory.
const MAX_BODY: usize = 256 * 1024;

/// Any answer, read to its end.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A good answer.
pub(super) struct Answer {
    pub(super) call: Call,
    pub(super) request_id: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // Where it is wrong, not what it holds: it may hold a token.
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
        self.failure(Kind::Unintelligible { maybe_done: self.call.changes(), cause: cause.to_owned() })
    }

    pub(super) fn misconfigured(&self, cause: String) -> Error {
        self.failure(Kind::Misconfigured(cause))
    }

    fn failure(&self, kind: Kind) -> Error {
        Error { call: self.call, kind, request_id: self.request_id.clone() }
    }
}

/// Reads an answer to its end, until this instant.
pub(super) async fn read(call: Call, mut response: Response, ends: Instant) -> Result<Received, Error> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let in_time = timeout_at(ends, body(call, response)).await;
    match in_time.unwrap_or_else(|_| Err(late(call.changes(), "the answer did not come whole in time"))) {
        Ok(body) => Ok(Received { status, headers, body }),
        // What a refusal means stands in its status; the text only says more.
        Err(_) if !status.is_success() => Ok(Received { status, headers, body: Vec::new() }),
        Err(kind) => Err(Error { call, kind, request_id: request_id(&headers) }),
    }
}

async fn body(call: Call, mut response: Response) -> Result<Vec<u8>, Kind> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(call, &error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            let cause = format!("more than {MAX_BODY} bytes");
            return Err(Kind::Unintelligible { maybe_done: call.changes(), cause });
        }
    }
    Ok(body)
}

pub(super) fn late(maybe_done: bool, cause: &str) -> Kind {
    Kind::Unreachable { maybe_done, timed_out: true, retry_at: None, cause: cause.to_owned() }
}

/// What Auth0's support asks for.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    header(headers, "x-auth0-requestid").map(|id| id.chars().take(64).collect())
}

pub(super) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
}

/// reqwest's own text would name the address; its kind and source say enough.
pub(super) fn unreachable(call: Call, error: &reqwest::Error) -> Kind {
    let mut cause =
        if error.is_connect() { "cannot connect".to_owned() } else { "the connection broke".to_owned() };
    let mut source = error.source();
    while let Some(inner) = source {
        cause = format!("{cause}: {inner}");
        source = inner.source();
    }
    let maybe_done = call.changes() && !error.is_connect();
    Kind::Unreachable { maybe_done, timed_out: false, retry_at: None, cause }
}

/// `Retry-After` in seconds, or Auth0's `x-ratelimit-reset` in Unix seconds.
pub(super) fn retry_at(headers: &HeaderMap, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    let reset = headers.get("x-ratelimit-reset").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let spent = headers.get("x-ratelimit-remaining").is_none_or(|left| left == "0");
    after
        .map(|seconds| now + Duration::from_secs(seconds.into()))
        .or_else(|| OffsetDateTime::from_unix_timestamp(reset.filter(|_| spent)?).ok())
        .filter(|at| *at > now)
}
