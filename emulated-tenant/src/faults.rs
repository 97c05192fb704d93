//! Faults that a test injects: wrong answers, late answers, no answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::gate::Gate;

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum FaultKind {
    /// This answer instead of the real one; nothing is done.
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
    /// The real answer, so much later, by this machine's time.
    Delay(Duration),
    /// No answer, with the connection left open; nothing is done.
    Hang,
    /// The connection closed without an answer; nothing is done.
    Drop,
    /// The connection reset (RST) without an answer; nothing is done.
    Reset,
    /// The work done, and the connection closed without an answer.
    DropAfter,
    /// The request kept at the gate; it is worked on and answered once that is open, even if the caller has gone.
    HoldRequest(Gate),
    /// The work done, and the answer kept at the gate.
    HoldAnswer(Gate),
    /// The real answer, one byte at a time with this pause before each.
    SlowDrip(Duration),
    /// The real answer, of which only the first half arrives.
    Truncated,
    /// The real answer with fields that nobody knows, wherever there are fields.
    UnknownFields,
    /// The real answer under another content type.
    Labelled(String),
    /// 200 and a JSON text of so many bytes, which names no length; nothing is done.
    BigBody(usize),
    /// 200 and a JSON text of so many bytes in a small gzip, whether or not the caller takes that; nothing is done.
    GzipBomb(usize),
    /// The real answer, and from then on every connection is refused.
    Vanish,
}

impl FaultKind {
    /// A JSON answer.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        let content_type = "application/json; charset=utf-8".to_owned();
        Self::Status { status, headers: Vec::new(), content_type, body: body.to_owned() }
    }

    /// An HTML answer, as gateways give.
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
    /// What the path begins with.
    pub path: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How often; `None` until it is cleared.
    pub times: Option<u32>,
}

impl Fault {
    /// A fault at every request with this method and a path that begins so.
    #[must_use]
    pub fn new(method: &str, path: &str, kind: FaultKind) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), kind, times: None }
    }

    /// At the next so many requests only.
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
    poured: Arc<AtomicUsize>,
    vanished: watch::Sender<bool>,
}

impl Faults {
    /// Lets something go wrong; the fault injected first is met first.
    pub fn inject(&self, fault: Fault) {
        self.entries().push(fault);
    }

    /// Lets everything go right again.
    pub fn clear(&self) {
        self.entries().clear();
    }

    /// How many bytes of [`FaultKind::BigBody`] were taken so far, those that wait in the machine's buffers included.
    #[must_use]
    pub fn poured(&self) -> usize {
        self.0.poured.load(Ordering::SeqCst)
    }

    pub(crate) fn pouring(&self) -> Arc<AtomicUsize> {
        self.0.poured.clone()
    }

    pub(crate) fn vanish(&self) {
        self.0.vanished.send_replace(true);
    }

    pub(crate) fn vanishing(&self) -> watch::Receiver<bool> {
        self.0.vanished.subscribe()
    }

    /// The fault that this request meets.
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
