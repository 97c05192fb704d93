//! Puts the files of `static/` into the binary, and names the commit it is built from.

#[path = "build/commit.rs"]
mod commit;

use std::env::var;
use std::path::Path;

fn main() {
    memory_serve::load_directory("./static");
    println!("cargo::rerun-if-env-changed={}", commit::VARIABLE);
    println!("cargo::rustc-env={}={}", commit::VARIABLE, commit());
}

fn commit() -> String {
    let given = var(commit::VARIABLE).ok();
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
