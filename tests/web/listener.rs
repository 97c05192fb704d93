//! The listener: timeouts, size limits, connection slots, request parsing, panics and shutdown.

mod chunks;
mod crowd;
mod log;
mod panics;
mod shutdown;
mod sizes;
mod smuggling;
mod timeouts;

/// Whether to run the long versions (`FULL=1 tests/run`).
fn is_full() -> bool {
    std::env::var_os("FULL").is_some_and(|it| it == "1")
}
