//! The audit stream: one line for each security event, an end for each operation, and no secret in any.

pub(crate) mod acts;
mod canaries;
mod events;
mod guide;
mod journal;
pub(crate) mod killed;
mod left;
mod stream;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use emulated_tenant::Tenant;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{World, canary};

/// A file that portals write their audit stream to.
pub(crate) struct Stream {
    directory: TempDir,
    /// The tenants of the portals that write here.
    tenants: Mutex<Vec<Tenant>>,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), tenants: Mutex::default() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("audit.jsonl")
    }

    /// The path as a setting.
    pub(crate) fn setting(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap_or_default()
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<Value> {
        // A line after a torn one begins on a line of its own.
        let text = self.text();
        text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The lines of these events so far.
    pub(crate) fn of(&self, events: &[&str]) -> Vec<Value> {
        self.lines().into_iter().filter(|line| events.iter().any(|event| line["event"] == *event)).collect()
    }

    /// Waits until there are so many lines of these events: a thread of its own writes them.
    pub(crate) async fn wait(&self, events: &[&str], count: usize) -> Vec<Value> {
        for _ in 0..2_500 {
            let found = self.of(events);
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("fewer than {count} of {events:?}:\n{}", self.text())
    }

    /// Waits for the first line of this event.
    pub(crate) async fn first(&self, event: &str) -> Value {
        self.wait(&[event], 1).await.remove(0)
    }

    /// A world whose portal writes here.
    pub(crate) async fn world(&self, flags: &[(&str, &str)]) -> World {
        let world = World::with(&[&[("audit-log", self.setting().as_str())], flags].concat()).await;
        self.tenants.lock().unwrap().push(world.tenant.clone());
        world
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        for tenant in self.tenants.lock().unwrap().iter() {
            canary::check_written(tenant, "the audit stream", self.text().as_bytes());
        }
    }
}

/// The end of a line: outcome and reason.
pub(crate) fn end(line: &Value) -> (&str, Option<&str>) {
    (line["outcome"].as_str().unwrap(), line["reason"].as_str())
}
