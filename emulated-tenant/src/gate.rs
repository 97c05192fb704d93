//! A gate on a request's way: a test sees that somebody stands there, and opens it when it likes.

use std::sync::Arc;

use tokio::sync::watch::{Receiver, Sender, channel};

/// A gate, closed at first. Clones are the same gate; once open it stays so.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Posts>);

#[derive(Debug)]
struct Posts {
    reached: Sender<bool>,
    open: Sender<bool>,
    left: Sender<bool>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        let post = || channel(false).0;
        Self(Arc::new(Posts { reached: post(), open: post(), left: post() }))
    }

    /// Waits until a request stands at the gate.
    pub async fn reached(&self) {
        passed(self.0.reached.subscribe()).await;
    }

    /// Lets through whoever stands there or comes later.
    pub fn open(&self) {
        self.0.open.send_replace(true);
    }

    /// Waits until a request that was let through has been worked on.
    pub async fn left(&self) {
        passed(self.0.left.subscribe()).await;
    }

    /// Stands at the gate until it is open.
    pub(crate) async fn pass(&self) {
        self.0.reached.send_replace(true);
        passed(self.0.open.subscribe()).await;
    }

    /// The work behind the gate is done.
    pub(crate) fn leave(&self) {
        self.0.left.send_replace(true);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

async fn passed(mut post: Receiver<bool>) {
    // The gate holds every sender, so that nothing can fail.
    let _ = post.wait_for(|passed| *passed).await;
}
