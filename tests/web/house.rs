//! The order of the house: a file uses only rooms on floors below its own. CONTRIBUTING.md shows the same floors.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/` from the bottom to the top. Rooms on one floor do not use each other.
const FLOORS: [&[&str]; 18] = [
    &[
        "clock",
        "deadline",
        "factor",
        "fair_queue",
        "hold",
        "i18n",
        "metrics",
        "one_at_a_time",
        "random",
        "secret",
        "spans",
    ],
    &["store", "tenant"],
    &["config"],
    &["assets", "log"],
    &["audit", "outbox"],
    &["error", "portal"],
    &["mfa"],
    &["web::request"],
    &["web::layout"],
    &["web::extract"],
    &["web::layers"],
    &["web::pages"],
    &["web::routes"],
    &["web"],
    &["notify"],
    &["check", "health", "server"],
    &["lib"],
    &["main"],
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A source file below `src/`: its module path, and its text without comments.
struct Source {
    module: Vec<String>,
    text: String,
}

impl Source {
    /// Every source file in a folder and below it.
    fn all(folder: &Path, module: &[String]) -> Vec<Self> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_stem().unwrap().to_string_lossy().into_owned();
            let own = if name == "mod" { module.to_vec() } else { [module, &[name]].concat() };
            if entry.is_dir() {
                found.extend(Self::all(&entry, &own));
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                found
                    .push(Self { module: own, text: without_comments(&fs::read_to_string(&entry).unwrap()) });
            }
        }
        found
    }

    fn room(&self) -> String {
        room(&self.module)
    }

    /// The module paths that the file names from the crate's root or relative to itself.
    fn used(&self) -> Vec<Vec<String>> {
        let mut used: Vec<Vec<String>> = starts(&self.text, "crate::").map(names).collect();
        for rest in starts(&self.text, "super::") {
            let mut parent = self.module[..self.module.len() - 1].to_vec();
            let mut rest = rest;
            while let Some(further) = rest.strip_prefix("super::") {
                parent.pop();
                rest = further;
            }
            used.push([parent, names(rest)].concat());
        }
        used
    }
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The text after each whole `beginning`. A repeated `super::` counts once.
fn starts<'a>(text: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(beginning).filter_map(move |(at, _)| {
        let before = text[..at].chars().next_back();
        let whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        whole.then(|| &text[at + beginning.len()..])
    })
}

/// The leading module names of `one::two::Three`. A group in braces has no single room, so its brace stays a name.
fn names(path: &str) -> Vec<String> {
    let end = path.find(|c: char| !c.is_alphanumeric() && !"_:{".contains(c)).unwrap_or(path.len());
    path[..end].split("::").map(ToOwned::to_owned).collect()
}

/// The room of a module path: its first name, or its first two below `web`.
fn room(path: &[String]) -> String {
    match path {
        [web, floor, ..] if web == "web" && floor.starts_with(char::is_lowercase) => format!("web::{floor}"),
        [first, ..] => first.clone(),
        [] => "lib".to_owned(),
    }
}

fn floor(room: &str) -> usize {
    FLOORS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("«{room}» has no floor"))
}

#[test]
fn a_file_uses_only_rooms_below_its_own() {
    let sources = Source::all(&root().join("src"), &[]);
    assert!(sources.len() > 100);
    let mut wrong = Vec::new();
    for source in sources {
        let own = source.room();
        for path in source.used() {
            let used = room(&path);
            if used != own && floor(&used) >= floor(&own) {
                wrong.push(format!("{} uses {}", source.module.join("::"), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "not below their own floor: {wrong:#?}");
}

#[test]
fn acts_and_the_tenants_client_know_no_http_server() {
    for source in Source::all(&root().join("src"), &[]) {
        if ["mfa", "store", "tenant"].contains(&source.room().as_str()) {
            for library in ["axum", "askama", "tower_sessions"] {
                assert!(!source.text.contains(library), "{} uses {library}", source.module.join("::"));
            }
        }
    }
}

#[test]
fn the_library_is_public_in_few_modules() {
    let lib = without_comments(&fs::read_to_string(root().join("src/lib.rs")).unwrap());
    let public = lib.matches("pub mod ").count();
    assert!(public <= 8, "{public} public modules");
    let entries = fs::read_dir(root().join("src")).unwrap().count();
    assert!(entries <= 30, "{entries} entries directly under src/");
}

#[test]
fn contributing_shows_the_floors() {
    let contributing = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let floors: Vec<String> = FLOORS.iter().rev().map(|rooms| rooms.join(", ")).collect();
    let floors = floors.join("\n");
    assert!(contributing.contains(&floors), "CONTRIBUTING.md shows other floors than\n{floors}");
}

#[test]
fn only_one_file_builds_addresses() {
    let beginnings =
        ["factors", "authenticators", "sign-", "recovery-code", "hand-over", "leave", "callback"];
    let literals: Vec<String> = beginnings.iter().map(|it| format!("\"/{it}")).collect();
    for source in Source::all(&root().join("src"), &[]) {
        let file = source.module.join("::");
        if !source.room().starts_with("web::") || ["web::routes", "web::request::paths"].contains(&&*file) {
            continue;
        }
        for literal in &literals {
            assert!(!source.text.contains(literal.as_str()), "{file} holds {literal}");
        }
    }
}
