//! The documentation: what it tells people to type works.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The first block of this language in a file of the documentation.
pub(crate) fn block(name: &str, language: &str) -> String {
    let text = fs::read_to_string(file(name)).unwrap();
    let (_, block) =
        text.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no {language} in {name}"));
    block.split_once("```").unwrap().0.to_owned()
}
