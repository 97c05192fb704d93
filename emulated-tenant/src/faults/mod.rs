//! Faults that tests inject: wrong responses, late responses, no responses.

pub(crate) mod apply;
mod big_body;
pub(crate) mod gate;
mod slow_body;
mod truncated_body;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use gate::Gate;

/// A way in which a request or its response goes wrong.
#[derive(Clone, Debug)]
pub enum FaultKind {
    /// This response instead of the real one; the request is not processed.
    Status {
        /// The HTTP status.
        status: u16,
        /// Headers besides the content type.
        headers: Vec<(String, String)>,
        /// The content type.
        content_type: String,
        /// The body.
        body: String,
    },
    /// The real response, delayed by the system's clock.
    Delay(Duration),
    /// No response, with the connection left open; the request is not processed.
    Hang,
    /// The connection closed without a response; the request is not processed.
    Drop,
    /// The connection reset (RST) without a response; the request is not processed.
    Reset,
    /// The request processed, and the connection closed without a response.
    DropAfter,
    /// The request held at the gate; it is processed when the gate opens, even if the caller has gone.
    HoldRequest(Gate),
    /// The request processed, and the response held at the gate.
    HoldResponse(Gate),
    /// The real response, one byte at a time with this pause before each.
    SlowDrip(Duration),
    /// The first half of the real response.
    Truncated,
    /// The real response with unknown fields added to every JSON object.
    UnknownFields,
    /// The real response with another content type.
    ContentType(String),
    /// 200 and a JSON string of that many bytes, without a Content-Length; the request is not processed.
    BigBody(usize),
    /// 200 and a JSON string of that many bytes, gzipped even if the caller does not accept gzip; the request is not
    /// processed.
    GzipBomb(usize),
    /// The real response; afterwards every connection is refused.
    Vanish,
}

impl FaultKind {
    /// A JSON response.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        let content_type = "application/json; charset=utf-8".to_owned();
        Self::Status { status, headers: Vec::new(), content_type, body: body.to_owned() }
    }

    /// An HTML response, as a gateway sends.
    #[must_use]
    pub fn html(status: u16, body: &str) -> Self {
        let content_type = "text/html; charset=utf-8".to_owned();
        Self::Status { status, headers: Vec::new(), content_type, body: body.to_owned() }
    }
}

/// A fault at one endpoint.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method, or `*` for any.
    pub method: String,
    /// The beginning of the path.
    pub path: String,
    /// How it goes wrong.
    pub kind: FaultKind,
    /// How many requests it still affects; `None` for all until it is cleared.
    pub times: Option<u32>,
}

impl Fault {
    /// A fault at every request with this method, or `*`, and a path that begins with `path`.
    #[must_use]
    pub fn new(method: &str, path: &str, kind: FaultKind) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), kind, times: None }
    }

    /// Limits the fault to the next `times` requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        (self.method == "*" || self.method == method) && path.starts_with(&self.path) && self.times != Some(0)
    }
}

/// A handle to the faults; clones share them.
#[derive(Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Default)]
struct Inner {
    entries: Mutex<Vec<Fault>>,
    big_body_bytes_sent: Arc<AtomicUsize>,
    vanished: watch::Sender<bool>,
}

impl Faults {
    /// Injects a fault. If several match a request, the one injected first applies.
    pub fn inject(&self, fault: Fault) {
        if let FaultKind::GzipBomb(bytes) = fault.kind {
            // Compression takes longer than some callers wait, and it would stop every task of its thread meanwhile.
            let _ = apply::gzip_bomb(bytes);
        }
        self.entries().push(fault);
    }

    /// Removes every fault; a tenant that has vanished stays away.
    pub fn clear(&self) {
        self.entries().clear();
    }

    /// The number of bytes of [`FaultKind::BigBody`] sent so far, including those in the system's buffers.
    #[must_use]
    pub fn big_body_bytes_sent(&self) -> usize {
        self.0.big_body_bytes_sent.load(Ordering::SeqCst)
    }

    pub(crate) fn big_body_counter(&self) -> Arc<AtomicUsize> {
        self.0.big_body_bytes_sent.clone()
    }

    pub(crate) fn vanish(&self) {
        self.0.vanished.send_replace(true);
    }

    pub(crate) fn vanishing(&self) -> watch::Receiver<bool> {
        self.0.vanished.subscribe()
    }

    /// The fault that applies to this request, if any.
    pub(crate) fn next(&self, method: &str, path: &str) -> Option<FaultKind> {
        let mut entries = self.entries();
        let fault = entries.iter_mut().find(|fault| fault.matches(method, path))?;
        fault.times = fault.times.map(|times| times.saturating_sub(1));
        Some(fault.kind.clone())
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
