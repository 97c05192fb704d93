//! README's table of limits says what `src/mfa/limits.rs` counts.

use std::fs;

use mfa_portal::internals::limits;
use time::Duration;

use crate::docs::file;

/// The acts that are counted, with their words in README.
const ACTS: [(&str, &str); 12] = [
    ("texts-by", "texts and calls to one person"),
    ("texts-to", "texts and calls to one number"),
    ("mails-by", "e-mails to one person"),
    ("mails-to", "e-mails to one address"),
    ("pushes", "push requests to one person, by trying out"),
    ("tries", "wrong codes of one person"),
    ("starts", "set-ups that one person starts"),
    ("removals", "removals of one person, and beginnings of the steps for a lost or a new phone"),
    ("regenerations", "new recovery codes of one person"),
    (
        "requests",
        "requests of each session that has proved a factor, and of a person's other sessions together",
    ),
    (
        "dead-tokens",
        "look-ups by one process of a session cookie, link or ticket behind which nothing stands",
    ),
    ("requests-in-all", "requests of all of a person's sessions that have proved a factor"),
];
/// Rows of other files: `challenge::cool_down`, `limits::breaker` and `client_ip` test their figures.
const OTHERS: [&str; 3] = [
    "| messages of one person to one number or address | one in 30 seconds |",
    "| texts and calls of the whole portal to new numbers | `MESSAGE_CEILING` an hour |",
    "| steps of a sign-in from one network, where its address is known; of one account in browsers where it has signed in before | 2,000 in ten minutes |",
];

/// A limit as README says it.
fn in_words(most: u64, within: Duration) -> String {
    let every = match within.whole_minutes() {
        1 => "a minute",
        10 => "in ten minutes",
        60 => "an hour",
        1440 => "a day",
        other => panic!("no words for {other} minutes"),
    };
    format!("{most} {every}")
}

//
#[test]
fn the_readme_names_every_limit_as_it_is_counted() {
    let row = |(act, words): &(&str, &str)| {
        let each = limits().filter(|(counted, ..)| counted == act);
        let each: Vec<String> = each.map(|(_, most, within)| in_words(most, within)).collect();
        format!("| {words} | {} |", each.join(", "))
    };
    let mut expected: Vec<String> =
        ACTS.iter().map(row).chain(OTHERS.iter().map(ToString::to_string)).collect();
    let text = fs::read_to_string(file("README.md")).unwrap();
    let (_, section) = text.split_once("\n### Limits\n").unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let mut rows: Vec<&str> = rows.take_while(|line| line.starts_with('|')).collect();
    expected.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, expected);
    let unnamed = limits().find(|(counted, ..)| !ACTS.iter().any(|(act, _)| act == counted));
    assert_eq!(unnamed, None, "a limit without words");
}
