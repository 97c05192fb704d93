//! The floors of the emulated tenant's source code, as the map in `lib.rs` lists them.

use std::fs;
use std::path::Path;

/// From the bottom up; a file uses only its own group and lower floors.
const FLOORS: [&str; 8] = ["wire", "faults", "world", "endpoints", "server", "devices", "tenant", "mail"];

fn floor(group: &str) -> usize {
    FLOORS.iter().position(|one| *one == group).unwrap_or_else(|| panic!("{group} is on no floor"))
}

fn check(path: &Path, group: &str) {
    let text = fs::read_to_string(path).unwrap();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, prefix) in line.match_indices("crate::") {
            let rest = &line[at + prefix.len()..];
            let used: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            assert!(floor(&used) <= floor(group), "{} uses {used}, which is above {group}", path.display());
        }
    }
}

fn check_folder(folder: &Path, group: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { check_folder(&path, group) } else { check(&path, group) }
    }
}

#[test]
fn source_files_use_only_their_own_floor_and_lower_ones() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        match name {
            "lib" | "main" => {}
            group if path.is_dir() => check_folder(&path, group),
            group => check(&path, group),
        }
    }
}
