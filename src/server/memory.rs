//! Keeps the memory of the process, which holds tokens and keys, from disks and from other processes.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Turns core dumps off and, on Linux, lets only root look into the process. A system that refuses either is named in
/// the log, because the portal can serve without.
pub(super) fn protect() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dump limit not set");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        tracing::warn!(%error, "process memory not protected from other processes");
    }
}
