//! The listener itself: how long it waits, how much it takes, how many it serves, how it ends.

mod crowd;
mod log;
mod panics;
mod patience;
mod sizes;
mod smuggling;
mod stop;

/// Whether the long versions are wanted (`FULL=1 tests/run`).
fn is_full() -> bool {
    std::env::var_os("FULL").is_some_and(|it| it == "1")
}
