//! Embeds the files of `static/` and the commit id into the binary.

#[path = "build/commit.rs"]
mod commit;

use std::env::var;
use std::path::Path;

/// The commit id, for builds without a repository, as in a container.
const VARIABLE: &str = "MFA_PORTAL_COMMIT";

fn main() {
    memory_serve::load_directory("./static");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rustc-env={VARIABLE}={}", commit());
}

fn commit() -> String {
    let given = var(VARIABLE).ok();
    // Only in release builds, because otherwise each commit would cause a full rebuild.
    if given.is_none() && var("PROFILE").as_deref() != Ok("release") {
        return "a development build".to_owned();
    }
    let named = commit::name(given, Path::new("."));
    // A change in any of these may add or remove the `+`.
    let sources = ["src", "templates", "static", "deploy/npm", "Cargo.toml", "Cargo.lock"].map(str::to_owned);
    named.changes_with.iter().chain(&sources).for_each(|file| println!("cargo::rerun-if-changed={file}"));
    named.commit
}
