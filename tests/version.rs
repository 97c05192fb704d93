//! `--version` names the version and the commit that it was built from. As the integration test of the portal's own
//! package this file also makes `cargo test` build the binary, which the tests in `tests/web` run.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

#[path = "../build/commit.rs"]
mod commit;

fn git(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
    assert!(command.args(arguments).output().unwrap().status.success(), "{arguments:?}");
}

#[test]
fn the_version_output_names_version_and_commit() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_mfa-portal")).arg("--version").env_clear().output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let built_from = option_env!("MFA_PORTAL_COMMIT").unwrap_or("a development build");
    assert_eq!(
        (output.status.code(), said.trim_end()),
        (Some(0), format!("mfa-portal {} ({built_from})", env!("CARGO_PKG_VERSION")).as_str())
    );
}

#[test]
fn the_checked_out_commit_is_named_with_a_plus_for_local_changes() {
    let directory = tempfile::tempdir().unwrap();
    git(directory.path(), &["init"]);
    std::fs::write(directory.path().join("file"), "one").unwrap();
    git(directory.path(), &["add", "file"]);
    git(directory.path(), &["commit", "-m", "first"]);
    let named = commit::name(None, directory.path());
    assert!(
        named.commit.len() == 12 && named.commit.bytes().all(|it| it.is_ascii_hexdigit()),
        "{}",
        named.commit
    );
    assert_eq!(named.changes_with, [".git/logs/HEAD"]);
    std::fs::write(directory.path().join("file"), "two").unwrap();
    assert_eq!(commit::name(None, directory.path()).commit, format!("{}+", named.commit));
}

#[test]
fn the_commit_without_a_repository_is_the_given_one_or_unknown() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(commit::name(None, directory.path()).commit, "commit unknown");
    assert_eq!(commit::name(Some(String::new()), directory.path()).commit, "commit unknown");
    let given = commit::name(Some("0123456789ab".to_owned()), directory.path());
    assert_eq!((given.commit.as_str(), given.changes_with.len()), ("0123456789ab", 0));
}
