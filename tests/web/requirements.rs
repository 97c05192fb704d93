//! docs/requirements.md is whole: every requirement has a test that carries its id, or a reason why it has none.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::docs::file;

const DOCUMENT: &str = "docs/requirements.md";
/// Each letter with the number of its requirements.
const COUNTS: [(char, usize); 17] = [
    ('L', 24),
    ('S', 19),
    ('C', 9),
    ('O', 12),
    ('K', 6),
    ('I', 11),
    ('R', 7),
    ('U', 7),
    ('N', 2),
    ('A', 4),
    ('E', 10),
    ('F', 6),
    ('H', 8),
    ('D', 6),
    ('P', 19),
    ('X', 8),
    ('V', 47),
];
/// Requirements that the portal does not meet yet. Only these may say so.
const NOT_YET: [&str; 0] = [];
/// Where tests are.
const FOLDERS: [&str; 2] = ["tests", "emulated-tenant/tests"];
const ENDINGS: [&str; 3] = [".rs", ".js", "/run"];

/// A row of the document.
struct Row {
    id: String,
    state: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(file(DOCUMENT)).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let columns = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    let of = |columns: Vec<&str>| match columns[..] {
        [id, text, source, state] if is_id(id) => {
            assert!(!text.is_empty() && !source.is_empty(), "{id} has an empty column");
            Some(Row { id: id.to_owned(), state: state.to_owned() })
        }
        ["id", ..] => None,
        _ => panic!("not a row: {columns:?}"),
    };
    columns.filter_map(of).collect()
}

/// Whether the text is an id, such as L-07.
fn is_id(text: &str) -> bool {
    let Some((letter, number)) = text.split_once('-') else { return false };
    COUNTS.iter().any(|(known, _)| letter == known.to_string())
        && number.len() == 2
        && number.bytes().all(|it| it.is_ascii_digit())
}

/// The tests of a row, each as `path::name`.
fn tests(row: &Row) -> Vec<&str> {
    let parts: Vec<&str> = row.state.split("<br>").collect();
    let tests: Vec<&str> = parts.iter().filter_map(|it| it.strip_prefix('`')?.strip_suffix('`')).collect();
    assert!(tests.is_empty() || tests.len() == parts.len(), "{} has tests and words: {}", row.id, row.state);
    tests
}

/// Every file below the folder that may have tests, with its path in the repository.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(file(folder)).unwrap().map(Result::unwrap) {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            if !path.ends_with("/node_modules") {
                found.extend(sources(&path));
            }
        } else if ENDINGS.iter().any(|ending| path.ends_with(ending)) {
            found.push((path.clone(), fs::read_to_string(file(&path)).unwrap()));
        }
    }
    found
}

fn all_sources() -> Vec<(String, String)> {
    FOLDERS.iter().flat_map(|folder| sources(folder)).filter(|(path, _)| !path.ends_with(file!())).collect()
}

/// The ids in a comment that consists of ids alone, such as `// L-03, V-02`.
fn ids_of(line: &str) -> Vec<&str> {
    let line = line.trim_start();
    let comment = line.strip_prefix("// ").or_else(|| line.strip_prefix("# ")).unwrap_or_default();
    let ids: Vec<&str> = comment.split(", ").collect();
    if ids.iter().all(|id| is_id(id)) { ids } else { Vec::new() }
}

/// The name of the test that begins in these lines, after its attributes: a function, or a text in quotes.
fn name_of<'a>(lines: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut lines = lines.skip_while(|line| line.trim_start().starts_with("#["));
    let (first, second) = (lines.next()?, lines.next().unwrap_or_default());
    match first.split_once("fn ") {
        Some((_, name)) => name.split('(').next(),
        None => [first, second].into_iter().find_map(|line| {
            let at = line.find(['"', '\''])?;
            line[at + 1..].split(&line[at..=at]).next()
        }),
    }
}

/// Whether the Rust source has a test of this name: a function with a test's attribute, or a promise that a macro makes
/// a test of every engine.
fn is_test(text: &str, name: &str) -> bool {
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else { return false };
    let above = before.rsplit('\n').skip(1).map(str::trim_start);
    let mut above = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    above.any(|line| line.contains("test]") || line.contains("test("))
        || text.contains(&format!("    {name},\n"))
}

fn is_quoted(text: &str, name: &str) -> bool {
    ['"', '\''].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
}

/// Every test that carries an id, as the id and `path::name`.
fn carried() -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for (path, text) in all_sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            for id in ids_of(line) {
                let name = name_of(lines[at + 1..].iter().copied());
                let name = name.unwrap_or_else(|| panic!("{path}: no test follows {line}"));
                pairs.insert((id.to_owned(), format!("{path}::{name}")));
            }
        }
    }
    pairs
}

#[test]
fn every_requirement_is_in_the_document_once_and_in_order() {
    let ids: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    let of = |(letter, count): (char, usize)| (1..=count).map(move |number| format!("{letter}-{number:02}"));
    assert_eq!(ids, COUNTS.into_iter().flat_map(of).collect::<Vec<_>>());
}

#[test]
fn each_requirement_has_tests_or_a_reason() {
    let mut unmet = Vec::new();
    for row in rows() {
        if row.state == "Not yet." {
            unmet.push(row.id);
        } else if tests(&row).is_empty() {
            let reason = row.state.strip_prefix("No test: ").filter(|reason| reason.ends_with('.'));
            assert!(reason.is_some_and(|it| !it.contains('`')), "{}: {}", row.id, row.state);
        }
    }
    assert_eq!(unmet, NOT_YET, "which requirements are not met yet");
}

#[test]
fn every_test_named_by_a_requirement_exists() {
    let sources = all_sources();
    for row in rows() {
        for test in tests(&row) {
            let (path, name) = test.split_once("::").unwrap();
            let text = sources.iter().find(|(other, _)| other == path).map(|(_, text)| text);
            let text = text.unwrap_or_else(|| panic!("{}: there is no {path}", row.id));
            let exists = if Path::new(path).extension().is_some_and(|ending| ending == "rs") {
                is_test(text, name)
            } else {
                is_quoted(text, name)
            };
            assert!(exists, "{}: {path} has no test {name}", row.id);
        }
    }
}

#[test]
fn tests_carry_the_ids_of_their_requirements_and_no_others() {
    let named: BTreeSet<(String, String)> = rows()
        .iter()
        .flat_map(|row| tests(row).into_iter().map(|test| (row.id.clone(), test.to_owned())))
        .collect();
    let carried = carried();
    let missing: Vec<_> = named.difference(&carried).collect();
    assert!(missing.is_empty(), "the document names these tests, which do not carry the id: {missing:#?}");
    let unknown: Vec<_> = carried.difference(&named).collect();
    assert!(unknown.is_empty(), "these tests carry an id whose row does not name them: {unknown:#?}");
}

#[test]
fn ids_stand_in_a_line_of_their_own() {
    for (path, text) in all_sources() {
        for line in text.lines().filter(|line| ids_of(line).is_empty()) {
            let mut words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
            assert!(!words.any(is_id), "{path}: an id among other words: {line}");
        }
    }
}
