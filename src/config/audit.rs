//! AUDIT_LOG and AUDIT_PERSON: where security events are written, and how they name people.

use std::path::PathBuf;

/// The stream of security events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditLog {
    /// Nothing is written.
    Off,
    /// Beside the log.
    Stderr,
    /// Standard output.
    Stdout,
    /// A file, opened anew at SIGHUP.
    File(PathBuf),
}

impl AuditLog {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "off" => Self::Off,
            "stderr" => Self::Stderr,
            "stdout" => Self::Stdout,
            path => Self::File(path.into()),
        }
    }
}

/// How an event names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditPerson {
    /// By a keyed hash of the `sub`.
    Hmac,
    /// By the `sub` itself.
    Sub,
}

impl AuditPerson {
    /// clap accepts no other value.
    pub(super) fn named(name: &str) -> Self {
        if name == "sub" { Self::Sub } else { Self::Hmac }
    }
}
