//! The folder with the company's words (WORDS), read and checked at the start.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use super::{ConfigError, Settings};
use crate::i18n::{Fault, OwnWords};

/// Ours have 40 to 60.
const MAX_KILOBYTES: u64 = 256;

/// The words, and the push app's name in them.
pub(super) fn words(settings: &Settings) -> Result<OwnWords, ConfigError> {
    let words = settings.words.as_deref().map(of_folder).transpose()?.unwrap_or_default();
    Ok(words.naming(settings.push_app_name.trim()))
}

/// The words in the folder: a Fluent file for each language, such as `de.ftl`.
fn of_folder(folder: &Path) -> Result<OwnWords, ConfigError> {
    let unreadable = |error| problem(folder, &format!("cannot be read: {error}."));
    let entries =
        fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
    let mut paths: Vec<_> =
        entries.into_iter().map(|entry| entry.path()).filter(|path| !is_hidden(path)).collect();
    paths.sort();
    let files =
        paths.iter().map(|path| Ok((tag(path)?, read(path)?))).collect::<Result<Vec<_>, ConfigError>>()?;
    if files.is_empty() {
        return Err(problem(folder, "holds no Fluent file, such as en.ftl."));
    }
    OwnWords::of(&files).map_err(|(number, Fault { line, what })| {
        let file = paths.get(number).map_or(folder, |path| path);
        ConfigError::new("WORDS", format!("{}, line {line}: {what}.", file.display()))
    })
}

/// Kubernetes keeps the versions of a mounted folder in hidden ones.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// The language that a file is named after.
fn tag(path: &Path) -> Result<String, ConfigError> {
    let languages = OwnWords::languages();
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if path.extension().is_none_or(|ending| ending != "ftl") {
        return Err(problem(path, "is no Fluent file. The folder holds nothing but files such as en.ftl."));
    }
    if !languages.iter().any(|language| language == stem) {
        let known = languages.join(", ");
        return Err(problem(
            path,
            &format!("is for a language that the portal does not have. It has {known}."),
        ));
    }
    Ok(stem.to_owned())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let limit = MAX_KILOBYTES * 1024;
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_string(&mut text))
        .map_err(|error| problem(path, &format!("cannot be read as UTF-8: {error}.")))?;
    if text.len() as u64 > limit {
        return Err(problem(
            path,
            &format!("is larger than {MAX_KILOBYTES} KB. Keep what differs from ours."),
        ));
    }
    Ok(text)
}

fn problem(path: &Path, problem: &str) -> ConfigError {
    ConfigError::new("WORDS", format!("{} {problem}", path.display()))
}
