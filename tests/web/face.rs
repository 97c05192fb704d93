//! The look: what its tokens promise, how little travels, how it reads from right to left, and the page that shows it all.

mod contrast;
mod direction;
mod gallery;
mod tokens;
mod weight;

use std::fs;
use std::path::Path;

/// Our stylesheet without its comments.
fn stylesheet() -> String {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/app.css")).unwrap();
    text.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, after)| after)).collect()
}

/// The tokens and their values, as the stylesheet's first layer has them.
fn tokens() -> Vec<(String, String)> {
    let css = stylesheet();
    let (_, layer) = css.split_once("@layer tokens {").unwrap();
    let (layer, _) = layer.split_once("@layer base {").unwrap();
    let lines = layer.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.trim().trim_end_matches(';').to_owned())).collect()
}
