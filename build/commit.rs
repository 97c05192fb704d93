//! Finds the commit that a release is built from.

use std::path::Path;
use std::process::Command;

pub(crate) struct Named {
    /// Twelve hexadecimal digits, followed by `+` if the work tree has uncommitted changes.
    pub(crate) commit: String,
    /// The repository's files that change with the commit.
    pub(crate) changes_with: Vec<String>,
}

/// The given commit, else the one that is checked out, else "commit unknown".
pub(crate) fn name(given: Option<String>, directory: &Path) -> Named {
    if let Some(commit) = given.filter(|commit| !commit.is_empty()) {
        return Named { commit, changes_with: Vec::new() };
    }
    let Some(head) = git(directory, &["rev-parse", "--short=12", "HEAD"]) else {
        return Named { commit: "commit unknown".to_owned(), changes_with: Vec::new() };
    };
    let changed = git(directory, &["status", "--porcelain", "--untracked-files=no"]);
    let mark = if changed.is_some_and(|files| !files.is_empty()) { "+" } else { "" };
    // The reflog grows with every commit and checkout, in a worktree too.
    let log = git(directory, &["rev-parse", "--git-path", "logs/HEAD"]);
    Named { commit: format!("{head}{mark}"), changes_with: log.into_iter().collect() }
}

fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(directory).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    output.status.success().then_some(text)
}
