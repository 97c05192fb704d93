//! Requests for the same thing: one goes on, and a few wait for it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use tokio::sync::{Mutex, MutexGuard};

/// The most that are there for one thing. A person presses a button twice, or reloads the page.
const MOST: usize = 4;

/// The things that requests are there for. Each process has its own.
pub(crate) struct OneAtATime<K> {
    lines: SyncMutex<HashMap<K, Line>>,
}

impl<K> Default for OneAtATime<K> {
    fn default() -> Self {
        Self { lines: SyncMutex::default() }
    }
}

#[derive(Default)]
struct Line {
    /// How many are there.
    there: usize,
    first: Arc<Mutex<()>>,
}

/// A request that is there. Dropping it lets the next one go on.
pub(crate) struct There<K: Eq + Hash> {
    all: Arc<OneAtATime<K>>,
    thing: K,
    first: Arc<Mutex<()>>,
}

impl<K: Copy + Eq + Hash> OneAtATime<K> {
    /// `None` if too many are there for this thing.
    pub(crate) fn come(self: &Arc<Self>, thing: K) -> Option<There<K>> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(thing).or_default();
        (line.there < MOST).then(|| {
            line.there += 1;
            There { all: self.clone(), thing, first: line.first.clone() }
        })
    }
}

impl<K: Eq + Hash> There<K> {
    /// Waits until those who came before have gone. It is its turn as long as the guard lasts.
    pub(crate) async fn first(&self) -> MutexGuard<'_, ()> {
        self.first.lock().await
    }
}

impl<K: Eq + Hash> Drop for There<K> {
    fn drop(&mut self) {
        let mut lines = self.all.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(line) = lines.get_mut(&self.thing) else { return };
        line.there -= 1;
        if line.there == 0 {
            lines.remove(&self.thing);
        }
    }
}
