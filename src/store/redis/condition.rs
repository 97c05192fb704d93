//! The account that Redis gives of itself (INFO): whether it may drop records, and whether they outlive it.

use std::fmt;

/// How Redis keeps what it is given.
pub(crate) struct Condition {
    /// The `maxmemory-policy` that makes it drop records when its memory is full.
    pub(crate) evicts: Option<String>,
    pub(crate) persistence: Persistence,
}

/// Where records are besides in memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Persistence {
    /// Nowhere.
    None,
    /// In a replica, which may not have the last ones.
    Replica,
    /// In a file that is appended to.
    File,
}

impl Condition {
    /// Of several servers, the worst.
    pub(super) fn of(infos: &[String]) -> Self {
        let evicts = infos.iter().filter_map(|info| field(info, "maxmemory_policy"));
        Self {
            evicts: evicts.into_iter().find(|policy| *policy != "noeviction").map(ToOwned::to_owned),
            persistence: infos.iter().map(|info| persistence(info)).min().unwrap_or(Persistence::None),
        }
    }
}

fn persistence(info: &str) -> Persistence {
    match (field(info, "aof_enabled"), field(info, "connected_slaves")) {
        (Some("1"), _) => Persistence::File,
        (_, Some("0") | None) => Persistence::None,
        _ => Persistence::Replica,
    }
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
}

impl fmt::Display for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => {
                "records are in memory alone (no appendonly, no replica): a restart of Redis signs everybody out and loses \
                 recovery codes that were not saved yet, names and dates"
            }
            Self::Replica => {
                "records are also in a replica: a failover may lose those of its last moments, a restart of all servers \
                 loses everything (no appendonly)"
            }
            Self::File => "records outlive a restart of Redis (appendonly)",
        })
    }
}
