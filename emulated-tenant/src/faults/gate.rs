//! A gate that holds a request until a test opens it.

use std::sync::Arc;

use tokio::sync::watch::{Receiver, Sender, channel};

/// A gate, closed at first. Clones share it; once open it stays open.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Signals>);

#[derive(Debug)]
struct Signals {
    reached: Sender<bool>,
    open: Sender<bool>,
    left: Sender<bool>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        let signal = || channel(false).0;
        Self(Arc::new(Signals { reached: signal(), open: signal(), left: signal() }))
    }

    /// Waits until a request has reached the gate.
    pub async fn reached(&self) {
        raised(self.0.reached.subscribe()).await;
    }

    /// Opens the gate for the waiting requests and for later ones.
    pub fn open(&self) {
        self.0.open.send_replace(true);
    }

    /// Waits until a request has passed the gate and was processed.
    pub async fn left(&self) {
        raised(self.0.left.subscribe()).await;
    }

    /// Waits until the gate is open.
    pub(crate) async fn pass(&self) {
        self.0.reached.send_replace(true);
        raised(self.0.open.subscribe()).await;
    }

    /// Reports that the request was processed.
    pub(crate) fn leave(&self) {
        self.0.left.send_replace(true);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

async fn raised(mut signal: Receiver<bool>) {
    // The gate holds every sender, so this cannot fail.
    let _ = signal.wait_for(|raised| *raised).await;
}
