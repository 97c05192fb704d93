//! A child process that ends with its handle.

use std::process::{Child, Command};

/// The process. Dropping it kills it.
pub(crate) struct KillOnDrop(pub(crate) Child);

impl KillOnDrop {
    /// Sends a signal, such as TERM.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        signal(name, self.0.id())
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Both fail if the process has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a signal to a process.
pub(crate) fn signal(name: &str, id: u32) -> anyhow::Result<()> {
    let sent = Command::new("kill").args([format!("-{name}"), id.to_string()]).status()?;
    anyhow::ensure!(sent.success(), "no process takes the signal {name}");
    Ok(())
}
