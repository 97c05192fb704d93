//! How many connections the process may have: as many as its limit of open files allows.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// People behind one proxy need a few hundred. A thousand slow clients still leave as many places again.
const CONNECTIONS: u64 = 2048;
/// A connection, and the one to the tenant that its page may need.
const FILES_EACH: u64 = 2;
/// The store, the log, the admin listener's connections, and what the system's libraries open for a moment.
const OTHER_FILES: u64 = 256;

/// How many connections the page listener has places for. The soft limit of open files, which many systems set to 1,024
/// for the sake of old programs, is raised as far as needed and allowed.
pub(super) fn connections() -> usize {
    let wanted = CONNECTIONS * FILES_EACH + OTHER_FILES;
    let allowed = raised_to(wanted);
    let connections = (allowed.saturating_sub(OTHER_FILES) / FILES_EACH).clamp(1, CONNECTIONS);
    if connections < CONNECTIONS {
        tracing::warn!(
            "at most {connections} connections at a time, for no more than {allowed} files may be open; \
             let it be {wanted} (LimitNOFILE, ulimit -n)"
        );
    }
    usize::try_from(connections).unwrap_or(usize::MAX)
}

fn raised_to(wanted: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (current, maximum) = (current.unwrap_or(u64::MAX), maximum.unwrap_or(u64::MAX));
    let new = wanted.min(maximum);
    if current >= new {
        return current;
    }
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(new), maximum: Some(maximum) });
    raised.map_or(current, |()| new)
}
