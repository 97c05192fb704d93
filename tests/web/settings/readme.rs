//! README's table of settings: every setting with its default, and nothing else.

use std::collections::BTreeMap;
use std::fs;

use clap::{Arg, Args as _, Command};
use mfa_portal::Settings;

use crate::docs::file;

/// In the table, and read by the log's filter instead of `Settings`.
const NOT_OURS: &str = "RUST_LOG";

fn settings() -> Vec<Arg> {
    Settings::augment_args(Command::new("mfa-portal")).get_arguments().cloned().collect()
}

fn env(setting: &Arg) -> &str {
    setting.get_env().and_then(|name| name.to_str()).unwrap()
}

/// clap's default, else the one at the end of the help text.
fn default(setting: &Arg) -> String {
    let help = setting.get_help().unwrap().to_string();
    let stated = help.rsplit_once('[').and_then(|(_, end)| end.strip_suffix(']'));
    match (setting.get_default_values(), stated) {
        ([value], None) => value.to_str().unwrap().to_owned(),
        ([], None) if setting.is_required_set() || help.ends_with("(required)") => "required".to_owned(),
        ([], Some(stated)) => stated.strip_prefix("default: ").unwrap().to_owned(),
        (values, stated) => panic!("{}: {values:?} and {stated:?}", env(setting)),
    }
}

/// Each name in the table, with the text in the row's last column.
fn table() -> BTreeMap<String, String> {
    let readme = fs::read_to_string(file("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Settings\n").unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let mut table = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let columns: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [names, _, defaults] = columns[..] else { panic!("{row}") };
        for name in names.split(',') {
            let name = name.trim().trim_matches('`').to_owned();
            assert!(table.insert(name, defaults.replace('`', "")).is_none(), "twice: {row}");
        }
    }
    table
}

#[test]
fn the_readme_lists_every_setting_and_no_other() {
    let settings = settings();
    let names: Vec<&str> = settings.iter().map(env).collect();
    let in_a_file = |name: &&str| name.strip_suffix("_FILE").is_some_and(|secret| names.contains(&secret));
    let mut expected: Vec<&str> = names.iter().copied().filter(|name| !in_a_file(name)).collect();
    expected.push(NOT_OURS);
    expected.sort_unstable();
    assert_eq!(table().into_keys().collect::<Vec<_>>(), expected);
}

#[test]
fn the_readme_names_the_default_of_every_setting() {
    let table = table();
    for setting in settings().iter().filter(|setting| table.contains_key(env(setting))) {
        let (name, default) = (env(setting), default(setting));
        assert!(table[name].contains(&default), "{name}: {default:?} is not in {:?}", table[name]);
    }
}

#[test]
fn every_setting_has_a_flag_of_its_name() {
    for setting in settings() {
        let flag = env(&setting).to_lowercase().replace('_', "-");
        assert_eq!(setting.get_long(), Some(flag.as_str()));
    }
}
