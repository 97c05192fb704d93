//! The journal, in which tests find every request to an API endpoint and its response.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

/// Keeps a load test from filling the memory.
const CAPACITY: usize = 10_000;

/// A request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The method, such as `POST`.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// When the request arrived.
    pub at: OffsetDateTime,
    /// The `sub` of the token that the request carried.
    pub sub: Option<String>,
    /// The `X-Auth0-RequestId` of the response.
    pub request_id: String,
    /// The status of the response; `None` before it exists, or if a fault dropped it.
    pub status: Option<u16>,
    /// The body of the response; empty if it is streamed.
    pub response: String,
}

impl Exchange {
    /// A header of the request.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, &name.to_ascii_lowercase())
    }

    /// A parameter of the query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
}

/// A handle to the journal; clones read the same one.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<VecDeque<Exchange>>>);

impl Journal {
    /// The last 10,000 exchanges, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Exchange> {
        self.entries().iter().cloned().collect()
    }

    /// The number of requests with this method and exactly this path.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.entries().iter().filter(|entry| entry.method == method && entry.path == path).count()
    }

    /// The last request with this method and exactly this path.
    #[must_use]
    pub fn last(&self, method: &str, path: &str) -> Option<Exchange> {
        self.entries().iter().rev().find(|entry| entry.method == method && entry.path == path).cloned()
    }

    /// Removes every exchange.
    pub fn clear(&self) {
        self.entries().clear();
    }

    /// Records a request before it is processed, so that requests without a response are recorded too.
    pub(crate) fn begin(&self, exchange: Exchange) {
        let mut entries = self.entries();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(exchange);
    }

    pub(crate) fn finish(&self, request_id: &str, status: u16, response: String) {
        if let Some(entry) = self.entries().iter_mut().rev().find(|entry| entry.request_id == request_id) {
            entry.status = Some(status);
            entry.response = response;
        }
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
