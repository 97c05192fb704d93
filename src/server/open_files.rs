//! How many connections the process can hold: as many as its open file limit allows.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// People behind one proxy need a few hundred, so a thousand slow clients leave as many slots again.
const CONNECTIONS: u64 = 2048;
/// A connection, and the one to the tenant that its page may need.
const FILES_EACH: u64 = 2;
/// The store, the log, the admin listener's connections, and what system libraries open for a moment.
const OTHER_FILES: u64 = 256;

/// The page listener's connection slots. Raises the soft limit of open files as far as needed and allowed, because many
/// systems set it to 1,024 for the sake of old programs.
pub(super) fn max_connections() -> usize {
    let recommended = CONNECTIONS * FILES_EACH + OTHER_FILES;
    let limit = raise_limit(recommended);
    let connections = (limit.saturating_sub(OTHER_FILES) / FILES_EACH).clamp(1, CONNECTIONS);
    if connections < CONNECTIONS {
        tracing::warn!(
            connection_slots = connections,
            open_file_limit = limit,
            recommended,
            "connection slots reduced by the open file limit, raise it (LimitNOFILE, ulimit -n)"
        );
    }
    usize::try_from(connections).unwrap_or(usize::MAX)
}

/// Raises the soft limit to `wanted` where the hard limit allows it; returns the soft limit from then on.
fn raise_limit(wanted: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (current, maximum) = (current.unwrap_or(u64::MAX), maximum.unwrap_or(u64::MAX));
    let new = wanted.min(maximum);
    if current >= new {
        return current;
    }
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(new), maximum: Some(maximum) });
    raised.map_or(current, |()| new)
}
