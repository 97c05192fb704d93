//! The Rust version that Cargo.toml promises (`rust-version`). Clippy's `incompatible_msrv` holds our own code to it,
//! this test the dependencies, and `tests/run` compiles with that version when it is installed.

use std::collections::HashSet;
use std::process::Command;

use serde_json::Value;

/// `cargo metadata` of the workspace and all its dependencies.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--offline",
            "--format-version=1",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `1.89` and `1.89.0` are one version.
fn version(text: &str) -> Vec<u32> {
    let mut parts: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    parts
}

/// The ids of the packages that the release is built from, without dev-dependencies.
fn built_from<'a>(metadata: &'a Value, portal: &'a str) -> HashSet<&'a str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let (mut found, mut next) = (HashSet::new(), vec![portal]);
    while let Some(id) = next.pop() {
        if found.insert(id) {
            let node = nodes.iter().find(|node| node["id"] == id).unwrap();
            let needed = node["deps"].as_array().unwrap().iter().filter(|dependency| {
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev")
            });
            next.extend(needed.map(|dependency| dependency["pkg"].as_str().unwrap()));
        }
    }
    found
}

// D-01
#[test]
fn no_dependency_needs_a_newer_rust_than_promised() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let portal = packages.iter().find(|package| package["name"] == "mfa-portal").unwrap();
    let ours = version(portal["rust_version"].as_str().unwrap());
    let below = built_from(&metadata, portal["id"].as_str().unwrap());
    assert!(below.len() > 100, "only {} packages", below.len());
    let newer = packages.iter().filter(|package| below.contains(package["id"].as_str().unwrap())).filter_map(
        |package| {
            let asked = package["rust_version"].as_str().filter(|asked| version(asked) > ours)?;
            Some(format!("{} asks for {asked}", package["name"]))
        },
    );
    assert_eq!(newer.collect::<Vec<_>>(), Vec::<String>::new());
}
