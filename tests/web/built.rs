//! A missing or outdated binary is named, with the command that builds it, before a test runs it. What is compiled once
//! has no tests of its own.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::docs::file;
use crate::support::built::{current, portal};

#[test]
fn a_binary_that_is_missing_or_older_than_a_source_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path();
    let of = |name: &str| current(top, name, top);
    let [binary, source] = ["a-program", "a source.rs"].map(|name| top.join(name));
    let problem = |rest: &str| Err(format!("{} is {rest}", binary.display()));
    assert_eq!(of("a-program"), problem("missing"));
    fs::create_dir(top.join("deps")).unwrap();
    fs::write(top.join("deps/a_program-0123.d"), "the output: a\\ source.rs\n\na\\ source.rs:\ngone.rs:\n")
        .unwrap();
    fs::write(&source, "").unwrap();
    fs::write(&binary, "").unwrap();
    assert_eq!(of("a-program"), Ok(binary.clone()));
    later_by_a_second(&source);
    assert_eq!(of("a-program"), problem(&format!("older than {}", source.display())));
}

fn later_by_a_second(file: &Path) {
    let file = fs::File::options().write(true).open(file).unwrap();
    let time = file.metadata().unwrap().modified().unwrap();
    file.set_modified(time + Duration::from_secs(1)).unwrap();
}

#[test]
fn the_binary_under_test_is_what_the_sources_say() {
    assert_eq!(portal().map(|_| ()), Ok(()));
}

#[test]
fn no_source_has_tests_that_its_manifest_leaves_out() {
    let manifest = fs::read_to_string(file("Cargo.toml")).unwrap();
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = [")).unwrap();
    let members = members.split('"').skip(1).step_by(2).map(|member| file(member).join("src"));
    let mut folders: Vec<_> = members.filter(|folder| folder.exists()).collect();
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                read += 1;
                let text = fs::read_to_string(&path).unwrap();
                assert!(!text.contains("#[test]") && !text.contains("::test]"), "{}", path.display());
            }
        }
    }
    assert!(read > 100, "only {read} files");
}
