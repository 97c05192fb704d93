//! The body of an API request, JSON or form; Auth0 accepts both.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::wire::refusals::Refusal;

/// The parameters of an API request.
#[derive(Debug, Default)]
pub(crate) struct Params(Map<String, Value>);

impl Params {
    /// A parameter, unless it is empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A parameter, or the refusal that it is missing.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A list. A single string counts as a list of one, as the FAQ sends it.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::Array(entries)) => entries.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// Parses a body by its content type; `None` if it is invalid JSON.
    pub(crate) fn parse(content_type: &str, body: &[u8]) -> Option<Self> {
        if body.is_empty() {
            return Some(Self::default());
        }
        if content_type.starts_with("application/json") {
            return serde_json::from_slice(body).ok().map(Self);
        }
        let pairs = form_urlencoded::parse(body);
        Some(Self(
            pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect(),
        ))
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let unreadable = || Refusal::invalid("The request body could not be parsed.");
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.map_err(|_| unreadable())?;
        Self::parse(&content_type, &body).ok_or_else(unreadable)
    }
}
