//! The part of the benchmark that is the same on every machine: a request allocates no more than what is written down, and
//! a tenth. And a short run of the rest, whose times nobody looks at.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

/// Runs `load`, which finds the other programs beside itself; returns its output.
fn load(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_load")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    said.into_owned()
}

/// `cargo run -p load -- allocations --write` writes new figures down.
#[test]
fn a_request_allocates_hardly_more_than_what_is_written_down() {
    load(&["allocations"]);
}

#[test]
fn the_benchmark_gets_the_pages_that_it_measures() {
    let said = load(&["bench", "--rounds", "1", "--seconds", "0.1", "--only", "`memory:`, 8 "]);
    assert!(said.contains("| qr, `memory:`, 8 connections |"), "{said}");
}
