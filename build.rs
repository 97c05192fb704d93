//! Puts the files of `static/` into the binary, and names the commit it is built from.

#[path = "build/commit.rs"]
mod commit;

use std::env::var;
use std::path::Path;

/// Names the commit where there is no repository to ask, as in a container.
const VARIABLE: &str = "MFA_PORTAL_COMMIT";

fn main() {
    memory_serve::load_directory("./static");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rustc-env={VARIABLE}={}", commit());
}

fn commit() -> String {
    let given = var(VARIABLE).ok();
    // Asked in releases only: otherwise each commit would build everything anew while one works on it.
    if given.is_none() && var("PROFILE").as_deref() != Ok("release") {
        return "a development build".to_owned();
    }
    let named = commit::name(given, Path::new("."));
    // What decides whether there is more than was committed.
    let sources = ["src", "templates", "static", "Cargo.toml", "Cargo.lock"].map(str::to_owned);
    named.changes_with.iter().chain(&sources).for_each(|file| println!("cargo::rerun-if-changed={file}"));
    named.commit
}
